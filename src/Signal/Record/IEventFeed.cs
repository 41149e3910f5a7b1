namespace Signal.Record;

/// <summary>What just happened to events, live, for the debugger. In memory and bounded; nothing depends on it.</summary>
public interface IEventFeed
{
    /// <summary>Somebody reads along, or the ring wants it: when false, publishing would be thrown away.</summary>
    bool Enabled { get; }

    /// <summary>Tells what was decided about an event at the door, or what became of a delivery. Never blocks, never throws.</summary>
    void Publish(FeedItem item);

    /// <summary>The newest items, newest first.</summary>
    IReadOnlyList<FeedItem> Recent(int limit, Func<FeedItem, bool>? filter = null);

    /// <summary>Takes what names a person out of the items that are held.</summary>
    void Forget(Func<FeedItem, bool> theirs);

    /// <summary>Items from now on, or those after <paramref name="after"/> that are still held and then on. A reader that is too slow misses some rather than hold anybody up.</summary>
    IAsyncEnumerable<FeedItem> Subscribe(Func<FeedItem, bool>? filter, CancellationToken stop, long? after = null);
}

/// <summary>One thing that happened to one event.</summary>
/// <param name="At">When.</param>
/// <param name="Stage"><c>accepted, dropped, rejected, delivered, retrying, dead_letter</c></param>
/// <param name="SourceId">Where it came from.</param>
/// <param name="IntegrationId">Where it went, or null at the door.</param>
/// <param name="EventId"><c>evt_…</c>, or null when rejected before it had one.</param>
/// <param name="MessageId">The sender's id, or null.</param>
/// <param name="Type">page, track, … or null.</param>
/// <param name="Event">The event's name, or null.</param>
/// <param name="AnonymousId">The visitor, or null.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Detail">For people: which field, which consent decision, which answer.</param>
public sealed record FeedItem(
    DateTimeOffset At,
    string Stage,
    string SourceId,
    string? IntegrationId,
    string? EventId,
    string? MessageId,
    string? Type,
    string? Event,
    string? AnonymousId,
    string? Reason,
    string? Detail)
{
    /// <summary>Its place in the feed, which the feed gives it; grows, also across restarts.</summary>
    public long Sequence { get; init; }
}
