using Microsoft.Data.Sqlite;
using Signal.Log.Sqlite;
using Signal.State.Sql;
using SQLitePCL;

namespace Signal.State.Sqlite;

/// <summary>The connection that writes <c>state.db</c>. Belongs to the writer's thread; after a failure it is thrown away.</summary>
internal sealed class SqliteStateWriter : IDisposable
{
    private const int CacheWrites = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqlSession _session;
    private readonly Statement _begin;
    private readonly Statement _savepoint;
    private readonly Statement _release;
    private readonly Statement _rollback;
    private readonly Statement _commit;
    private int _unsavedPages;

    public SqliteStateWriter(string path, bool create, Dialect dialect)
    {
        _path = path;
        _connection = SqliteFile.OpenWriter(path, create);
        _session = new SqlSession(_connection, dialect);
        _begin = new Statement(_connection, "BEGIN IMMEDIATE");
        _savepoint = new Statement(_connection, "SAVEPOINT unit");
        _release = new Statement(_connection, "RELEASE unit");
        _rollback = new Statement(_connection, "ROLLBACK TO unit");
        _commit = new Statement(_connection, "COMMIT");
    }

    public void Migrate()
    {
        _begin.Run();
        Migrator.MigrateAsync(_session).GetAwaiter().GetResult();
        _commit.Run();
    }

    /// <summary>Runs the units in one transaction; returns when it is on the disk. Throws when the whole of it failed.</summary>
    public void Commit(IReadOnlyList<StateUnit> units)
    {
        _begin.Run();
        foreach (var unit in units)
        {
            _savepoint.Run();
            if (unit.Run(_session) is { } failure)
            {
                // The environment's failures concern everybody; SQLite may have rolled back all of it already.
                if (SqliteFailure.IsEnvironment(failure)) throw failure;
                _rollback.Run();
            }

            _release.Run();
        }

        // A file that was deleted can still be written to, for nothing.
        if (!File.Exists(_path)) throw new StorageException($"{_path} was deleted or moved while Signal uses it. Bring it back; writing resumes by itself.");
        _commit.Run();
        if (raw.sqlite3_db_status(_connection.Handle, CacheWrites, out var pages, out _, 1) == raw.SQLITE_OK) _unsavedPages += pages;
    }

    /// <summary>Copies the write-ahead log into the file when it holds more than <paramref name="pages"/> pages. Answers how many it still holds.</summary>
    public int Checkpoint(int pages)
    {
        if (_unsavedPages < pages) return _unsavedPages;
        raw.sqlite3_wal_checkpoint_v2(_connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var held, out var copied);
        _unsavedPages = held == copied ? 0 : Math.Min(_unsavedPages, pages / 2);
        return held;
    }

    /// <summary>Copies the whole write-ahead log into the file and empties it; nobody may be reading.</summary>
    public bool Truncate()
    {
        if (!_connection.Truncate()) return false;
        _unsavedPages = 0;
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _savepoint, _release, _rollback, _commit }) statement.Dispose();
        _session.Dispose();
    }
}
