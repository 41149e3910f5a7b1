using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Signal.Record;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeEventFeed : IEventFeed
{
    private readonly ConcurrentDictionary<Channel<FeedItem>, bool> _readers = new();
    private readonly List<FeedItem> _items = [];

    public bool Enabled => true;

    /// <summary>How many read along.</summary>
    public int Readers => _readers.Count;

    public void Publish(FeedItem item)
    {
        lock (_items) _items.Insert(0, item = item with { Sequence = _items.Count + 1 });
        foreach (var reader in _readers.Keys) reader.Writer.TryWrite(item);
    }

    public IReadOnlyList<FeedItem> Recent(int limit, Func<FeedItem, bool>? filter = null)
    {
        lock (_items) return [.. _items.Where(i => filter is null || filter(i)).Take(limit)];
    }

    public void Forget(Func<FeedItem, bool> theirs)
    {
        lock (_items) Forgotten += _items.Count(theirs);
    }

    /// <summary>Items that were to be forgotten.</summary>
    public int Forgotten { get; private set; }

    public async IAsyncEnumerable<FeedItem> Subscribe(Func<FeedItem, bool>? filter, [EnumeratorCancellation] CancellationToken stop, long? after = null)
    {
        var channel = Channel.CreateUnbounded<FeedItem>();
        _readers[channel] = true;
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(stop))
                if (filter is null || filter(item)) yield return item;
        }
        finally
        {
            _readers.TryRemove(channel, out _);
        }
    }
}
