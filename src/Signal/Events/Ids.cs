namespace Signal.Events;

/// <summary>Ids with a prefix that says what they name; sortable by the time they were made.</summary>
public static class Ids
{
    /// <summary>A new id: <paramref name="prefix"/>, an underscore, 32 hexadecimal digits of a UUID v7.</summary>
    public static string New(string prefix, DateTimeOffset now) => $"{prefix}_{Guid.CreateVersion7(now):N}";
}
