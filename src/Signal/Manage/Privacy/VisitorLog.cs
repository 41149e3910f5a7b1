using System.Text.Json;
using Signal.Events;
using Signal.Log;

namespace Signal.Manage.Privacy;

/// <summary>Finds a person's events in the log. Reading a whole log takes its time; privacy requests are rare.</summary>
internal sealed class VisitorLog(IEventLog log)
{
    private const int Step = 1000;

    /// <summary>A visitor's events at a source.</summary>
    public async Task<IReadOnlyList<Event>> OfVisitorAsync(string sourceId, string anonymousId, CancellationToken stop)
    {
        var events = new List<Event>();
        await foreach (var found in ReadAsync(Partitioning.Of(sourceId, anonymousId, log.Partitions), anonymousId, stop))
            if (found.SourceId == sourceId && found.AnonymousId == anonymousId) events.Add(found);
        return events;
    }

    /// <summary>The visitors whose events carry a user id.</summary>
    public async Task<IReadOnlySet<FoundVisitor>> OfUserAsync(string userId, CancellationToken stop)
    {
        var visitors = new HashSet<FoundVisitor>();
        for (var partition = 0; partition < log.Partitions; partition++)
            await foreach (var found in ReadAsync(partition, userId, stop))
                if (found.UserId == userId) visitors.Add(new FoundVisitor(found.SourceId, found.AnonymousId));
        return visitors;
    }

    /// <summary>Overwrites the events that mention one of the ids and are theirs, in one pass over the log. Answers how many.</summary>
    public async Task<int> EraseAsync(IEnumerable<string> ids, Func<Event, bool> areTheirs, CancellationToken stop)
    {
        var needles = ids.Distinct().Select(Needle).ToArray();
        return await log.EraseAsync(
            payload => Array.Exists(needles, n => payload.Span.IndexOf(n) >= 0) && EventCodec.TryRead(payload) is { } e && areTheirs(e), stop);
    }

    private async IAsyncEnumerable<Event> ReadAsync(int partition, string id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var needle = Needle(id);
        long after = 0;
        while (await log.ReadAsync(partition, after, Step, stop) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
                if (row.Payload.Span.IndexOf(needle) >= 0 && EventCodec.TryRead(row.Payload) is { } found) yield return found;
            after = rows[^1].Offset;
        }
    }

    // The id as the stored form writes it: most rows are passed over without parsing them.
    private static byte[] Needle(string id) => JsonEncodedText.Encode(id).EncodedUtf8Bytes.ToArray();
}
