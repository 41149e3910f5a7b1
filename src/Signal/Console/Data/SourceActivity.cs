using Signal.Record;
using Signal.State;

namespace Signal.Console.Data;

/// <summary>What came from a source lately.</summary>
/// <param name="Hours">Events received in each of the last 24 hours.</param>
/// <param name="Last">When the last one came; null when none did in that time.</param>
internal sealed record SourceFlow(IReadOnlyList<long> Hours, DateTimeOffset? Last);

/// <summary>Reads what came from sources.</summary>
internal sealed class SourceActivity(IDeliveryStore store, IEventFeed feed, TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>By source; a source without events is left out.</summary>
    public async Task<IReadOnlyDictionary<string, SourceFlow>> ReadAsync(string? sourceId, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var from = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Hour.Ticks), TimeSpan.Zero) - (23 * Hour);
        var received = (await store.CountsAsync(sourceId, from, now + Hour, Hour, stop)).Where(r => r.Name == "received").ToList();
        var recent = feed.Recent(1000, i => i.IntegrationId is null && (sourceId is null || i.SourceId == sourceId)).GroupBy(i => i.SourceId).ToDictionary(g => g.Key, g => g.Max(i => i.At));
        return received.Select(r => r.Scope).Union(recent.Keys).ToDictionary(id => id, id => Flow(received.Where(r => r.Scope == id), from, recent.TryGetValue(id, out var at) ? at : null));
    }

    private static SourceFlow Flow(IEnumerable<CountRow> rows, DateTimeOffset from, DateTimeOffset? last)
    {
        var hours = new long[24];
        foreach (var row in rows)
        {
            var hour = (int)((row.At - from) / Hour);
            if (hour is >= 0 and < 24) hours[hour] += row.Count;
            if (last is null || row.At > last) last = row.At;
        }

        return new SourceFlow(hours, last);
    }
}
