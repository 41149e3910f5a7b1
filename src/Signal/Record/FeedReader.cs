using System.Threading.Channels;

namespace Signal.Record;

/// <summary>One reader of the live feed; enumerated once. Leaves the feed when disposed or cancelled.</summary>
internal sealed class FeedReader : IAsyncEnumerable<FeedItem>, IAsyncEnumerator<FeedItem>
{
    private readonly Channel<FeedItem> _items;
    private readonly Func<FeedItem, bool>? _filter;
    private readonly Action<FeedReader> _leave;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenRegistration _registration;
    private CancellationToken _enumeration;

    public FeedReader(int behind, Func<FeedItem, bool>? filter, Action<FeedReader> leave, CancellationToken stop)
    {
        _items = Channel.CreateBounded<FeedItem>(new BoundedChannelOptions(behind) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        _filter = filter;
        _leave = leave;
        _stop = stop;
        _registration = stop.Register(() => leave(this));
    }

    public FeedItem Current { get; private set; } = null!;

    /// <summary>Takes an item; the oldest waiting one makes room.</summary>
    public void Offer(FeedItem item) => _items.Writer.TryWrite(item);

    public IAsyncEnumerator<FeedItem> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        _enumeration = cancellationToken;
        return this;
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop, _enumeration);
        while (true)
        {
            var item = await _items.Reader.ReadAsync(either.Token);
            if (_filter is not null && !_filter(item)) continue;
            Current = item;
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _leave(this);
        await _registration.DisposeAsync();
    }
}
