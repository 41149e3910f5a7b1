using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// What a lane and its express lane agree on, for one integration and partition in one process. The lane says whether there is an express
/// lane, by its cursor; the express lane says how far it has come, and when it has nothing half done. Safe for both at once.
/// </summary>
internal sealed class Express(string lane, int partition)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _from;
    private Cursor? _stands;
    private bool _ending;
    private Cursor? _drained;
    private int _session;

    public string Lane => lane;

    public int Partition => partition;

    /// <summary>Where the express lane started; null when there is none.</summary>
    public long? From
    {
        get
        {
            lock (_lock) return _from;
        }
    }

    /// <summary>Changes when the express lane must look again where it stands.</summary>
    public int Session
    {
        get
        {
            lock (_lock) return _session;
        }
    }

    /// <summary>The lane must not read beyond this: up to it everything is settled or the lane's.</summary>
    public long Reached
    {
        get
        {
            lock (_lock) return _stands?.Offset ?? _from ?? long.MaxValue;
        }
    }

    /// <summary>The express lane is to take up nothing new.</summary>
    public bool Ending
    {
        get
        {
            lock (_lock) return _ending;
        }
    }

    /// <summary>Where the express lane stood when it had nothing half done and took up nothing new; null until then.</summary>
    public Cursor? Drained
    {
        get
        {
            lock (_lock) return _drained;
        }
    }

    /// <summary>Whether a lane that stands there can do nothing before the next change.</summary>
    public bool HoldsUp(long offset)
    {
        lock (_lock) return _from is not null && (_stands is null || (_ending && _drained is null && offset >= _stands.Offset));
    }

    /// <summary>Completes at the next change; take it before looking.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>The lane's cursor says that there is an express lane since an offset, or that there is none.</summary>
    public void Is(long? from)
    {
        lock (_lock)
        {
            if (_from == from) return;
            _from = from;
            _ending = false;
            Restart();
        }

        Tell();
    }

    /// <summary>Another process may have moved either lane.</summary>
    public void LookAgain()
    {
        lock (_lock) Restart();
        Tell();
    }

    /// <summary>The lane stands there: when it has caught up, the express lane is to end. Answers where that stood when it had nothing half done; null until then.</summary>
    public Cursor? EndAt(long offset)
    {
        lock (_lock)
        {
            if (_from is null || _stands is null || offset < _stands.Offset) return null;
            if (_ending) return _drained;
            _ending = true;
        }

        Tell();
        return null;
    }

    /// <summary>The express lane's cursor is stored.</summary>
    public void Stands(Cursor? stored)
    {
        lock (_lock)
        {
            if (_from is null) return;
            _stands = stored;
            _drained = null;
        }

        Tell();
    }

    /// <summary>The express lane is asked for more and has nothing half done: if it is to end, it takes up nothing any more. Answers whether it ends.</summary>
    public bool Drain()
    {
        lock (_lock)
        {
            if (!_ending) return false;
            _drained = _stands;
        }

        Tell();
        return true;
    }

    private void Restart()
    {
        _stands = _drained = null;
        _session++;
    }

    private void Tell() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
