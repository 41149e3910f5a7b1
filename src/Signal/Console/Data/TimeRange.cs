namespace Signal.Console.Data;

/// <summary>The ranges charts can show.</summary>
internal static class TimeRange
{
    public static readonly IReadOnlyList<(string Key, string Label, TimeSpan Span)> All =
    [
        ("1h", "1 hour", TimeSpan.FromHours(1)),
        ("24h", "24 hours", TimeSpan.FromHours(24)),
        ("7d", "7 days", TimeSpan.FromDays(7)),
        ("30d", "30 days", TimeSpan.FromDays(30)),
    ];

    public static TimeSpan Of(string? key) => All.FirstOrDefault(r => r.Key == key, All[0]).Span;
}
