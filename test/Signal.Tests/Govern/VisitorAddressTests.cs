using Shouldly;
using Signal.Govern;
using Xunit;

namespace Signal.Tests.Govern;

public class VisitorAddressTests
{
    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5")]
    [InlineData(" 203.0.113.5:80 ", "203.0.113.5")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:443", "2001:db8::1")]
    [InlineData("::ffff:203.0.113.5", "203.0.113.5")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("\"203.0.113.5\"", "203.0.113.5")]
    [InlineData("203.0.113", null)]
    [InlineData("203.0.113.256", null)]
    [InlineData("1", null)]
    [InlineData("unknown", null)]
    [InlineData("", null)]
    [InlineData("203.0.113.5, 10.0.0.1", null)]
    public void Normalise_Text_IsOnePlainAddressOrNull(string text, string? expected) => VisitorAddress.Normalise(text).ShouldBe(expected);
}
