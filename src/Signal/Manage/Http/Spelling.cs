using Signal.Destinations;

namespace Signal.Manage.Http;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The error for a name nobody knows.</summary>
    public static FieldError Unknown(string field, string name, IEnumerable<string> known) =>
        new(field, "unknown", Closest(name, known) is { } meant ? $"{field} is unknown. Did you mean {meant}?" : $"{field} is unknown. Remove it.");

    /// <summary>The known name nearest to <paramref name="name"/>, or null when none is near.</summary>
    public static string? Closest(string name, IEnumerable<string> known)
    {
        var folded = Fold(name);
        var (best, distance) = known
            .Select(k => (Name: k, Distance: Distance(folded, Fold(k))))
            .OrderBy(c => c.Distance)
            .FirstOrDefault((Name: "", Distance: int.MaxValue));
        return distance <= Math.Max(1, Math.Min(3, folded.Length / 3)) ? best : null;
    }

    private static string Fold(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // Levenshtein with one row.
    private static int Distance(string a, string b)
    {
        if (a.Length > 100) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
