using System.Globalization;

namespace Signal.Map;

/// <summary>Money as people write it, understood only where it has one reading. Decimal arithmetic throughout.</summary>
internal static class Money
{
    /// <summary>Beyond this an amount is an error of the sender and would not survive the destination's column.</summary>
    internal const decimal Largest = 999_999_999_999.99m;

    /// <summary>The amount, rounded to two places (half away from zero), or null when the text has no reading, or more than one.</summary>
    internal static decimal? Parse(Value value)
    {
        var amount = value.Kind == ValueKind.Number ? Numbers.Parse(value.Text) : ParseText(value.Text);
        if (amount is not { } read || Math.Abs(read) > Largest) return null;
        return Round(read);
    }

    /// <summary>Two places, half away from zero, and always two digits behind the point when written.</summary>
    internal static decimal Round(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero) + 0.00m;

    /// <summary>Dot-decimal, two places.</summary>
    internal static string Format(decimal amount) => Round(amount).ToString("0.00", CultureInfo.InvariantCulture);

    private static decimal? ParseText(string text)
    {
        var bare = Bare(text);
        if (bare is null) return Numbers.Parse(text.Trim());

        var negative = bare.StartsWith('-');
        var digits = bare.TrimStart('-', '+');
        return Reading(digits) is { } amount ? (negative ? -amount : amount) : null;
    }

    // The sign, digits and separators; null when something else stands between them.
    private static string? Bare(string text)
    {
        var trimmed = text.Trim();
        var start = 0;
        var end = trimmed.Length;
        while (start < end && IsUnit(trimmed[start])) start++;
        while (end > start && IsUnit(trimmed[end - 1])) end--;
        var sign = "";
        if (start < end && trimmed[start] is '-' or '+' or '\u2212')
        {
            sign = trimmed[start] == '+' ? "" : "-";
            start++;
            while (start < end && IsUnit(trimmed[start])) start++;
        }

        if (start > 0 && sign.Length == 0 && trimmed[..start].Contains('-', StringComparison.Ordinal)) return null;
        var core = trimmed[start..end];
        return core.Length > 0 && char.IsAsciiDigit(core[0]) && core.All(IsDigitOrSeparator) ? sign + core : null;
    }

    private static bool IsUnit(char c) =>
        char.IsWhiteSpace(c) || char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;

    private static bool IsDigitOrSeparator(char c) => char.IsAsciiDigit(c) || c is '.' or ',' or '\'' or '\u2019' || char.IsWhiteSpace(c);

    private static decimal? Reading(string digits)
    {
        var marks = digits.Where(c => !char.IsAsciiDigit(c)).Select(c => char.IsWhiteSpace(c) ? ' ' : c).ToList();
        if (marks.Count == 0) return Whole(digits);

        var kinds = marks.Distinct().ToList();
        var last = marks[^1];
        if (kinds.Count > 2 || (kinds.Count == 2 && (marks.Count(m => m == last) > 1 || last is not ('.' or ',')))) return null;
        if (kinds.Count == 2) return Split(digits, last, grouped: true);
        if (last is not ('.' or ',') || marks.Count > 1) return IsGrouped(digits) ? Whole(Digits(digits)) : null;

        // "1.234" and "1,234" are one thousand to some and one and a bit to others.
        var parts = digits.Split(last);
        var couldBeGroup = parts[1].Length == 3 && parts[0].Length is >= 1 and <= 3 && parts[0][0] != '0';
        return couldBeGroup ? null : Split(digits, last, grouped: false);
    }

    private static decimal? Split(string digits, char mark, bool grouped)
    {
        var at = digits.LastIndexOf(mark);
        var (whole, fraction) = (digits[..at], digits[(at + 1)..]);
        if (grouped && !IsGrouped(whole)) return null;
        return fraction.Length == 0 ? Whole(Digits(whole)) : Whole($"{Digits(whole)}.{fraction}");
    }

    private static bool IsGrouped(string text)
    {
        var groups = text.Split('.', ',', '\'', '\u2019', ' ', '\u00a0', '\u202f', '\u2009');
        return groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(g => g.Length == 3 && g.All(char.IsAsciiDigit));
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    private static decimal? Whole(string digits) =>
        decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null;
}
