namespace Signal.Record;

/// <summary>The newest items in a ring, and a bounded channel for each reader; both forget the oldest rather than hold anybody up.</summary>
internal sealed class EventFeed : IEventFeed
{
    /// <summary>Items kept for those who look later.</summary>
    internal const int Kept = 1000;

    /// <summary>Items a slow reader may be behind.</summary>
    internal const int Behind = 500;

    private readonly Lock _lock = new();
    private readonly FeedItem[] _ring = new FeedItem[Kept];
    private readonly List<FeedReader> _readers = [];
    private long _count;

    /// <summary>Always: the ring wants every item.</summary>
    public bool Enabled => true;

    /// <inheritdoc/>
    public void Publish(FeedItem item)
    {
        lock (_lock)
        {
            _ring[_count++ % Kept] = item;
            foreach (var reader in _readers) reader.Offer(item);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FeedItem> Recent(int limit, Func<FeedItem, bool>? filter = null)
    {
        FeedItem[] newestFirst;
        lock (_lock)
        {
            newestFirst = new FeedItem[Math.Min(_count, Kept)];
            for (var i = 0; i < newestFirst.Length; i++) newestFirst[i] = _ring[(_count - 1 - i) % Kept];
        }

        return [.. newestFirst.Where(i => filter is null || filter(i)).Take(limit)];
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FeedItem> Subscribe(Func<FeedItem, bool>? filter, CancellationToken stop)
    {
        var reader = new FeedReader(Behind, filter, Leave, stop);
        lock (_lock) _readers.Add(reader);
        return reader;
    }

    private void Leave(FeedReader reader)
    {
        lock (_lock) _readers.Remove(reader);
    }
}
