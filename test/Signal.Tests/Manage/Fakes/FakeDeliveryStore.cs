using Signal.State;

namespace Signal.Tests.Manage.Fakes;

/// <summary>What the management side reads and removes; settling is delivery's business and refuses.</summary>
internal sealed class FakeDeliveryStore : IDeliveryStore
{
    public List<DeliveryRecord> Records { get; } = [];

    public List<DeadLetter> Letters { get; } = [];

    public List<CountDelta> Counts { get; } = [];

    public Dictionary<string, IntegrationHealth> Health { get; } = [];

    public Dictionary<(string Integration, string Visitor), VisitorRow> Visitors { get; } = [];

    public Dictionary<(string Lane, int Partition), Cursor> Cursors { get; } = [];

    public Task<Cursor?> CursorAsync(string lane, int partition, CancellationToken stop) => Task.FromResult(Cursors.GetValueOrDefault((lane, partition)));

    public Dictionary<(string Lane, int Partition), List<long>> Overtaken { get; } = [];

    public Task<IReadOnlyList<long>> OvertakenAsync(string lane, int partition, long after, long upto, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<long>>([.. Overtaken.GetValueOrDefault((lane, partition), []).Where(o => o > after && o <= upto)]);

    public Task<OvertakenExtent> OvertakenExtentAsync(string lane, int partition, CancellationToken stop)
    {
        var offsets = Overtaken.GetValueOrDefault((lane, partition), []);
        return Task.FromResult(new OvertakenExtent(offsets.Count, offsets.Count == 0 ? 0 : offsets.Max()));
    }

    public Task<IReadOnlyDictionary<string, string>> VisitorsAsync(string integrationId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(Visitors
            .Where(v => v.Key.Integration == integrationId && anonymousIds.Contains(v.Key.Visitor))
            .ToDictionary(v => v.Key.Visitor, v => v.Value.State));

    public Task<IReadOnlyDictionary<string, string>> OrdersAsync(string integrationId, IReadOnlyCollection<string> orderKeys, CancellationToken stop) =>
        throw new NotSupportedException();

    public Task<bool> SettleAsync(Settlement settlement, CancellationToken stop) => throw new NotSupportedException();

    public async Task<RecordPosition?> PlaceAsync(RecordFilter f, int rows, CancellationToken stop) =>
        (await RecordsAsync(f with { Text = null, Limit = rows }, stop)) is var found && found.Count == rows ? new RecordPosition(found[^1].ReceivedAt, found[^1].EventId) : null;

    public Task<IReadOnlyList<DeliveryRecord>> RecordsAsync(RecordFilter f, CancellationToken stop) => Task.FromResult<IReadOnlyList<DeliveryRecord>>([.. Records
        .Where(r => (f.IntegrationId is null ? f.Among?.Contains(r.IntegrationId) != false : r.IntegrationId == f.IntegrationId)
            && (f.Outcome is null || r.Outcome == f.Outcome)
            && (f.Event is null || r.Event == f.Event)
            && (f.Visitor is null || r.AnonymousId == f.Visitor)
            && (f.MessageId is null || r.MessageId == f.MessageId)
            && (f.EventId is null || r.EventId == f.EventId)
            && (f.Reason is null || r.Reason == f.Reason)
            && (f.Text is null || (r.Request + r.Response).Contains(f.Text, StringComparison.OrdinalIgnoreCase))
            && (f.From is null || r.ReceivedAt >= f.From)
            && (f.To is null || r.ReceivedAt < f.To)
            && (f.Before is null || (r.ReceivedAt, r.EventId, r.IntegrationId).CompareTo((f.Before.ReceivedAt, f.Before.EventId, f.Before.IntegrationId ?? "")) < 0)
            && (f.Until is null || (r.ReceivedAt, r.EventId).CompareTo((f.Until.ReceivedAt, f.Until.EventId)) >= 0))
        .OrderByDescending(r => (r.ReceivedAt, r.EventId))
        .Take(f.Limit)]);

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(DeadLetterFilter f, CancellationToken stop) => Task.FromResult<IReadOnlyList<DeadLetter>>([.. Letters
        .Where(f.Matches)
        .OrderByDescending(l => l.Id, StringComparer.Ordinal)
        .Take(f.Limit)]);

    public async Task<IReadOnlyList<DeadLetterKey>> DeadLetterKeysAsync(DeadLetterFilter f, CancellationToken stop) =>
        [.. (await DeadLettersAsync(f, stop)).Select(d => new DeadLetterKey(d.Id, d.EventId, d.AnonymousId))];

    public Task<IReadOnlyDictionary<string, long>> DeadLetterCountsAsync(string integrationId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, long>>(Letters.Where(l => l.IntegrationId == integrationId).GroupBy(l => l.Reason).ToDictionary(g => g.Key, g => (long)g.Count()));

    public Task<int> DeleteDeadLettersAsync(string integrationId, IReadOnlyCollection<string> ids, CancellationToken stop) =>
        Task.FromResult(Letters.RemoveAll(l => l.IntegrationId == integrationId && ids.Contains(l.Id)));

    public Task CountAsync(IReadOnlyCollection<CountDelta> deltas, CancellationToken stop)
    {
        Counts.AddRange(deltas);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<CountRow>> CountsAsync(string? scope, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<CountRow>>([.. Counts
            .Where(c => (scope is null || c.Scope == scope) && c.At >= from && c.At < to)
            .GroupBy(c => (c.Scope, c.Name, At: new DateTimeOffset(c.At.Ticks - (c.At.Ticks % step.Ticks), TimeSpan.Zero)))
            .Select(g => new CountRow(g.Key.Scope, g.Key.Name, g.Key.At, g.Sum(c => c.By)))]);

    public Task<IReadOnlyDictionary<string, IntegrationHealth>> HealthAsync(CancellationToken stop) => Task.FromResult<IReadOnlyDictionary<string, IntegrationHealth>>(Health);

    public Task SetHealthAsync(string integrationId, IntegrationHealth health, CancellationToken stop)
    {
        Health[integrationId] = health;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ExportVisitorAsync(IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<string>>>(new Dictionary<string, IReadOnlyList<string>>
        {
            ["records"] = [.. Records.Where(r => integrationIds.Contains(r.IntegrationId) && r.AnonymousId == anonymousId).Select(r => $$"""{"event_id":"{{r.EventId}}"}""")],
            ["states"] = [.. Visitors.Where(v => integrationIds.Contains(v.Key.Integration) && v.Key.Visitor == anonymousId).Select(v => v.Value.State)],
        });

    public Task<IReadOnlyDictionary<string, int>> EraseVisitorAsync(IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, DateTimeOffset at, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, int>>(new Dictionary<string, int>
        {
            ["records"] = Records.RemoveAll(r => integrationIds.Contains(r.IntegrationId) && r.AnonymousId == anonymousId),
            ["dead_letters"] = Letters.RemoveAll(r => integrationIds.Contains(r.IntegrationId) && r.AnonymousId == anonymousId),
            ["states"] = integrationIds.Count(i => Visitors.Remove((i, anonymousId))),
        });

    public Task<IReadOnlyDictionary<string, DeliveryOutcome>> OutcomesAsync(string integrationId, IReadOnlyCollection<string> eventIds, CancellationToken stop) => throw new NotSupportedException();

    public Task<int> DropDeadLettersAsync(string integrationId, string anonymousId, Func<int, AuditEntry> receipt, CancellationToken stop) => throw new NotSupportedException();

    public Task<long> TrimAsync(DateTimeOffset records, DateTimeOffset orders, DateTimeOffset visitors, DateTimeOffset counts, CancellationToken stop) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> AnonymousIdsOfAsync(IReadOnlyCollection<string> integrationIds, string userId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<string>>([.. Visitors.Where(v => integrationIds.Contains(v.Key.Integration) && v.Value.UserId == userId).Select(v => v.Key.Visitor).Distinct()]);
}
