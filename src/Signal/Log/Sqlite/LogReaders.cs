using System.Threading.Channels;

namespace Signal.Log.Sqlite;

/// <summary>A fixed number of reading connections, lent one call at a time. The writer can hold them all for a moment.</summary>
internal sealed class LogReaders : IDisposable
{
    private readonly string _path;
    private readonly int _count;
    private readonly Channel<LogReader> _idle = Channel.CreateUnbounded<LogReader>();
    private int _generation;

    public LogReaders(string path, int count)
    {
        (_path, _count) = (path, count);
        for (var i = 0; i < count; i++) _idle.Writer.TryWrite(new LogReader(path));
    }

    /// <exception cref="LogUnavailableException">The file can't be read now.</exception>
    public async ValueTask<T> UseAsync<T>(Func<LogReader, T> read, CancellationToken stop)
    {
        var reader = await _idle.Reader.ReadAsync(stop);
        try
        {
            return read(reader.Of(Volatile.Read(ref _generation)));
        }
        catch (Exception e) when (SqliteFailure.IsEnvironment(e))
        {
            reader.Dispose();
            throw new LogUnavailableException(SqliteFailure.Describe(e, _path), e);
        }
        finally
        {
            Return(reader);
        }
    }

    /// <summary>From now on every reader opens the file anew: it may have been moved away and back.</summary>
    public void Reopen() => Interlocked.Increment(ref _generation);

    /// <summary>Runs <paramref name="action"/> while nobody reads; does nothing when readers don't end in time.</summary>
    public void WhileIdle(TimeSpan limit, Action action)
    {
        var held = new List<LogReader>();
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            while (held.Count < _count) held.Add(_idle.Reader.ReadAsync(deadline.Token).AsTask().GetAwaiter().GetResult());
            action();
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Somebody still reads; the next commit asks again.
            return;
        }
        finally
        {
            held.ForEach(Return);
        }
    }

    public void Dispose()
    {
        _idle.Writer.TryComplete();
        while (_idle.Reader.TryRead(out var reader)) reader.Dispose();
    }

    private void Return(LogReader reader)
    {
        if (!_idle.Writer.TryWrite(reader)) reader.Dispose();
    }
}
