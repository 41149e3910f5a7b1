using System.Globalization;
using System.Text;
using CsCheck;
using Shouldly;
using Signal.Map;
using Xunit;

namespace Signal.Tests.Map;

public class SafeTextTests
{
    private const string Family = "👩‍👩‍👧‍👦";

    [Fact]
    public void Cut_WithinAFamily_LeavesItOutWhole() => SafeText.Cut($"ab{Family}", 5).ShouldBe("ab");

    [Fact]
    public void Cut_WithinALetterAndItsAccent_LeavesBothOut() => SafeText.Cut("abe\u0301", 3).ShouldBe("ab");

    [Fact]
    public void Cut_OneHugeCharacter_CutsBetweenCodePoints() => SafeText.Cut("e" + new string('\u0301', 50), 10).EnumerateRunes().Count().ShouldBe(10);

    [Fact]
    public void CutUrl_WithinAnEscapedCharacter_LeavesItOut()
    {
        var url = "https://a.example/" + string.Concat(Enumerable.Repeat("%C3%A9", 10));

        for (var max = 18; max < url.Length; max++) Uri.UnescapeDataString(SafeText.CutUrl(url, max)).TrimEnd('é').ShouldBe("https://a.example/");
    }

    [Fact]
    public void Valid_LoneSurrogate_BecomesTheReplacementCharacter() => SafeText.Valid("a\ud83db").ShouldBe("a\ufffdb");

    [Fact]
    public void Cut_AnyText_IsAPrefixWithinTheLimit() => Gen.Select(Gen.String[Gen.Char['\0', '\uffff'], 0, 40], Gen.Int[1, 40]).Sample((text, max) =>
    {
        var valid = SafeText.Valid(text);
        var cut = SafeText.CutBytes(valid, max);

        valid.ShouldStartWith(cut, Case.Sensitive);
        Encoding.UTF8.GetByteCount(cut).ShouldBeLessThanOrEqualTo(max);
        StringInfo.ParseCombiningCharacters(cut).Length.ShouldBeLessThanOrEqualTo(StringInfo.ParseCombiningCharacters(valid).Length);
    });
}
