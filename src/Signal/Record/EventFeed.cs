namespace Signal.Record;

/// <summary>The newest items in a ring, and a bounded channel for each reader; both forget the oldest rather than hold anybody up.</summary>
internal sealed class EventFeed(TimeProvider time) : IEventFeed
{
    /// <summary>Items kept for those who look later.</summary>
    internal const int Kept = 1000;

    /// <summary>Items a slow reader may be behind.</summary>
    internal const int Behind = 500;

    private readonly Lock _lock = new();
    private readonly FeedItem[] _ring = new FeedItem[Kept];
    private readonly List<FeedReader> _readers = [];
    // From the clock, so that it grows across restarts: no feed sees a thousand items a millisecond for as long as it lives.
    private readonly long _before = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
    private long _count;

    /// <summary>Always: the ring wants every item.</summary>
    public bool Enabled => true;

    /// <inheritdoc/>
    public void Publish(FeedItem item)
    {
        lock (_lock)
        {
            var placed = item with { Sequence = _before + _count };
            _ring[_count++ % Kept] = placed;
            foreach (var reader in _readers) reader.Offer(placed);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FeedItem> Recent(int limit, Func<FeedItem, bool>? filter = null)
    {
        FeedItem[] newestFirst;
        lock (_lock) newestFirst = NewestFirst();
        return [.. newestFirst.Where(i => filter is null || filter(i)).Take(limit)];
    }

    /// <inheritdoc/>
    public void Forget(Func<FeedItem, bool> theirs)
    {
        lock (_lock)
        {
            for (var i = 0; i < Math.Min(_count, Kept); i++)
                if (theirs(_ring[i])) _ring[i] = _ring[i] with { MessageId = null, Event = null, AnonymousId = null, Detail = null };
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FeedItem> Subscribe(Func<FeedItem, bool>? filter, CancellationToken stop, long? after = null)
    {
        var reader = new FeedReader(Behind, filter, Leave, stop);
        lock (_lock)
        {
            if (after is not null)
                foreach (var missed in NewestFirst().TakeWhile(i => i.Sequence > after).Reverse()) reader.Offer(missed);
            _readers.Add(reader);
        }

        return reader;
    }

    private FeedItem[] NewestFirst()
    {
        var items = new FeedItem[Math.Min(_count, Kept)];
        for (var i = 0; i < items.Length; i++) items[i] = _ring[(_count - 1 - i) % Kept];
        return items;
    }

    private void Leave(FeedReader reader)
    {
        lock (_lock) _readers.Remove(reader);
    }
}
