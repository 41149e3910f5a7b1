using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Signal.Record;

namespace Signal.Tests.Fakes;

/// <summary>Keeps what was published.</summary>
internal sealed class FakeEventFeed : IEventFeed
{
    private readonly ConcurrentQueue<FeedItem> _items = new();

    public bool Enabled { get; set; } = true;

    public void Publish(FeedItem item) => _items.Enqueue(item);

    public IReadOnlyList<FeedItem> Recent(int limit, Func<FeedItem, bool>? filter = null) =>
        [.. _items.Reverse().Where(filter ?? (_ => true)).Take(limit)];

    public void Forget(Func<FeedItem, bool> theirs)
    {
        Forgotten += _items.Count(theirs);
    }

    /// <summary>Items that were to be forgotten.</summary>
    public int Forgotten { get; private set; }

    public async IAsyncEnumerable<FeedItem> Subscribe(Func<FeedItem, bool>? filter, [EnumeratorCancellation] CancellationToken stop, long? after = null)
    {
        var seen = 0;
        while (!stop.IsCancellationRequested)
        {
            foreach (var item in _items.Skip(seen).Where(filter ?? (_ => true))) yield return item;
            seen = _items.Count;
            await Task.Delay(10, stop);
        }
    }
}
