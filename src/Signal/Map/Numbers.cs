using System.Globalization;

namespace Signal.Map;

/// <summary>Numbers as JSON and programs write them; never a special value.</summary>
internal static class Numbers
{
    /// <summary>The number, or null when the text is none or its size is beyond a decimal's.</summary>
    internal static decimal? Parse(string text)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number)) return number;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) || !double.IsFinite(wide)) return null;
        return Math.Abs(wide) < 1e27 ? (decimal)wide : null;
    }

    /// <summary>The whole number, or null; <c>3.0</c> is 3.</summary>
    internal static long? ParseWhole(string text) =>
        Parse(text) is { } number && decimal.Truncate(number) == number && Math.Abs(number) <= long.MaxValue ? (long)number : null;

    /// <summary>Without an exponent, at most six places.</summary>
    internal static string Format(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
