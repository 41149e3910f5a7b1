namespace Signal.Console.Data;

/// <summary>A field of two requests side by side.</summary>
/// <param name="Name">The field.</param>
/// <param name="Before">Its value before; null when it was not there.</param>
/// <param name="After">Its value after; null when it is gone.</param>
public sealed record FieldDiff(string Name, string? Before, string? After)
{
    /// <summary><c>added</c>, <c>removed</c>, <c>changed</c>, or null for the same.</summary>
    public string? Change => (Before, After) switch
    {
        (null, not null) => "added",
        (not null, null) => "removed",
        _ => Before == After ? null : "changed",
    };

    /// <summary>Compares two requests: the fields of the second in its order, then those it lost.</summary>
    public static IReadOnlyList<FieldDiff> Of(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        [.. after.Select(f => new FieldDiff(f.Key, before.GetValueOrDefault(f.Key), f.Value)),
         .. before.Where(f => !after.ContainsKey(f.Key)).Select(f => new FieldDiff(f.Key, f.Value, null))];
}
