using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Signal.Log.Sqlite;

/// <summary>
/// The writing side of <c>log.db</c> (format: <see cref="LogSchema"/>). Belongs to the writer's thread. After any failure it
/// is thrown away and opened anew, so that nothing in memory can outlive a transaction that did not commit.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const int CacheWrites = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement[] _inserts;
    private readonly MessageKeys _keys;
    private readonly long[] _last;
    private int _unsavedPages;

    private LogFile(SqliteConnection connection, SqliteLogOptions options)
    {
        (_connection, _path) = (connection, options.Path);
        var partitions = options.Partitions;
        Identity = LogSchema.Identity(connection);
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _inserts = [.. Enumerable.Range(0, partitions).Select(p => new Statement(connection, $"INSERT INTO records_{p} VALUES(?1,?2,?3)"))];
        _keys = new MessageKeys(connection, options.KeysOfRun);
        var first = connection.Number("SELECT value FROM meta WHERE name='first_offset'")!.Value;
        _last = [.. Enumerable.Range(0, partitions).Select(p => Math.Max(first - 1, connection.Number(
            $"SELECT max(coalesce((SELECT max(id) FROM records_{p}),0),(SELECT last FROM tails WHERE part={p}))")!.Value))];
        Retention = new LogRetention(connection, partitions);
    }

    /// <summary>Tells this log from any other.</summary>
    public long Identity { get; }

    /// <summary>The last offset of each partition, the open transaction included.</summary>
    public IReadOnlyList<long> Last => _last;

    /// <summary>Removal and erasure.</summary>
    public LogRetention Retention { get; }

    /// <summary>Message keys.</summary>
    public MessageKeys Keys => _keys;

    public static LogFile Open(SqliteLogOptions options, bool create, DateTimeOffset now)
    {
        if (!create && !File.Exists(options.Path))
            throw new StorageException($"{options.Path} is gone. Bring it back (is the disk mounted?); writing resumes by itself.");
        var connection = SqliteFile.OpenWriter(options.Path, create);
        try
        {
            LogSchema.Ensure(connection, options.Path, options.Partitions, now);
            if (options.MaxBytes is { } bytes)
                connection.Run($"PRAGMA max_page_count={Math.Max(1, bytes / connection.Number("PRAGMA page_size")!.Value)}");
            return new LogFile(connection, options);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Begin() => _begin.Run();

    /// <summary>Puts a record at the end of its partition.</summary>
    public void Append(int partition, long at, ReadOnlySpan<byte> payload)
    {
        _inserts[partition].Bind(1, _last[partition] + 1).Bind(2, at).Bind(3, payload).Run();
        _last[partition]++;
    }

    /// <summary>Returns when the transaction is on the disk.</summary>
    public void Commit()
    {
        // A file that was deleted can still be written to, for nothing.
        if (!File.Exists(_path) || !File.Exists(_path + "-wal"))
            throw new StorageException($"{_path} was deleted or moved while Signal uses it. Bring it back; writing resumes by itself.");
        _commit.Run();
        if (raw.sqlite3_db_status(_connection.Handle, CacheWrites, out var pages, out _, 1) == raw.SQLITE_OK) _unsavedPages += pages;
    }

    /// <summary>Writes and removes some pages, each durably: fails when an append would.</summary>
    public bool Probe()
    {
        _connection.Run("CREATE TABLE IF NOT EXISTS probe(filler BLOB); INSERT INTO probe VALUES(zeroblob(65536)); DROP TABLE probe;");
        return true;
    }

    /// <summary>Copies the write-ahead log into the file when it holds more than <paramref name="pages"/> pages. Answers how many it still holds.</summary>
    public int Checkpoint(int pages)
    {
        if (_unsavedPages < pages) return _unsavedPages;
        raw.sqlite3_wal_checkpoint_v2(_connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var held, out var copied);
        // With every page copied, the next commit starts the write-ahead log from its beginning.
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
        Retention.Dispose();
        _keys.Dispose();
        foreach (var insert in _inserts) insert.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _connection.Dispose();
    }
}
