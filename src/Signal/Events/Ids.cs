namespace Signal.Events;

/// <summary>Ids with a prefix that says what they name; sortable by the time they were made, and within one millisecond by the order in which this process made them.</summary>
public static class Ids
{
    private static readonly IdSequence Sequence = new();

    /// <summary>A new id: <paramref name="prefix"/>, an underscore, 32 hexadecimal digits of a UUID v7.</summary>
    public static string New(string prefix, DateTimeOffset now) => $"{prefix}_{Sequence.Next(now)}";
}
