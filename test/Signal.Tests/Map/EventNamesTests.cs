using Shouldly;
using Signal.Map;
using Xunit;

namespace Signal.Tests.Map;

public class EventNamesTests
{
    [Theory]
    [InlineData("Product Added")]
    [InlineData("product_added")]
    [InlineData("PRODUCT ADDED ")]
    [InlineData("ProductAdded")]
    [InlineData("product-added")]
    [InlineData("add_to_cart")]
    public void Key_Spellings_AreOne(string name) => EventNames.Key(name).ShouldBe("productadded");

    [Fact]
    public void Key_OtherWords_AreOthers() => EventNames.Key("Products Added").ShouldNotBe(EventNames.Key("Product Added"));
}
