namespace Signal.State.Sql;

/// <summary>
/// Queries by a list of keys. The list is cut into runs of a few fixed lengths, the last key repeated to fill one, so that
/// only a handful of statements are ever prepared.
/// </summary>
internal static class InList
{
    private static readonly int[] Lengths = [1, 8, 64, 256];

    /// <summary>Rows whose key is one of <paramref name="keys"/>; <paramref name="sql"/> has <c>{in}</c> where the list belongs.</summary>
    public static async Task<List<T>> QueryInAsync<T>(
        this SqlSession session, string sql, IReadOnlyCollection<string> keys, Func<System.Data.Common.DbDataReader, T> read, params (string Name, object? Value)[] values)
    {
        var rows = new List<T>();
        foreach (var run in Runs(keys)) rows.AddRange(await session.QueryAsync(Expand(sql, run.Length), read, [.. values, .. Bound(run)]));
        return rows;
    }

    /// <summary>Runs a statement for rows whose key is one of <paramref name="keys"/>, and answers how many changed.</summary>
    public static async Task<int> ExecuteInAsync(this SqlSession session, string sql, IReadOnlyCollection<string> keys, params (string Name, object? Value)[] values)
    {
        var changed = 0;
        foreach (var run in Runs(keys)) changed += await session.ExecuteAsync(Expand(sql, run.Length), [.. values, .. Bound(run)]);
        return changed;
    }

    private static IEnumerable<string[]> Runs(IReadOnlyCollection<string> keys)
    {
        foreach (var chunk in keys.Distinct(StringComparer.Ordinal).Chunk(Lengths[^1]))
        {
            var run = new string[Lengths.First(length => length >= chunk.Length)];
            Array.Fill(run, chunk[^1]);
            chunk.CopyTo(run, 0);
            yield return run;
        }
    }

    private static string Expand(string sql, int length) =>
        sql.Replace("{in}", "(" + string.Join(',', Enumerable.Range(0, length).Select(i => $"@k{i}")) + ")", StringComparison.Ordinal);

    private static IEnumerable<(string, object?)> Bound(string[] run) => run.Select((key, i) => ($"@k{i}", (object?)key));
}
