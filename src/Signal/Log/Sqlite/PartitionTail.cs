namespace Signal.Log.Sqlite;

/// <summary>The end of a partition as committed, and who waits for it to move.</summary>
/// <param name="given">The greatest offset ever given away.</param>
/// <param name="held">The last offset that is still there; 0 when the partition is empty.</param>
internal sealed class PartitionTail(long given, long held)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _moved;
    private long _given = given;
    private long _held = held;

    /// <summary>The last offset that is there; 0 when the partition is empty.</summary>
    public long Last => Volatile.Read(ref _held);

    /// <summary>Records up to <paramref name="last"/> are committed.</summary>
    public void Advance(long last)
    {
        TaskCompletionSource? moved;
        lock (_gate)
        {
            if (last <= _given) return;
            _given = last;
            Volatile.Write(ref _held, last);
            (moved, _moved) = (_moved, null);
        }

        moved?.SetResult();
    }

    /// <summary>Every record was removed: whoever waits must wait for a new one.</summary>
    public void Empty()
    {
        lock (_gate) Volatile.Write(ref _held, 0);
    }

    /// <summary>Completes when a record beyond <paramref name="after"/> is there.</summary>
    public async Task WaitAsync(long after, CancellationToken stop)
    {
        while (Last <= after)
        {
            Task moved;
            lock (_gate)
            {
                if (_held > after) return;
                moved = (_moved ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await moved.WaitAsync(stop);
        }
    }
}
