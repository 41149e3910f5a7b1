using Signal.Configure;
using Signal.Events;
using Signal.Log;
using Signal.State;

namespace Signal.Record;

/// <summary>Counts the events an integration will never deliver because the log lets go of them, and trims the log.</summary>
internal sealed class Expiry(IEventLog log, IDeliveryStore store, IConfigurationFeed feed, ICounters counters)
{
    private const int Step = 500;

    /// <summary>Trims the log. Answers how many records went.</summary>
    public async Task<long> TrimAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop)
    {
        for (var partition = 0; partition < log.Partitions; partition++)
        {
            var last = await log.OffsetBeforeAsync(partition, before, stop);
            if (last > 0) await CountAsync(partition, last, stop);
        }

        var trimmed = await log.TrimAsync(before, null, stop);
        return maxBytes is null ? trimmed : trimmed + await TrimToSizeAsync(before, maxBytes, stop);
    }

    // By age it is known beforehand what goes, so it is counted by reading it.
    private async Task CountAsync(int partition, long last, CancellationToken stop)
    {
        var waiting = new List<(Integration Integration, long After)>();
        foreach (var integration in feed.Current.Integrations.Values)
        {
            if (await store.CursorAsync(integration.Id, partition, stop) is { } cursor && cursor.Offset < last) waiting.Add((integration, cursor.Offset));
        }

        for (var after = waiting.Count > 0 ? waiting.Min(w => w.After) : last; after < last;)
        {
            var records = await log.ReadAsync(partition, after, Step, stop);
            if (records.Count == 0) return;
            var overtaken = new Dictionary<string, HashSet<long>>();
            foreach (var (integration, _) in waiting)
                overtaken[integration.Id] = [.. await store.OvertakenAsync(integration.Id, partition, after, records[^1].Offset, stop)];
            foreach (var record in records.TakeWhile(r => r.Offset <= last))
            {
                var source = record.Payload.IsEmpty ? null : StoredSource.Of(record.Payload);
                foreach (var (integration, from) in waiting)
                    if (record.Offset > from && integration.SourceId == source && !overtaken[integration.Id].Contains(record.Offset)) counters.Add(integration.Id, $"dropped:{Reasons.Expired}");
            }

            after = records[^1].Offset;
        }
    }

    // What goes by size is known only afterwards: the difference of what waited. With several sources in one log that counts
    // the others' events too, which is the better error when a log overflows.
    private async Task<long> TrimToSizeAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop)
    {
        var lanes = new List<(string Id, int Partition, long After, LogExtent Before)>();
        foreach (var integration in feed.Current.Integrations.Values)
        {
            for (var partition = 0; partition < log.Partitions; partition++)
            {
                if (await store.CursorAsync(integration.Id, partition, stop) is { } cursor)
                    lanes.Add((integration.Id, partition, cursor.Offset, await log.ExtentAsync(partition, cursor.Offset, stop)));
            }
        }

        var trimmed = await log.TrimAsync(before, maxBytes, stop);
        if (trimmed == 0) return 0;
        foreach (var lane in lanes)
        {
            var extent = await log.ExtentAsync(lane.Partition, lane.After, stop);
            var left = extent.Waiting - (await log.ExtentAsync(lane.Partition, lane.Before.Last, stop)).Waiting;
            var delivered = (await store.OvertakenAsync(lane.Id, lane.Partition, lane.After, extent.First - 1, stop)).Count;
            if (lane.Before.Waiting - delivered > left) counters.Add(lane.Id, $"dropped:{Reasons.Expired}", lane.Before.Waiting - delivered - left);
        }

        return trimmed;
    }
}
