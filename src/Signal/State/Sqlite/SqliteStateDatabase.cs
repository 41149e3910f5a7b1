using Signal.Log.Sqlite;
using Signal.Record;
using Signal.State.Sql;

namespace Signal.State.Sqlite;

/// <summary>
/// The state in one SQLite file, <c>state.db</c>: WAL with <c>synchronous=FULL</c>. One thread writes; all units that wait
/// share one transaction and one fsync, each in a savepoint of its own, so that one that fails takes no other along.
/// </summary>
internal sealed class SqliteStateDatabase : IStateDatabase, IDisposable
{
    private const int MaxWaiting = 16_384;
    private const int MaxGroup = 256;
    private const int CheckpointEvery = 4_096;

    private readonly string _path;
    private readonly ReaderPool<SqlSession> _readers;
    private readonly WriteQueue<StateUnit> _queue;
    private SqliteStateWriter? _writer;
    private volatile bool _owesTruncate;

    /// <exception cref="StorageException">The file can't be used as it is.</exception>
    public SqliteStateDatabase(string path, int readers = 4)
    {
        _path = path;
        _readers = new ReaderPool<SqlSession>(readers, () => new SqlSession(SqliteFile.OpenReader(path), Dialect));
        try
        {
            _writer = new SqliteStateWriter(path, create: true, Dialect);
            _writer.Migrate();
        }
        catch (Exception e) when (e is NewerSchemaException || (SqliteFailure.IsEnvironment(e) && e is not StorageException))
        {
            _writer?.Dispose();
            throw new StorageException(SqliteFailure.Describe(e, path), e);
        }

        _queue = new("state writer", MaxWaiting, MaxGroup, _ => 1, Write);
    }

    public Dialect Dialect { get; } = new SqliteDialect();

    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> unit, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var work = new StateUnit<T>(unit, stop);
        if (!_queue.TryAdd(work)) throw new StateUnavailableException($"{_path}: too much waits for the disk.");
        return work.Done;
    }

    public async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> query, CancellationToken stop)
    {
        using var lease = await _readers.RentAsync(stop);
        try
        {
            var session = lease.Reader;
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
            lease.Discard();
            throw new StateUnavailableException(SqliteFailure.Describe(e, _path), e);
        }
    }

    public Task ScrubAsync(CancellationToken stop)
    {
        _owesTruncate = true;
        return WriteAsync(_ => Task.FromResult(true), stop);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _readers.Dispose();
        _writer?.Truncate();
        _writer?.Dispose();
        _writer = null;
    }

    private void Write(IReadOnlyList<StateUnit> group)
    {
        var cancelled = new OperationCanceledException();
        foreach (var unit in group.Where(u => u.Abandoned)) unit.Fail(cancelled);
        var units = group.Where(u => !u.Abandoned).ToList();
        try
        {
            _writer ??= Reopen();
            if (units.Count > 0) _writer.Commit(units);
            Meters.StateCommit.Record(units.Count);
        }
        catch (Exception e)
        {
            _writer?.Dispose();
            _writer = null;
            var failure = SqliteFailure.IsEnvironment(e) ? new StateUnavailableException(SqliteFailure.Describe(e, _path), e) : e;
            foreach (var unit in units) unit.Fail(failure);
            return;
        }

        if (_owesTruncate) Truncate(_writer);
        foreach (var unit in units) unit.Complete();
        if (_writer.Checkpoint(CheckpointEvery) > CheckpointEvery * 4) Truncate(_writer);
    }

    private void Truncate(SqliteStateWriter writer) => _readers.WhileIdle(TimeSpan.FromSeconds(1), () =>
    {
        if (writer.Truncate()) _owesTruncate = false;
    });

    private SqliteStateWriter Reopen()
    {
        if (!File.Exists(_path)) throw new StorageException($"{_path} is gone. Bring it back (is the disk mounted?); writing resumes by itself.");
        _readers.Reopen();
        return new SqliteStateWriter(_path, create: false, Dialect);
    }
}
