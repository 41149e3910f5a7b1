using Signal.Configure;
using Signal.Events;
using Signal.Log;
using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// A live lane's source: a partition of the log and the stored states. When the lane is far behind it is given an express lane, and
/// leaves out what that has settled; when it has caught up with it, that ends.
/// </summary>
internal sealed class LogSource(IEventLog log, Integration integration, Express express, LaneServices services) : ILaneSource
{
    private LogRecord? _next;
    private long? _overtakenUpto;

    // What was received before then is late.
    private DateTimeOffset Deadline => services.Time.GetUtcNow() - services.Options.OvertakeAfter;

    public bool WritesStates => true;

    public bool RecordsDrops => true;

    /// <summary>A new integration starts with what was received since it was made; what is older is a replay's.</summary>
    public async ValueTask<long?> StartAsync(CancellationToken stop) => await log.OffsetBeforeAsync(express.Partition, integration.CreatedAt, stop);

    public void Stands(Cursor? stored)
    {
        if (stored is not null)
        {
            express.Is(stored.Express);
            return;
        }

        _overtakenUpto = null;
        express.LookAgain();
    }

    public async ValueTask<Turn?> TurnAsync(Cursor at, CancellationToken stop)
    {
        if (at.Express is null) return new Turn(_next is { } next && next.ReceivedAt < Deadline ? await WithExpressAsync(at, next, stop) : at);
        if (express.EndAt(at.Offset) is not { } drained) return new Turn(at);
        _overtakenUpto = null;
        return new Turn(at with { Express = null }, drained);
    }

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Cursor from, int max, CancellationToken stop)
    {
        var reached = from.Express is null ? long.MaxValue : express.Reached;
        if (reached <= from.Offset) return [];
        var records = await log.ReadAsync(express.Partition, from.Offset, max, stop);
        _next = records.Count > 0 ? records[0] : null;
        records = [.. records.TakeWhile(r => r.Offset <= reached)];
        // What stood there was let go of by the log.
        if (records.Count == 0 && from.Express is not null) return [new LogRecord(reached, DateTimeOffset.MinValue, ReadOnlyMemory<byte>.Empty)];
        var overtaken = await OvertakenAsync(from, records, stop);
        return overtaken.Count == 0 ? records : [.. records.Select(r => overtaken.Contains(r.Offset) ? r with { Payload = ReadOnlyMemory<byte>.Empty } : r)];
    }

    public async ValueTask<IReadOnlyDictionary<string, string>> StatesAsync(long after, IReadOnlyList<Event> events, CancellationToken stop) =>
        await services.Store.VisitorsAsync(integration.Id, events.Select(e => e.AnonymousId).ToHashSet(), stop);

    public Settlement Complete(Settled settled) => settled.Settlement;

    public async Task WaitAsync(long after, CancellationToken stop)
    {
        var changed = express.Changed;
        if (express.HoldsUp(after)) await changed.WaitAsync(stop);
        else if (express.From is null) await Task.WhenAny(changed, log.WaitAsync(express.Partition, after, stop));
    }

    // What is late of a long backlog is the lane's, and what comes after it the express lane's. Of a short one the lane keeps what it is
    // at: perhaps the destination fails on just that.
    private async ValueTask<Cursor> WithExpressAsync(Cursor at, LogRecord next, CancellationToken stop)
    {
        var late = await log.OffsetBeforeAsync(express.Partition, Deadline, stop);
        if (late <= at.Offset) return at;
        var isLong = late - at.Offset > services.Options.RunLength;
        var from = isLong || next.Offset <= at.Offset ? late : next.Offset;

        // What is settled beyond it already is not for the express lane either.
        var overtaken = (await services.Store.OvertakenExtentAsync(express.Lane, express.Partition, stop)).Last;
        return at with { Express = at.Ahead.Append(from).Append(overtaken).Max() };
    }

    private async ValueTask<HashSet<long>> OvertakenAsync(Cursor from, IReadOnlyList<LogRecord> records, CancellationToken stop)
    {
        if (records.Count == 0) return [];
        if (from.Express is null)
        {
            _overtakenUpto ??= (await services.Store.OvertakenExtentAsync(express.Lane, express.Partition, stop)).Last;
            if (from.Offset >= _overtakenUpto) return [];
        }

        return [.. await services.Store.OvertakenAsync(express.Lane, express.Partition, from.Offset, records[^1].Offset, stop)];
    }
}
