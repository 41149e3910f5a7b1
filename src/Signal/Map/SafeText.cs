using System.Globalization;
using System.Text;

namespace Signal.Map;

/// <summary>Text made valid and cut to a limit without splitting what people see as one character.</summary>
internal static class SafeText
{
    /// <summary>Lone surrogates become U+FFFD, line ends a space, other control characters (but the tab) nothing; the ends are trimmed.</summary>
    internal static string Valid(string text)
    {
        if (!NeedsWork(text)) return text.Trim();

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\r' or '\n') clean.Append(' ');
            else if (rune.Value == '\t' || !Rune.IsControl(rune)) clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>At most <paramref name="max"/> characters (code points).</summary>
    internal static string Cut(string text, int max) => Cut(text, max, static element => element.EnumerateRunes().Count());

    /// <summary>At most <paramref name="max"/> bytes of UTF-8.</summary>
    internal static string CutBytes(string text, int max) => Cut(text, max, static element => Encoding.UTF8.GetByteCount(element));

    /// <summary>At most <paramref name="max"/> bytes, never ending within a percent-encoded character.</summary>
    internal static string CutUrl(string url, int max)
    {
        var cut = CutBytes(url, max);
        if (cut.Length == url.Length) return cut;

        var end = cut.Length;
        // A character of up to four bytes is up to four escapes; what is left of a broken run would decode to rubbish.
        while (end > 0 && IsWithinEscape(url, end)) end--;
        return cut[..end];
    }

    private static bool IsWithinEscape(string url, int end)
    {
        var tail = url.AsSpan(Math.Max(0, end - 2), Math.Min(2, end));
        if (tail.Contains('%')) return true;

        return end + 2 < url.Length && url[end] == '%' && url[end + 1] is '8' or '9' or 'a' or 'b' or 'A' or 'B';
    }

    private static string Cut(string text, int max, Func<string, int> measure)
    {
        // Nothing measures more than three for each UTF-16 unit.
        if (text.Length * 3 <= max || measure(text) <= max) return text;

        var size = 0;
        var end = 0;
        while (end < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text, end);
            var element = measure(text.Substring(end, length));
            if (size + element > max) break;
            size += element;
            end += length;
        }

        return end > 0 ? text[..end].TrimEnd() : FirstRunes(text, max, measure);
    }

    // A single visible character beyond the limit (a letter under hundreds of accents) is cut between code points.
    private static string FirstRunes(string text, int max, Func<string, int> measure)
    {
        var kept = new StringBuilder();
        var size = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            size += measure(rune.ToString());
            if (size > max) break;
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }

    private static bool NeedsWork(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) && c != '\t') return true;
            if (!char.IsSurrogate(c)) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1])) i++;
            else return true;
        }

        return false;
    }
}
