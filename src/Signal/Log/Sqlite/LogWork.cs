namespace Signal.Log.Sqlite;

/// <summary>Something for the writer to do. Told exactly once: done or failed.</summary>
internal abstract class LogWork
{
    /// <summary>What it weighs in a group.</summary>
    public abstract int Weight { get; }

    /// <summary>Nothing of it is promised.</summary>
    public abstract void Fail(Exception e);
}

/// <summary>A call that waits for its entries to be on the disk.</summary>
/// <param name="entries">What to write.</param>
/// <param name="since">When it began to wait, as <see cref="TimeProvider.GetTimestamp"/> tells it.</param>
internal sealed class PendingAppend(IReadOnlyList<LogAppend> entries, long since) : LogWork
{
    private readonly TaskCompletionSource<bool[]> _done = new();
    private readonly bool[] _appended = new bool[entries.Count];

    public Task<bool[]> Done => _done.Task;

    /// <summary>When it began to wait.</summary>
    public long Since => since;

    /// <summary>Nobody waits for it any more; it need not be written.</summary>
    public volatile bool Abandoned;

    public override int Weight => entries.Count;

    public override void Fail(Exception e) =>
        ThreadPool.UnsafeQueueUserWorkItem(static told => told.Done.TrySetException(told.Why), (Done: _done, Why: e), preferLocal: false);

    /// <summary>Writes the entries into the open transaction.</summary>
    public void Write(LogFile file)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            _appended[i] = file.Keys.Remember(entry.MessageKey);
            if (_appended[i]) file.Append(entry.Partition, entry.ReceivedAt.ToUnixTimeMilliseconds(), entry.Payload.Span);
        }
    }

    /// <summary>The transaction is on the disk. What waits for that goes on at once, on this thread.</summary>
    public void Complete() => _done.TrySetResult(_appended);
}

/// <summary>A small piece of upkeep, run between appends.</summary>
internal sealed class LogStep<T>(bool transaction, Func<LogFile, T> step) : LogStep(transaction)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Run(LogFile file) => _result = step(file);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception e) => _done.TrySetException(e);
}

/// <summary>A step without its result.</summary>
internal abstract class LogStep(bool transaction) : LogWork
{
    /// <summary>Runs in a transaction of its own.</summary>
    public bool Transaction => transaction;

    public override int Weight => 1;

    public abstract void Run(LogFile file);

    public abstract void Complete();
}
