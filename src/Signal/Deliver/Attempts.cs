using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// How often the events at the front of a partition were sent, and of which nobody knows whether they were recorded. A lane and its
/// express lane share one, since what the one has tried may be left to the other. Written down before each request, so that a
/// process that is killed meanwhile leaves word of what was under way. Safe for both lanes at once.
/// </summary>
/// <param name="store">Where they are written down.</param>
/// <param name="place">The lane's own place, its express lane's too.</param>
/// <param name="log">Told when that fails.</param>
internal sealed class Attempts(IUnderWayStore store, LanePlace place, ILogger log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Entry> _entries = [];

    /// <summary>The place of the lane whose cursor says what is settled.</summary>
    public LanePlace Place => place;

    private SemaphoreSlim Writing { get; } = new(1);

    /// <summary>Takes over what another process, or an earlier one, has noted.</summary>
    public async Task LoadAsync(CancellationToken stop)
    {
        try
        {
            var noted = await store.FindAsync(place.Lane, place.Partition, stop);
            lock (_lock) foreach (var e in noted) _entries.TryAdd(e.Offset, new Entry(e.Attempts, null, e.Unknown));
        }
        catch (StateUnavailableException e)
        {
            log.UnderWayNotNoted(e, place);
        }
    }

    /// <summary>Events are about to be sent: counts it and writes it down. When that fails they are sent all the same.</summary>
    public async Task BeginAsync(IEnumerable<PlannedEvent> events, DateTimeOffset now, CancellationToken stop)
    {
        lock (_lock)
        {
            foreach (var e in events)
            {
                var known = _entries.GetValueOrDefault(e.Offset) ?? new Entry(0, null, false);
                e.Attempts = known.Count + 1;
                e.MayBeThere = known.Unknown || known.UnderWay;
                _entries[e.Offset] = known with { Count = e.Attempts, Since = known.Since ?? now, Unknown = e.MayBeThere, UnderWay = true };
            }
        }

        await WriteAsync(stop);
    }

    /// <summary>The request is over. The next note says so.</summary>
    /// <param name="events">What it held.</param>
    /// <param name="unknown">It will be sent again, and may be recorded.</param>
    public void Answered(IEnumerable<PlannedEvent> events, bool unknown = false)
    {
        lock (_lock)
        {
            foreach (var e in events)
                if (_entries.TryGetValue(e.Offset, out var entry)) _entries[e.Offset] = entry with { UnderWay = false, Unknown = entry.Unknown || unknown };
        }
    }

    /// <summary>The request is over, and what it held will be sent again: writes that down.</summary>
    /// <param name="events">What it held.</param>
    /// <param name="unknown">It may be recorded.</param>
    /// <param name="stop">Ends waiting.</param>
    public Task FailedAsync(IEnumerable<PlannedEvent> events, bool unknown, CancellationToken stop)
    {
        Answered(events, unknown);
        return WriteAsync(stop);
    }

    /// <summary>When this process first sent the event.</summary>
    public DateTimeOffset? Since(long offset)
    {
        lock (_lock) return _entries.GetValueOrDefault(offset)?.Since;
    }

    /// <summary>These are settled. The next note says so.</summary>
    public void Settled(IEnumerable<PlannedEvent> events)
    {
        lock (_lock) foreach (var e in events) _entries.Remove(e.Offset);
    }

    /// <summary>All up to an offset are settled, by whomever.</summary>
    public void Settled(long upto)
    {
        lock (_lock) foreach (var offset in _entries.Keys.Where(o => o <= upto).ToList()) _entries.Remove(offset);
    }

    /// <summary>Writes down what there is.</summary>
    public async Task WriteAsync(CancellationToken stop)
    {
        await Writing.WaitAsync(stop);
        try
        {
            List<UnderWay> events;
            lock (_lock) events = [.. _entries.Select(e => new UnderWay(e.Key, e.Value.Count, e.Value.Unknown || e.Value.UnderWay))];
            await store.NoteAsync(place.Lane, place.Partition, events, stop);
        }
        catch (StateUnavailableException e)
        {
            log.UnderWayNotNoted(e, place);
        }
        finally
        {
            Writing.Release();
        }
    }

    private sealed record Entry(int Count, DateTimeOffset? Since, bool Unknown, bool UnderWay = false);
}
