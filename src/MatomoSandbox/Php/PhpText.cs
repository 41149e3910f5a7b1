using System.Net;
using System.Text;

namespace MatomoSandbox.Php;

/// <summary>Text as PHP and Matomo treat it: escaped when read, cut by bytes, repaired when it is not UTF-8.</summary>
internal static class PhpText
{
    private static readonly UTF8Encoding Strict = new(false, true);
    private static readonly char[] Blanks = [' ', '\t', '\n', '\r', '\0', '\v'];

    public static string Decode(byte[] bytes) => IsUtf8(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    public static string? StrictUtf8(byte[] bytes) => IsUtf8(bytes) ? Strict.GetString(bytes) : null;

    public static string Escape(string text)
    {
        var plain = WebUtility.HtmlDecode(text).Replace("\0", "", StringComparison.Ordinal);
        return plain
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("'", "&#039;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
    }

    public static string Unescape(string text) => WebUtility.HtmlDecode(text);

    public static string Trim(string text) => text.Trim(Blanks);

    public static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>Characters as MySQL counts them: an emoji is one.</summary>
    public static int Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);

    public static string CutCharacters(string text, int limit)
    {
        if (Characters(text) <= limit)
            return text;
        var end = 0;
        for (var count = 0; count < limit; count++)
            end += char.IsHighSurrogate(text[end]) ? 2 : 1;
        return text[..end];
    }

    public static string CutBytes(string text, int limit)
    {
        var used = 0;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((used += rune.Utf8SequenceLength) > limit)
                return text[..end];
            end += rune.Utf16SequenceLength;
        }
        return text;
    }

    /// <summary>Whether PHP's <c>substr</c> leaves whole characters; the database takes no others.</summary>
    public static bool IsCutWhole(string text, int bytes)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        return encoded.Length <= bytes || IsUtf8(encoded.AsSpan(0, bytes));
    }

    /// <summary>What PHP calls empty.</summary>
    public static bool IsEmpty(string? text) => text is null or "" or "0";
}
