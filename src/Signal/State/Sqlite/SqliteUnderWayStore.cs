using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Signal.Log.Sqlite;

namespace Signal.State.Sqlite;

/// <summary>
/// Notes of what is under way, in a small file of their own, <c>sending.db</c>: WAL without an fsync for each note, so that a request
/// waits microseconds for its note. Whatever makes the file unusable, it starts empty: it is a memory of the last moments only.
/// </summary>
internal sealed class SqliteUnderWayStore : IUnderWayStore, IDisposable
{
    private const int Numbers = 3;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(60);
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private Connection? _connection;

    /// <exception cref="StorageException">The file can neither be used nor be replaced.</exception>
    public SqliteUnderWayStore(string path, TimeProvider time)
    {
        (_path, _time) = (path, time);
        try
        {
            _connection = Open();
        }
        catch (Exception e) when (SqliteFailure.IsEnvironment(e))
        {
            Replace(e);
        }
    }

    public Task NoteAsync(string lane, int partition, IReadOnlyCollection<UnderWay> events, CancellationToken stop) => Use(c =>
    {
        var key = Key(lane, partition);
        if (events.Count == 0) c.Forget.Bind(1, key).Run();
        else c.Note.Bind(1, key).Bind(2, _time.GetUtcNow().ToUnixTimeMilliseconds()).Bind(3, Bytes(events)).Run();
        return true;
    });

    public Task<IReadOnlyList<UnderWay>> FindAsync(string lane, int partition, CancellationToken stop) => Use<IReadOnlyList<UnderWay>>(c =>
    {
        c.Find.Bind(1, Key(lane, partition));
        var found = c.Find.Step() ? Read(c.Find.Bytes(0)) : [];
        c.Find.Reset();
        return found;
    });

    public void Dispose() => _connection?.Dispose();

    private Task<T> Use<T>(Func<Connection, T> use)
    {
        lock (_lock)
        {
            try
            {
                return Task.FromResult(use(_connection ??= Open()));
            }
            catch (Exception e) when (SqliteFailure.IsEnvironment(e))
            {
                _connection?.Dispose();
                _connection = null;
                return Task.FromException<T>(new StateUnavailableException(SqliteFailure.Describe(e, _path), e));
            }
        }
    }

    private Connection Open()
    {
        var connection = new Connection(SqliteFile.OpenNotes(_path));
        connection.Trim.Bind(1, (_time.GetUtcNow() - Kept).ToUnixTimeMilliseconds()).Run();
        return connection;
    }

    private void Replace(Exception why)
    {
        try
        {
            foreach (var part in new[] { "", "-wal", "-shm" }) File.Delete(_path + part);
            _connection = Open();
        }
        catch (Exception e) when (SqliteFailure.IsEnvironment(e))
        {
            throw new StorageException(SqliteFailure.Describe(why, _path), e);
        }
    }

    private static byte[] Key(string lane, int partition) => Encoding.UTF8.GetBytes($"{lane}/{partition}");

    private static byte[] Bytes(IReadOnlyCollection<UnderWay> events) =>
        [.. MemoryMarshal.AsBytes<long>(events.OrderBy(e => e.Offset).SelectMany(e => new[] { e.Offset, e.Attempts, e.Unknown ? 1L : 0 }).ToArray())];

    private static List<UnderWay> Read(ReadOnlySpan<byte> bytes)
    {
        var numbers = MemoryMarshal.Cast<byte, long>(bytes);
        var events = new List<UnderWay>(numbers.Length / Numbers);
        for (var i = 0; i + Numbers <= numbers.Length; i += Numbers) events.Add(new UnderWay(numbers[i], (int)numbers[i + 1], numbers[i + 2] != 0));
        return events;
    }

    private sealed class Connection : IDisposable
    {
        private readonly SqliteConnection _connection;

        public Connection(SqliteConnection connection)
        {
            _connection = connection;
            try
            {
                connection.Run("CREATE TABLE IF NOT EXISTS under_way(lane BLOB PRIMARY KEY, at INTEGER NOT NULL, events BLOB NOT NULL) WITHOUT ROWID");
                Note = new Statement(connection, "INSERT INTO under_way(lane, at, events) VALUES(?1, ?2, ?3) ON CONFLICT(lane) DO UPDATE SET at=excluded.at, events=excluded.events");
                Find = new Statement(connection, "SELECT events FROM under_way WHERE lane=?1");
                Forget = new Statement(connection, "DELETE FROM under_way WHERE lane=?1");
                Trim = new Statement(connection, "DELETE FROM under_way WHERE at<?1");
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public Statement Note { get; } = null!;

        public Statement Find { get; } = null!;

        public Statement Forget { get; } = null!;

        public Statement Trim { get; } = null!;

        public void Dispose()
        {
            foreach (var statement in new[] { Note, Find, Forget, Trim }) statement?.Dispose();
            _connection.Dispose();
        }
    }
}
