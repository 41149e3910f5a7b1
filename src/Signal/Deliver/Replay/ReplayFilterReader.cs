using Signal.Events;
using Signal.Log;
using Signal.State;
using Signal.Record;

namespace Signal.Deliver;

/// <summary>Finds the events of a range that a replay wants.</summary>
internal sealed class ReplayFilterReader(IEventLog log, IDeliveryStore store)
{
    private const int Step = 500;

    /// <summary>How many events of the ranges match.</summary>
    public async Task<long> CountAsync(string integrationId, string sourceId, ReplayWork work, CancellationToken stop)
    {
        long matched = 0;
        foreach (var range in work.Ranges)
        {
            for (var after = range.After; after < range.Last;)
            {
                var records = await log.ReadAsync(range.Partition, after, Step, stop);
                if (records.Count == 0) break;
                after = records[^1].Offset;
                var events = records.Where(r => r.Offset <= range.Last).Select(r => Candidate.Of(r, 0, sourceId)?.Event).OfType<Event>().ToList();
                matched += (await SelectAsync(integrationId, work.Filter, events, stop)).Count;
            }
        }

        return matched;
    }

    /// <summary>The ids of those among the events that match.</summary>
    public async Task<IReadOnlySet<string>> SelectAsync(string integrationId, ReplayFilter filter, IReadOnlyList<Event> events, CancellationToken stop)
    {
        var matching = events.Where(filter.Matches).Select(e => e.Id).ToHashSet();
        if (filter.Outcome is not { } outcome || matching.Count == 0) return matching;
        var outcomes = await store.OutcomesAsync(integrationId, matching, stop);
        return matching.Where(id => outcomes.TryGetValue(id, out var found) && found == outcome).ToHashSet();
    }
}
