namespace Signal.State.Sql;

/// <summary>Counts by the minute.</summary>
internal static class CountTable
{
    private const long Minute = 60_000;

    public static async Task AddAsync(this SqlSession session, IEnumerable<CountDelta> deltas)
    {
        foreach (var sum in deltas.GroupBy(d => (Minute: d.At.Ms() / Minute, d.Scope, d.Name)))
        {
            await session.ExecuteAsync(
                """
                INSERT INTO counts(minute, scope, name, amount) VALUES(@minute, @scope, @name, @by)
                ON CONFLICT(minute, scope, name) DO UPDATE SET amount=counts.amount+excluded.amount
                """,
                ("@minute", sum.Key.Minute), ("@scope", sum.Key.Scope), ("@name", sum.Key.Name), ("@by", sum.Sum(d => d.By)));
        }
    }

    /// <summary>Steps begin at multiples of <paramref name="step"/> since 1970, whatever <paramref name="from"/> is.</summary>
    public static async Task<IReadOnlyList<CountRow>> CountsAsync(this SqlSession session, string? scope, DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        var minutes = Math.Max(1, (long)step.TotalMinutes);
        (string, object?)[] values = [("@from", from.Ms() / Minute), ("@to", (to.Ms() + Minute - 1) / Minute), ("@step", minutes)];
        return await session.QueryAsync(
            $"""
            SELECT scope, name, minute/@step*@step AS start, CAST(sum(amount) AS BIGINT) FROM counts
            WHERE minute>=@from AND minute<@to{(scope is null ? "" : " AND scope=@scope")}
            GROUP BY scope, name, minute/@step*@step ORDER BY start, scope, name
            """,
            row => new CountRow(row.GetString(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2) * Minute), row.GetInt64(3)),
            scope is null ? values : [.. values, ("@scope", scope)]);
    }
}
