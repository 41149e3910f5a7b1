using System.Globalization;
using System.Text;

namespace Signal.Console.Parts;

/// <summary>Where the points of a chart lie. Pure geometry in the drawing's own units.</summary>
internal sealed record Plot(double Left, double Top, double Width, double Height, long Max, int Steps)
{
    /// <summary>The least round number not below <paramref name="value"/> that four lines divide evenly.</summary>
    public static long Ceiling(long value)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var factor in new[] { 4, 8, 12, 20 })
                if (factor * power >= value) return factor * power;
        }
    }

    public double X(int step) => Left + (Steps <= 1 ? 0 : Width * step / (Steps - 1));

    public double Y(long value) => Top + Height - (Height * value / Math.Max(1, Max));

    public string Path(IReadOnlyList<long> values)
    {
        var path = new StringBuilder();
        for (var i = 0; i < values.Count; i++) path.Append(i == 0 ? 'M' : 'L').Append(Text(X(i))).Append(' ').Append(Text(Y(values[i])));
        return path.ToString();
    }

    /// <summary>The area between the line and the foot of the chart.</summary>
    public string Area(IReadOnlyList<long> values) =>
        values.Count == 0 ? "" : $"{Path(values)}L{Text(X(values.Count - 1))} {Text(Y(0))}L{Text(X(0))} {Text(Y(0))}Z";

    public static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
