namespace Signal.Events;

/// <summary>Numbers and spans as people read them.</summary>
internal static class Human
{
    /// <summary><c>12,408</c></summary>
    public static string Number(long value) => value.ToString("N0");

    /// <summary><c>48 ms</c>, <c>3 s</c>, <c>2 h 5 min</c>, <c>3 days</c></summary>
    public static string Span(TimeSpan span) => span switch
    {
        { Ticks: <= 0 } => "0 s",
        { TotalSeconds: < 1 } => $"{Math.Max(1, (int)span.TotalMilliseconds)} ms",
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 1 } => span.Minutes == 0 ? $"{span.Hours} h" : $"{span.Hours} h {span.Minutes} min",
        { TotalDays: < 2 } => "1 day",
        _ => $"{(int)span.TotalDays} days",
    };

    /// <summary>How long an answer took.</summary>
    public static string Latency(int milliseconds) => milliseconds < 1 ? "< 1 ms" : Span(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary><c>1.4 GB</c></summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double value = bytes;
        var unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return unit == 0 || value >= 100 ? $"{value:0} {units[unit]}" : $"{value:0.0} {units[unit]}";
    }

    /// <summary>A long id, its beginning and end.</summary>
    public static string Short(string id) => id.Length <= 13 ? id : $"{id[..8]}…{id[^4..]}";
}
