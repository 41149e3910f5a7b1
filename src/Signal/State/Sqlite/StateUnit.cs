using Signal.State.Sql;

namespace Signal.State.Sqlite;

/// <summary>A unit of work that waits for its commit.</summary>
internal abstract class StateUnit
{
    /// <summary>The caller gave up before it was begun.</summary>
    public abstract bool Abandoned { get; }

    /// <summary>Runs within the open savepoint; false when it threw, which <see cref="Complete"/> will tell.</summary>
    public abstract Exception? Run(SqlSession session);

    /// <summary>Its group is on the disk.</summary>
    public abstract void Complete();

    /// <summary>Nothing of it is promised.</summary>
    public abstract void Fail(Exception e);
}

/// <summary>A unit with a result.</summary>
internal sealed class StateUnit<T>(Func<SqlSession, Task<T>> unit, CancellationToken stop) : StateUnit
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool Abandoned => stop.IsCancellationRequested;

    public override Exception? Run(SqlSession session)
    {
        try
        {
            var task = unit(session);
            // SQLite's driver works synchronously; a unit that awaits anything else would hold up everybody.
            if (!task.IsCompleted) throw new InvalidOperationException("A unit of work may await nothing but its session.");
            _result = task.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e)
        {
            return _failure = e;
        }
    }

    public override void Complete()
    {
        if (_failure is { } e) _done.TrySetException(e);
        else _done.TrySetResult(_result!);
    }

    public override void Fail(Exception e)
    {
        if (stop.IsCancellationRequested) _done.TrySetCanceled(stop);
        else _done.TrySetException(e);
    }
}
