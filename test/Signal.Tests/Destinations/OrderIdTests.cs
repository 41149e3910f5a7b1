using Shouldly;
using Signal.Destinations.Matomo;
using Xunit;

namespace Signal.Tests.Destinations;

public class OrderIdTests
{
    [Theory]
    [InlineData("abc", "ABC")]
    [InlineData("Café", "CAFE")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("A-1", "A-1   ")]
    [InlineData("straße", "STRASSE")]
    [InlineData("Żółw", "zołw")]
    public void KeyOf_IdsMatomoTakesForOne_IsTheSame(string one, string other) => OrderId.KeyOf(one).ShouldBe(OrderId.KeyOf(other));

    [Theory]
    [InlineData("A-1", "A-2")]
    [InlineData("A-1", " A-1")]
    [InlineData("A1", "A-1")]
    public void KeyOf_OtherIds_IsAnother(string one, string other) => OrderId.KeyOf(one).ShouldNotBe(OrderId.KeyOf(other));

    [Fact]
    public void KeyOf_IdsAlikeForHundredCharacters_IsTheSame() => OrderId.KeyOf(new string('x', 100) + "1").ShouldBe(OrderId.KeyOf(new string('x', 100) + "2"));
}
