using System.Threading.Channels;

namespace Signal.Log.Sqlite;

/// <summary>A fixed number of reading connections, opened when first used and lent to one caller at a time. The writer can hold them all for a moment.</summary>
internal sealed class ReaderPool<T> : IDisposable
    where T : class, IDisposable
{
    private readonly int _count;
    private readonly Func<T> _open;
    private readonly Channel<Lease> _idle = Channel.CreateUnbounded<Lease>();
    private int _generation;

    public ReaderPool(int count, Func<T> open)
    {
        (_count, _open) = (count, open);
        for (var i = 0; i < count; i++) _idle.Writer.TryWrite(new Lease(this));
    }

    /// <summary>Waits for a reader; dispose the lease to give it back.</summary>
    public ValueTask<Lease> RentAsync(CancellationToken stop) => _idle.Reader.ReadAsync(stop);

    /// <summary>From now on every reader opens the file anew: it may have been moved away and back.</summary>
    public void Reopen() => Interlocked.Increment(ref _generation);

    /// <summary>Runs <paramref name="action"/> while nobody reads; does nothing when readers don't end in time.</summary>
    public void WhileIdle(TimeSpan limit, Action action)
    {
        var held = new List<Lease>();
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            while (held.Count < _count) held.Add(RentAsync(deadline.Token).AsTask().GetAwaiter().GetResult());
            action();
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Somebody still reads; the next commit asks again.
            return;
        }
        finally
        {
            held.ForEach(lease => lease.Dispose());
        }
    }

    public void Dispose()
    {
        _idle.Writer.TryComplete();
        while (_idle.Reader.TryRead(out var lease)) lease.Discard();
    }

    /// <summary>The right to use one reader.</summary>
    internal sealed class Lease(ReaderPool<T> pool) : IDisposable
    {
        private T? _reader;
        private int _openedIn;

        /// <summary>Opens it when need be.</summary>
        public T Reader
        {
            get
            {
                var generation = Volatile.Read(ref pool._generation);
                if (_openedIn != generation) Discard();
                _openedIn = generation;
                return _reader ??= pool._open();
            }
        }

        /// <summary>It failed: the next user opens another.</summary>
        public void Discard()
        {
            _reader?.Dispose();
            _reader = null;
        }

        public void Dispose()
        {
            if (!pool._idle.Writer.TryWrite(this)) Discard();
        }
    }
}
