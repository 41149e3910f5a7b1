namespace Signal.State.Sql;

/// <summary>Removes what is too old, in steps short enough that settlements go on between them.</summary>
internal sealed class StateTrim(IStateDatabase database)
{
    private const int Step = 200;
    private const int Look = 5_000;

    public async Task<long> RunAsync(DateTimeOffset records, DateTimeOffset orders, DateTimeOffset visitors, DateTimeOffset counts, CancellationToken stop)
    {
        var removed = await new Leftovers(database).RemoveAsync(stop);
        removed += await RecordsAsync(records.Ms(), stop);
        removed += await RepeatAsync(
            $"DELETE FROM orders WHERE (integration_id, order_key) IN (SELECT integration_id, order_key FROM orders WHERE at<@before LIMIT {Step})", orders.Ms(), stop);
        removed += await database.WriteAsync(s => s.ExecuteAsync("DELETE FROM erasures WHERE at<@before", ("@before", records.Ms())), stop);
        removed += await VisitorsAsync(visitors.Ms(), stop);
        removed += await RepeatAsync(
            $"DELETE FROM counts WHERE (minute, scope, name) IN (SELECT minute, scope, name FROM counts WHERE minute<@before LIMIT {Step})", counts.Ms() / 60_000, stop);
        return removed;
    }

    private async Task<long> RecordsAsync(long before, CancellationToken stop)
    {
        long removed = 0;
        for (var integration = ""; await NextAsync(integration, stop) is { } next; integration = next)
        {
            removed += await RepeatAsync(
                $"""
                DELETE FROM records WHERE integration_id=@integration AND event_id IN
                (SELECT event_id FROM records WHERE integration_id=@integration AND received_at<@before ORDER BY received_at LIMIT {Step})
                """,
                before, stop, ("@integration", next));
        }

        return removed;
    }

    private Task<string?> NextAsync(string after, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync("SELECT min(integration_id) FROM records WHERE integration_id>@after", row => row.TextOrNull(0), ("@after", after)), stop);

    // No index by time: it would be rewritten with every event. The table is walked along its key instead.
    private async Task<long> VisitorsAsync(long before, CancellationToken stop)
    {
        long removed = 0;
        var (integration, visitor) = ("", "");
        while (true)
        {
            var rows = await database.ReadAsync(
                s => s.QueryAsync(
                    $"""
                    SELECT integration_id, anonymous_id, at FROM visitors WHERE (integration_id, anonymous_id)>(@integration, @visitor)
                    ORDER BY integration_id, anonymous_id LIMIT {Look}
                    """,
                    row => (Integration: row.GetString(0), Visitor: row.GetString(1), At: row.GetInt64(2)),
                    ("@integration", integration), ("@visitor", visitor)),
                stop);
            if (rows.Count == 0) return removed;

            foreach (var step in rows.Where(r => r.At < before).Chunk(Step))
                removed += await database.WriteAsync(s => RemoveAsync(s, step, before), stop);
            (integration, visitor, _) = rows[^1];
        }
    }

    // Asks for the time again: the visitor may have come back meanwhile.
    private static async Task<long> RemoveAsync(SqlSession session, (string Integration, string Visitor, long At)[] rows, long before)
    {
        long removed = 0;
        foreach (var (integration, visitor, _) in rows)
        {
            (string, object?)[] key = [("@integration", integration), ("@visitor", visitor)];
            if (await session.ExecuteAsync("DELETE FROM visitors WHERE integration_id=@integration AND anonymous_id=@visitor AND at<@before", [.. key, ("@before", before)]) == 0) continue;
            await session.ExecuteAsync("DELETE FROM visitor_users WHERE integration_id=@integration AND anonymous_id=@visitor", key);
            removed++;
        }

        return removed;
    }

    private async Task<long> RepeatAsync(string sql, long before, CancellationToken stop, params (string, object?)[] values)
    {
        long removed = 0;
        int step;
        do
        {
            step = await database.WriteAsync(s => s.ExecuteAsync(sql, [.. values, ("@before", before)]), stop);
            removed += step;
        }
        while (step == Step);
        return removed;
    }
}
