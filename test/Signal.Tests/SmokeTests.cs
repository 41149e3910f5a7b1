using Shouldly;
using Xunit;

namespace Signal.Tests;

public class SmokeTests
{
    [Fact]
    public void Arithmetic_Holds() => (1 + 1).ShouldBe(2);
}
