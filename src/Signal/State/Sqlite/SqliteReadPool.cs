using System.Threading.Channels;
using Signal.Log.Sqlite;
using Signal.State.Sql;

namespace Signal.State.Sqlite;

/// <summary>A fixed number of sessions that read <c>state.db</c>, lent one call at a time. The writer can hold them all for a moment.</summary>
internal sealed class SqliteReadPool : IDisposable
{
    private readonly string _path;
    private readonly int _count;
    private readonly Dialect _dialect;
    private readonly Channel<Slot> _idle = Channel.CreateUnbounded<Slot>();
    private int _generation;

    public SqliteReadPool(string path, int count, Dialect dialect)
    {
        (_path, _count, _dialect) = (path, count, dialect);
        for (var i = 0; i < count; i++) _idle.Writer.TryWrite(new Slot());
    }

    public async Task<T> UseAsync<T>(Func<SqlSession, Task<T>> query, CancellationToken stop)
    {
        var slot = await _idle.Reader.ReadAsync(stop);
        try
        {
            var session = slot.Open(_path, _dialect, Volatile.Read(ref _generation));
            // One transaction, so that the queries of one call see one state.
            await session.ExecuteAsync("BEGIN");
            try
            {
                return await query(session);
            }
            finally
            {
                await session.ExecuteAsync("COMMIT");
            }
        }
        catch (Exception e) when (SqliteFailure.IsEnvironment(e))
        {
            slot.Dispose();
            throw new StateUnavailableException(SqliteFailure.Describe(e, _path), e);
        }
        finally
        {
            Return(slot);
        }
    }

    /// <summary>From now on every session opens the file anew.</summary>
    public void Reopen() => Interlocked.Increment(ref _generation);

    /// <summary>Runs <paramref name="action"/> while nobody reads; does nothing when readers don't end in time.</summary>
    public void WhileIdle(TimeSpan limit, Action action)
    {
        var held = new List<Slot>();
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
        while (_idle.Reader.TryRead(out var slot)) slot.Dispose();
    }

    private void Return(Slot slot)
    {
        if (!_idle.Writer.TryWrite(slot)) slot.Dispose();
    }

    private sealed class Slot : IDisposable
    {
        private SqlSession? _session;
        private int _generation;

        public SqlSession Open(string path, Dialect dialect, int generation)
        {
            if (_generation != generation) Dispose();
            _generation = generation;
            return _session ??= new SqlSession(SqliteFile.OpenReader(path), dialect);
        }

        public void Dispose()
        {
            _session?.Dispose();
            _session?.Connection.Dispose();
            _session = null;
        }
    }
}
