using Signal.Events;
using Signal.Log;
using Signal.State;

namespace Signal.Deliver;

/// <summary>A replay's source: a range of a partition, of which some events are sent and the others only change their visitors' states.</summary>
internal sealed class RangeSource(
    IEventLog log, ReplayFilterReader reader, string integrationId, string sourceId, ReplayRange range, ReplayWork work, Backstory story, ReplayProgress progress) : ILaneSource
{
    private IReadOnlySet<string> _selected = new HashSet<string>();

    public bool WritesStates => false;

    public bool RecordsDrops => false;

    public ValueTask<long?> StartAsync(CancellationToken stop) => ValueTask.FromResult<long?>(range.After);

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Cursor from, int max, CancellationToken stop)
    {
        // A limited replay reads little at a time, so that a bulk does not hold many seconds' worth.
        if (work.Rate is { } rate) max = Math.Clamp((int)Math.Ceiling(rate), 1, max);
        var records = (await log.ReadAsync(range.Partition, from.Offset, max, stop)).TakeWhile(r => r.Offset <= range.Last).ToList();
        var events = records.Select(r => Candidate.Of(r, 0, sourceId)?.Event).OfType<Event>().ToList();
        _selected = await reader.SelectAsync(integrationId, work.Filter, events, stop);
        return records;
    }

    public async ValueTask<IReadOnlyDictionary<string, string>> StatesAsync(long after, IReadOnlyList<Event> events, CancellationToken stop)
    {
        await story.TellAsync(after, null, null, stop);
        return story.StatesOf(events.Select(e => e.AnonymousId));
    }

    public bool Selects(Event e) => _selected.Contains(e.Id);

    public Settlement Complete(Settled settled) => settled.Settlement with { Replay = progress.StepOf(settled) };

    public async ValueTask SettledAsync(Settled settled, CancellationToken stop)
    {
        story.Take(settled.Passed, settled.Settlement.Next.Offset);
        await progress.LookAsync(settled, stop);
    }

    /// <summary>A replay does not wait: at its end it is done.</summary>
    public Task WaitAsync(long after, CancellationToken stop) => Task.CompletedTask;
}
