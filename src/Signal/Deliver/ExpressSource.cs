using Signal.Configure;
using Signal.Events;
using Signal.Log;
using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// An express lane's source: the newest of a partition, without the events of visitors of whom something waits in the lane it
/// overtakes. Those stay with that lane, in order. What the express lane itself is late with it leaves to the lane too,
/// when it is much.
/// </summary>
internal sealed class ExpressSource(IEventLog log, Integration integration, Express express, LaneServices services) : ILaneSource
{
    private const int Look = 1000;

    private Waiting? _waiting;
    private (int Session, long From)? _session;
    private long _leaveUpto;
    private long _known;

    public bool WritesStates => true;

    public bool RecordsDrops => true;

    public ExpressFence? Within => _session is var (_, from) ? new ExpressFence(express.Lane, from) : null;

    public ValueTask<long?> StartAsync(CancellationToken stop)
    {
        _session = express.Session is var session && express.From is { } from ? (session, from) : null;
        return ValueTask.FromResult(_session?.From);
    }

    public void Stands(Cursor? stored)
    {
        if (stored is null)
        {
            _waiting = null;
            _session = null;
            return;
        }

        if (_session is null && express.Session is var session && express.From is { } from) _session = (session, from);
        express.Stands(stored);
    }

    /// <summary>When it is to end, a lane that pauses must not be waited for.</summary>
    public Task? Changed => express.Changed;

    public ValueTask<Turn?> TurnAsync(Cursor at, CancellationToken stop)
    {
        if (_session is not var (session, _) || session != express.Session) return ValueTask.FromResult<Turn?>(null);
        if (at.IsWhole) express.Drain();
        return ValueTask.FromResult<Turn?>(new Turn(at));
    }

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Cursor from, int max, CancellationToken stop)
    {
        if (from.IsWhole && express.Drain()) return [];
        if (_waiting is null || from.Offset > _known) await LookAsync(from.Offset, stop);
        var records = await log.ReadAsync(express.Partition, from.Offset, max, stop);
        if (records.Count == 0)
        {
            // What was half done the log has let go of.
            express.Drain();
            return records;
        }

        var leaveUpto = from.IsWhole && await IsLateAsync(from.Offset, records[0], stop) ? _leaveUpto : 0;
        _known = records[^1].Offset;
        return [.. records.Select((r, i) => !IsBegun(from, r.Offset, i) && IsForTheLane(r, r.Offset <= leaveUpto) ? r with { Payload = ReadOnlyMemory<byte>.Empty } : r)];
    }

    public async ValueTask<IReadOnlyDictionary<string, string>> StatesAsync(long after, IReadOnlyList<Event> events, CancellationToken stop) =>
        await services.Store.VisitorsAsync(integration.Id, events.Select(e => e.AnonymousId).ToHashSet(), stop);

    public Settlement Complete(Settled settled) => settled.Settlement with { Overtaken = [.. settled.Passed.Select(e => e.Offset)] };

    public async Task WaitAsync(long after, CancellationToken stop)
    {
        var changed = express.Changed;
        if (express.From is null || express.Drained is not null) await changed.WaitAsync(stop);
        else if (!express.Ending) await Task.WhenAny(changed, log.WaitAsync(express.Partition, after, stop));
    }

    // Part of it is settled here already.
    private static bool IsBegun(Cursor from, long offset, int index) => (from.HitsDone > 0 && index == 0) || from.Ahead.Contains(offset);

    private bool IsForTheLane(LogRecord record, bool leave)
    {
        if (StoredVisitor.Of(record.Payload) is not { } visitor || visitor.SourceId != integration.SourceId) return leave;
        if (!leave && !_waiting!.Has(visitor, record.Offset)) return false;
        _waiting!.Add(visitor, record.Offset);
        return true;
    }

    private async ValueTask<bool> IsLateAsync(long offset, LogRecord next, CancellationToken stop)
    {
        if (offset < _leaveUpto) return true;
        var deadline = services.Time.GetUtcNow() - services.Options.OvertakeAfter;
        if (next.ReceivedAt >= deadline) return false;
        var late = await log.OffsetBeforeAsync(express.Partition, deadline, stop);
        if (late - offset <= services.Options.RunLength) return false;
        _leaveUpto = late;
        return true;
    }

    private async ValueTask<long> ReachedAsync(CancellationToken stop) =>
        (await services.Store.CursorAsync(express.Lane, express.Partition, stop))?.Offset ?? 0;

    /// <summary>Finds the visitors of whom something waits between the lane's cursor and an offset.</summary>
    private async Task LookAsync(long upto, CancellationToken stop)
    {
        var waiting = new Waiting();
        var after = await ReachedAsync(stop);
        while (after < upto)
        {
            var records = await log.ReadAsync(express.Partition, after, Look, stop);
            if (records.Count == 0) break;
            var overtaken = (await services.Store.OvertakenAsync(express.Lane, express.Partition, after, records[^1].Offset, stop)).ToHashSet();

            // What the lane has passed by now waits no more, and is no longer noted as overtaken.
            var reached = await ReachedAsync(stop);
            foreach (var record in records.TakeWhile(r => r.Offset <= upto).Where(r => r.Offset > reached && !overtaken.Contains(r.Offset)))
                if (StoredVisitor.Of(record.Payload) is { } visitor && visitor.SourceId == integration.SourceId) waiting.Add(visitor, record.Offset);
            after = records[^1].Offset;
        }

        _waiting = waiting;
        _known = upto;
    }
}
