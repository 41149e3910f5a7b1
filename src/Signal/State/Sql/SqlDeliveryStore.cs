namespace Signal.State.Sql;

/// <summary>What delivery knows, in SQL. Each table has its own file; this one composes them.</summary>
internal sealed class SqlDeliveryStore(IStateDatabase database, ConsentCache consents) : IDeliveryStore
{
    private const string DeleteLetters = "DELETE FROM dead_letters WHERE integration_id=@integration AND id IN {in}";

    private readonly VisitorDesk _desk = new(database, consents);

    public Task<Cursor?> CursorAsync(string lane, int partition, CancellationToken stop) =>
        database.ReadAsync(s => s.CursorAsync(lane, partition), stop);

    public Task<IReadOnlyList<long>> OvertakenAsync(string lane, int partition, long after, long upto, CancellationToken stop) =>
        database.ReadAsync(s => s.OvertakenAsync(lane, partition, after, upto), stop);

    public Task<OvertakenExtent> OvertakenExtentAsync(string lane, int partition, CancellationToken stop) =>
        database.ReadAsync(s => s.OvertakenExtentAsync(lane, partition), stop);

    public Task<IReadOnlyDictionary<string, string>> VisitorsAsync(string integrationId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop) =>
        database.ReadAsync(s => s.VisitorsAsync(integrationId, anonymousIds), stop);

    public Task<IReadOnlyDictionary<string, string>> OrdersAsync(string integrationId, IReadOnlyCollection<string> orderKeys, CancellationToken stop) =>
        database.ReadAsync(s => s.OrdersAsync(integrationId, orderKeys), stop);

    public Task<bool> SettleAsync(Settlement settlement, CancellationToken stop) => database.WriteAsync(s => WriteAsync(s, settlement), stop);

    public Task<IReadOnlyList<DeliveryRecord>> RecordsAsync(RecordFilter filter, CancellationToken stop) =>
        database.ReadAsync(s => s.RecordsAsync(filter), stop);

    public Task<RecordPosition?> PlaceAsync(RecordFilter filter, int rows, CancellationToken stop) => database.ReadAsync(s => s.PlaceAsync(filter, rows), stop);

    public Task<IReadOnlyDictionary<string, DeliveryOutcome>> OutcomesAsync(string integrationId, IReadOnlyCollection<string> eventIds, CancellationToken stop) =>
        database.ReadAsync<IReadOnlyDictionary<string, DeliveryOutcome>>(
            async s => (await s.QueryInAsync(
                "SELECT event_id, outcome FROM records WHERE integration_id=@integration AND event_id IN {in}",
                eventIds, row => (row.GetString(0), (DeliveryOutcome)row.GetInt32(1)), ("@integration", integrationId))).ToDictionary(r => r.Item1, r => r.Item2),
            stop);

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(DeadLetterFilter filter, CancellationToken stop) =>
        database.ReadAsync(s => s.DeadLettersAsync(filter), stop);

    public Task<IReadOnlyList<DeadLetterKey>> DeadLetterKeysAsync(DeadLetterFilter filter, CancellationToken stop) =>
        database.ReadAsync(s => s.DeadLetterKeysAsync(filter), stop);

    public Task<IReadOnlyDictionary<string, long>> DeadLetterCountsAsync(string integrationId, CancellationToken stop) =>
        database.ReadAsync<IReadOnlyDictionary<string, long>>(
            async s => (await s.QueryAsync(
                "SELECT reason, count(*) FROM dead_letters WHERE integration_id=@integration GROUP BY reason",
                row => (row.GetString(0), row.GetInt64(1)), ("@integration", integrationId))).ToDictionary(r => r.Item1, r => r.Item2),
            stop);

    public Task<int> DeleteDeadLettersAsync(string integrationId, IReadOnlyCollection<string> ids, CancellationToken stop) =>
        database.WriteAsync(
            s => s.ExecuteInAsync(DeleteLetters, ids, ("@integration", integrationId)),
            stop);

    public Task<int> DropDeadLettersAsync(string integrationId, string anonymousId, Func<int, AuditEntry> receipt, CancellationToken stop) =>
        database.WriteAsync(
            async s =>
            {
                var dropped = await s.ExecuteAsync(
                    "DELETE FROM dead_letters WHERE anonymous_id=@anonymous AND integration_id=@integration",
                    ("@anonymous", anonymousId), ("@integration", integrationId));
                if (dropped > 0) await s.AppendAsync(receipt(dropped));
                return dropped;
            },
            stop);

    public Task CountAsync(IReadOnlyCollection<CountDelta> deltas, CancellationToken stop) =>
        database.WriteAsync(
            async s =>
            {
                await s.AddAsync(deltas);
                return true;
            },
            stop);

    public Task<IReadOnlyList<CountRow>> CountsAsync(string? scope, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken stop) =>
        database.ReadAsync(s => s.CountsAsync(scope, from, to, step), stop);

    public Task<IReadOnlyDictionary<string, IntegrationHealth>> HealthAsync(CancellationToken stop) =>
        database.ReadAsync<IReadOnlyDictionary<string, IntegrationHealth>>(
            async s => (await s.QueryAsync(
                "SELECT integration_id, status, since, reason, message FROM health",
                row => (row.GetString(0), new IntegrationHealth(row.GetString(1), row.Time(2), row.TextOrNull(3), row.TextOrNull(4)))))
                .ToDictionary(r => r.Item1, r => r.Item2),
            stop);

    public Task SetHealthAsync(string integrationId, IntegrationHealth health, CancellationToken stop) =>
        database.WriteAsync(
            s => s.ExecuteAsync(
                """
                INSERT INTO health(integration_id, status, since, reason, message) VALUES(@integration, @status, @since, @reason, @message)
                ON CONFLICT(integration_id) DO UPDATE SET status=excluded.status, since=excluded.since, reason=excluded.reason, message=excluded.message
                """,
                ("@integration", integrationId), ("@status", health.Status), ("@since", health.Since.Ms()), ("@reason", health.Reason), ("@message", health.Message)),
            stop);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ExportVisitorAsync(
        IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, CancellationToken stop) =>
        _desk.ExportAsync(integrationIds, sourceId, anonymousId, stop);

    public Task<IReadOnlyDictionary<string, int>> EraseVisitorAsync(
        IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, DateTimeOffset at, CancellationToken stop) =>
        _desk.EraseAsync(integrationIds, sourceId, anonymousId, at, stop);

    public async Task<IReadOnlyList<string>> AnonymousIdsOfAsync(IReadOnlyCollection<string> integrationIds, string userId, CancellationToken stop) =>
        [.. (await database.ReadAsync(s => s.AnonymousIdsOfAsync(integrationIds, userId), stop)).Distinct()];

    public Task<long> TrimAsync(DateTimeOffset records, DateTimeOffset orders, DateTimeOffset visitors, DateTimeOffset counts, CancellationToken stop) =>
        new StateTrim(database).RunAsync(records, orders, visitors, counts, stop);

    // The cursor first: when it is not where the lane believes, nothing else is written.
    private static async Task<bool> WriteAsync(SqlSession session, Settlement settlement)
    {
        if (!await session.MoveAsync(settlement)) return false;
        await session.OvertakeAsync(settlement);
        var s = await session.WithoutErasedAsync(settlement);
        foreach (var record in s.Records) await session.SaveAsync(record);
        foreach (var letter in s.DeadLetters) await session.SaveAsync(letter);
        await session.ExecuteInAsync(DeleteLetters, s.Resolved, ("@integration", s.IntegrationId));
        if (s.Replay is { } step) await session.AdvanceAsync(step);
        foreach (var visitor in s.Visitors) await session.SaveAsync(s.IntegrationId, visitor);
        foreach (var order in s.Orders) await session.SaveAsync(s.IntegrationId, order);
        await session.AddAsync(s.Counts);
        foreach (var receipt in s.Receipts) await session.AppendAsync(receipt);
        return true;
    }
}
