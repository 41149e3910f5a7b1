using Shouldly;
using Signal.Govern;
using Xunit;

namespace Signal.Tests.Govern;

public class TcfStringTests
{
    private static int[] Granted(string text) =>
        TcfString.Purposes(text) is { } granted ? [.. Enumerable.Range(1, 24).Where(granted)] : [-1];

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 1, 7, 8, 9, 10 })]
    [InlineData(new[] { 24 })]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 })]
    public void Purposes_CoreSegment_AreReadBack(int[] purposes) => Granted(TcfStrings.With(purposes)).ShouldBe(purposes);

    // The sample of the IAB's own specification.
    [Fact]
    public void Purposes_SpecificationsSample_Are1To3() =>
        Granted("COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw")
            .ShouldBe([1, 2, 3]);

    [Fact]
    public void Purposes_FurtherSegments_AreLeftAside() => Granted($"{TcfStrings.With(1, 8)}.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAA").ShouldBe([1, 8]);

    [Theory]
    [InlineData("")]
    [InlineData("no")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData(".COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA")]
    [InlineData("COvFyGBOvFyGBAbAAAENAPCAAOAA")]
    public void Purposes_NoTcfString_IsNull(string text) => TcfString.Purposes(text).ShouldBeNull();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Purposes_OtherVersion_IsNull(int version) => TcfString.Purposes(TcfStrings.Write(version, 1)).ShouldBeNull();
}
