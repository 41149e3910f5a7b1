using System.Globalization;
using System.Text.RegularExpressions;

namespace MatomoSandbox.Php;

/// <summary>Numbers as PHP reads and rounds them.</summary>
internal static partial class PhpNumber
{
    public static bool IsNumeric(object? value) => value is long or double || value is string text && Numeric().IsMatch(text);

    /// <summary>The number a text begins with, else 0.</summary>
    public static double ToDouble(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        string text when Leading().Match(text) is { Success: true } match =>
            double.Parse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => 0,
    };

    public static long ToLong(object? value)
    {
        if (value is string text && long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var exact))
            return exact;
        var number = ToDouble(value);
        return double.IsFinite(number) && Math.Abs(number) < 9.2e18 ? (long)number : 0;
    }

    public static bool LooksFloat(string text) => FloatWithDot().IsMatch(text.Replace(',', '.'));

    public static string Text(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Two places, half away from zero, judged by the decimal that people wrote; infinity is what the column makes of it: 0.</summary>
    public static double Money(double amount)
    {
        if (!double.IsFinite(amount))
            return 0;
        return Math.Abs(amount) < 1e15 ? (double)Math.Round((decimal)amount, 2, MidpointRounding.AwayFromZero) : amount;
    }

    /// <summary>What a single-precision column shows: six digits.</summary>
    public static double FloatColumn(double value) =>
        double.Parse(((float)value).ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[ \t\n\r\v\f]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t\n\r\v\f]*$")]
    private static partial Regex Numeric();

    [GeneratedRegex(@"^[ \t\n\r\v\f]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")]
    private static partial Regex Leading();

    [GeneratedRegex(@"^[+-]?(\d+|\d*\.\d+|\d+\.\d*)([eE][+-]?\d+)?\n?$")]
    private static partial Regex FloatWithDot();
}
