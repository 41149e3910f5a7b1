namespace Signal.Map;

/// <summary>Finds what somebody may have meant.</summary>
internal static class Spelling
{
    private const int MaxLength = 100;
    private const int MostMistakes = 3;

    /// <summary><c> Did you mean "x"?</c>, or nothing when no candidate is near.</summary>
    internal static string Hint(string written, IEnumerable<string> candidates) =>
        Closest(written, candidates) is { } nearest ? $" Did you mean \"{nearest}\"?" : "";

    /// <summary>The candidate nearest to what was written, or null when none is near. Case, <c>_</c> and <c>-</c> do not count.</summary>
    internal static string? Closest(string written, IEnumerable<string> candidates)
    {
        var folded = Fold(written);
        var (best, distance) = candidates
            .Select(c => (Name: c, Distance: Distance(folded, Fold(c))))
            .OrderBy(c => c.Distance)
            .FirstOrDefault((Name: "", Distance: int.MaxValue));
        return distance <= Math.Max(1, Math.Min(MostMistakes, folded.Length / 3)) ? best : null;
    }

    private static string Fold(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // Levenshtein with one row.
    private static int Distance(string a, string b)
    {
        if (a.Length > MaxLength || b.Length > MaxLength) return int.MaxValue;
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
