namespace Signal.State;

/// <summary>Which alerts: every given part must match; <paramref name="Before"/> is the id of the last one already seen.</summary>
public sealed record AlertFilter(bool? Open = null, AlertKind? Kind = null, string? Subject = null, string? Before = null, int Limit = 50);
