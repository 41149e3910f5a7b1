namespace Signal.Log.Sqlite;

/// <summary>
/// Group commit: what waits is handed, a group at a time, to one thread that writes it. While one group is on its way to
/// the disk the next one gathers, so that many callers share one fsync.
/// </summary>
internal sealed class WriteQueue<T> : IDisposable
    where T : class
{
    private const int MostTurns = 8;

    private readonly Lock _gate = new();
    private readonly Queue<T> _waiting = new();
    private readonly List<T> _group = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly int _capacity;
    private readonly int _maxGroup;
    private readonly Func<T, int> _weight;
    private readonly Action<IReadOnlyList<T>> _write;
    private readonly Thread _thread;
    private bool _closed;

    /// <param name="name">The thread's name.</param>
    /// <param name="capacity">Items that may wait.</param>
    /// <param name="maxGroup">Weight of one group; an item that is heavier goes alone.</param>
    /// <param name="weight">What an item weighs.</param>
    /// <param name="write">Writes a group and tells its items; must not throw.</param>
    public WriteQueue(string name, int capacity, int maxGroup, Func<T, int> weight, Action<IReadOnlyList<T>> write)
    {
        (_capacity, _maxGroup, _weight, _write) = (capacity, maxGroup, weight, write);
        _thread = new Thread(Loop) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>False when too many wait, or the queue is closed.</summary>
    public bool TryAdd(T item)
    {
        lock (_gate)
        {
            if (_closed || _waiting.Count >= _capacity) return false;
            _waiting.Enqueue(item);
            if (_waiting.Count == 1) _arrived.Release();
            return true;
        }
    }

    /// <summary>Shows everything that is not written yet, the oldest first. Nothing is added or taken meanwhile.</summary>
    public void Look(Action<T> at)
    {
        lock (_gate)
        {
            _group.ForEach(at);
            foreach (var item in _waiting) at(item);
        }
    }

    /// <summary>Takes nothing more, writes what waits, and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }

        _arrived.Release();
        _thread.Join();
        _arrived.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            Gather();
            var closed = Take();
            if (_group.Count > 0)
            {
                _write(_group);
            }
            else if (closed)
            {
                return;
            }
            else
            {
                _arrived.Wait();
            }
        }
    }

    // Whoever was told of the last group is about to come back: while giving way brings more, the next fsync is better shared.
    private void Gather()
    {
        var (before, now) = (0, Waiting());
        for (var turn = 0; turn < MostTurns && now > before; turn++)
        {
            Thread.Yield();
            (before, now) = (now, Waiting());
        }
    }

    private int Waiting()
    {
        lock (_gate) return _waiting.Count;
    }

    // The next group in place of the one that is written. Answers whether the queue is closed, seen under the same lock as its emptiness.
    private bool Take()
    {
        lock (_gate)
        {
            _group.Clear();
            var weight = 0;
            while (_waiting.TryPeek(out var next) && (_group.Count == 0 || weight + _weight(next) <= _maxGroup))
            {
                weight += _weight(next);
                _group.Add(_waiting.Dequeue());
            }

            return _closed;
        }
    }
}
