using Signal.State;

namespace Signal.Tests.Fakes;

/// <summary>Delivery state in memory; a settlement is all or nothing, fenced by the cursor.</summary>
internal sealed class FakeDeliveryStore : IDeliveryStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Lane, int Partition), Cursor> _cursors = [];
    private readonly Dictionary<(string Integration, string Visitor), VisitorRow> _visitors = [];
    private readonly Dictionary<(string Integration, string Key), OrderRow> _orders = [];
    private readonly Dictionary<(string Integration, string Event), DeliveryRecord> _records = [];
    private readonly HashSet<(string Lane, int Partition, long Offset)> _overtaken = [];
    private readonly Dictionary<string, DeadLetter> _deadLetters = [];
    private readonly Dictionary<(string Scope, string Name, DateTimeOffset Minute), long> _counts = [];
    private readonly Dictionary<string, IntegrationHealth> _health = [];

    /// <summary>Called before a settlement is written; what it throws, the store throws, and nothing is written.</summary>
    public Action<Settlement>? BeforeSettle { get; set; }

    /// <summary>Called after a settlement is written; what it throws, the store throws: a crash right after the commit.</summary>
    public Action<Settlement>? AfterSettle { get; set; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public StoreFlaw? Flaw { get; set; }

    /// <summary>Replays whose counts grow with settlements.</summary>
    public FakeReplayStore Replays { get; } = new();

    /// <summary>Every settlement written.</summary>
    public List<Settlement> Settlements { get; } = [];

    public IReadOnlyCollection<DeliveryRecord> Records => Locked(() => _records.Values.ToList());

    public IReadOnlyCollection<DeadLetter> DeadLetters => Locked(() => _deadLetters.Values.OrderBy(d => d.Id).ToList());

    public IReadOnlyCollection<OrderRow> Orders => Locked(() => _orders.Values.ToList());

    public string? StateOf(string integrationId, string anonymousId) =>
        Locked(() => _visitors.GetValueOrDefault((integrationId, anonymousId))?.State);

    public long Count(string scope, string name) =>
        Locked(() => _counts.Where(c => c.Key.Scope == scope && c.Key.Name == name).Sum(c => c.Value));

    public DeliveryRecord? RecordOf(string eventId) => Records.FirstOrDefault(r => r.EventId == eventId);

    public Task<Cursor?> CursorAsync(string lane, int partition, CancellationToken stop) =>
        Task.FromResult(Locked(() => _cursors.GetValueOrDefault((lane, partition))));

    public Task<IReadOnlyList<long>> OvertakenAsync(string lane, int partition, long after, long upto, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<long>>(Locked(() => _overtaken
            .Where(o => o.Lane == lane && o.Partition == partition && o.Offset > after && o.Offset <= upto).Select(o => o.Offset).Order().ToList()));

    public Task<OvertakenExtent> OvertakenExtentAsync(string lane, int partition, CancellationToken stop) =>
        Task.FromResult(Locked(() =>
        {
            var offsets = _overtaken.Where(o => o.Lane == lane && o.Partition == partition).Select(o => o.Offset).ToList();
            return new OvertakenExtent(offsets.Count, offsets.Count == 0 ? 0 : offsets.Max());
        }));

    public Task<IReadOnlyDictionary<string, string>> VisitorsAsync(string integrationId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(Locked(() =>
            anonymousIds.Where(a => _visitors.ContainsKey((integrationId, a))).ToDictionary(a => a, a => _visitors[(integrationId, a)].State)));

    public Task<IReadOnlyDictionary<string, string>> OrdersAsync(string integrationId, IReadOnlyCollection<string> orderKeys, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(Locked(() =>
            orderKeys.Where(k => _orders.ContainsKey((integrationId, k))).ToDictionary(k => k, k => _orders[(integrationId, k)].EventId)));

    public Task<bool> SettleAsync(Settlement s, CancellationToken stop)
    {
        BeforeSettle?.Invoke(s);
        lock (_lock)
        {
            if (Flaw != StoreFlaw.NoFence && !Equals(_cursors.GetValueOrDefault((s.Lane, s.Partition)), s.Expected)) return Task.FromResult(false);
            if (s.Within is { } within && _cursors.GetValueOrDefault((within.Lane, s.Partition))?.Express != within.From) return Task.FromResult(false);
            if (s.Ends is { } ends)
            {
                if (!Equals(_cursors.GetValueOrDefault((ExpressLanes.Of(s.Lane), s.Partition)), ends)) return Task.FromResult(false);
                _cursors.Remove((ExpressLanes.Of(s.Lane), s.Partition));
            }

            s = Flawed(s);
            _cursors[(s.Lane, s.Partition)] = s.Next;
            foreach (var offset in s.Overtaken) _overtaken.Add((s.Within!.Lane, s.Partition, offset));
            if (s.Within is null) _overtaken.RemoveWhere(o => o.Lane == s.Lane && o.Partition == s.Partition && o.Offset <= s.Next.Offset);
            foreach (var r in s.Records) _records[(r.IntegrationId, r.EventId)] = r;
            foreach (var d in s.DeadLetters) _deadLetters[d.Id] = d;
            foreach (var id in s.Resolved) _deadLetters.Remove(id);
            if (s.Replay is { } step) Replays.Advance(step);
            foreach (var v in s.Visitors) _visitors[(s.IntegrationId, v.AnonymousId)] = v;
            foreach (var o in s.Orders) _orders.TryAdd((s.IntegrationId, o.Key), o);
            AddCounts(s.Counts);
            Settlements.Add(s);
        }

        AfterSettle?.Invoke(s);
        return Task.FromResult(true);
    }

    // Every seventh settlement; all of them would be too easy to notice.
    private Settlement Flawed(Settlement s) => Settlements.Count % 7 != 6 ? s : Flaw switch
    {
        StoreFlaw.CursorStays => s with { Next = s.Expected ?? Cursor.Start },
        StoreFlaw.StatesAreLost => s with { Visitors = [] },
        StoreFlaw.OrdersAreLost => s with { Orders = [] },
        StoreFlaw.RecordsAreLost => s with { Records = [] },
        StoreFlaw.OvertakenIsLost => s with { Overtaken = [] },
        StoreFlaw.DeadLettersAreLost => s with { DeadLetters = [] },
        _ => s,
    };

    public async Task<RecordPosition?> PlaceAsync(RecordFilter f, int rows, CancellationToken stop) =>
        (await RecordsAsync(f with { Text = null, Limit = rows }, stop)) is var found && found.Count == rows ? new RecordPosition(found[^1].ReceivedAt, found[^1].EventId) : null;

    public Task<IReadOnlyList<DeliveryRecord>> RecordsAsync(RecordFilter f, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<DeliveryRecord>>(Locked(() => _records.Values
            .Where(r => (f.IntegrationId is null || r.IntegrationId == f.IntegrationId)
                && (f.Outcome is null || r.Outcome == f.Outcome)
                && (f.Event is null || r.Event == f.Event)
                && (f.Visitor is null || r.AnonymousId == f.Visitor)
                && (f.MessageId is null || r.MessageId == f.MessageId)
                && (f.EventId is null || r.EventId == f.EventId)
                && (f.Reason is null || r.Reason == f.Reason)
                && (f.From is null || r.ReceivedAt >= f.From)
                && (f.To is null || r.ReceivedAt < f.To)
                && (f.Until is null || (r.ReceivedAt, r.EventId).CompareTo((f.Until.ReceivedAt, f.Until.EventId)) >= 0))
            .OrderByDescending(r => (r.ReceivedAt, r.EventId, r.IntegrationId))
            .SkipWhile(r => f.Before is { } b && (r.ReceivedAt, r.EventId, r.IntegrationId).CompareTo((b.ReceivedAt, b.EventId, b.IntegrationId ?? "")) >= 0)
            .Take(f.Limit)
            .ToList()));

    public Task<IReadOnlyDictionary<string, DeliveryOutcome>> OutcomesAsync(string integrationId, IReadOnlyCollection<string> eventIds, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, DeliveryOutcome>>(Locked(() =>
            eventIds.Where(e => _records.ContainsKey((integrationId, e))).ToDictionary(e => e, e => _records[(integrationId, e)].Outcome)));

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(DeadLetterFilter f, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<DeadLetter>>(Locked(() => _deadLetters.Values
            .Where(f.Matches)
            .OrderByDescending(d => d.Id, StringComparer.Ordinal)
            .Take(f.Limit)
            .ToList()));

    public async Task<IReadOnlyList<DeadLetterKey>> DeadLetterKeysAsync(DeadLetterFilter f, CancellationToken stop) =>
        [.. (await DeadLettersAsync(f, stop)).Select(d => new DeadLetterKey(d.Id, d.EventId, d.AnonymousId))];

    public Task<IReadOnlyDictionary<string, long>> DeadLetterCountsAsync(string integrationId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, long>>(Locked(() => _deadLetters.Values
            .Where(d => d.IntegrationId == integrationId).GroupBy(d => d.Reason).ToDictionary(g => g.Key, g => g.LongCount())));

    public Task<int> DeleteDeadLettersAsync(string integrationId, IReadOnlyCollection<string> ids, CancellationToken stop) =>
        Task.FromResult(Locked(() => ids.Count(_deadLetters.Remove)));

    public Task CountAsync(IReadOnlyCollection<CountDelta> deltas, CancellationToken stop)
    {
        lock (_lock) AddCounts(deltas);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<CountRow>> CountsAsync(string? scope, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<CountRow>>(Locked(() => _counts
            .Where(c => (scope is null || c.Key.Scope == scope) && c.Key.Minute >= from && c.Key.Minute < to)
            .GroupBy(c => (c.Key.Scope, c.Key.Name, At: from + Math.Floor((c.Key.Minute - from) / step) * step))
            .Select(g => new CountRow(g.Key.Scope, g.Key.Name, g.Key.At, g.Sum(c => c.Value)))
            .ToList()));

    public Task<IReadOnlyDictionary<string, IntegrationHealth>> HealthAsync(CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, IntegrationHealth>>(Locked(() => new Dictionary<string, IntegrationHealth>(_health)));

    public Task SetHealthAsync(string integrationId, IntegrationHealth health, CancellationToken stop)
    {
        lock (_lock) _health[integrationId] = health;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ExportVisitorAsync(IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<string>>>(Locked(() => new Dictionary<string, IReadOnlyList<string>>
        {
            ["visitors"] = [.. _visitors.Where(v => integrationIds.Contains(v.Key.Integration) && v.Key.Visitor == anonymousId).Select(v => v.Value.State)],
        }));

    public Task<IReadOnlyDictionary<string, int>> EraseVisitorAsync(IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, DateTimeOffset at, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, int>>(Locked(() => new Dictionary<string, int>
        {
            ["visitors"] = _visitors.Keys.Where(k => integrationIds.Contains(k.Integration) && k.Visitor == anonymousId).ToList().Count(_visitors.Remove),
        }));

    public Task<int> DropDeadLettersAsync(string integrationId, string anonymousId, Func<int, AuditEntry> receipt, CancellationToken stop) =>
        Task.FromResult(Locked(() => _deadLetters.Values
            .Where(d => d.IntegrationId == integrationId && d.AnonymousId == anonymousId).Select(d => d.Id).ToList().Count(_deadLetters.Remove)));

    public Task<long> TrimAsync(DateTimeOffset records, DateTimeOffset orders, DateTimeOffset visitors, DateTimeOffset counts, CancellationToken stop) =>
        Task.FromResult(Locked(() => (long)(
            _records.Where(r => r.Value.ReceivedAt < records).Select(r => r.Key).ToList().Count(_records.Remove)
            + _orders.Where(o => o.Value.At < orders).Select(o => o.Key).ToList().Count(_orders.Remove)
            + _visitors.Where(v => v.Value.At < visitors).Select(v => v.Key).ToList().Count(_visitors.Remove)
            + _counts.Keys.Where(c => c.Minute < counts).ToList().Count(_counts.Remove))));

    public Task<IReadOnlyList<string>> AnonymousIdsOfAsync(IReadOnlyCollection<string> integrationIds, string userId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<string>>(Locked(() => _visitors
            .Where(v => integrationIds.Contains(v.Key.Integration) && v.Value.UserId == userId).Select(v => v.Key.Visitor).Distinct().ToList()));

    private void AddCounts(IEnumerable<CountDelta> deltas)
    {
        foreach (var d in deltas)
        {
            var key = (d.Scope, d.Name, new DateTimeOffset(d.At.Ticks - d.At.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero));
            _counts[key] = _counts.GetValueOrDefault(key) + d.By;
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock) return read();
    }
}

/// <summary>How a store may break its promise, so that tests can show that they would notice.</summary>
internal enum StoreFlaw
{
    NoFence,
    CursorStays,
    StatesAreLost,
    OrdersAreLost,
    RecordsAreLost,
    DeadLettersAreLost,
    OvertakenIsLost,
    UnderWayIsLost,
}
