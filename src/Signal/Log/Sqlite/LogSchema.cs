using Microsoft.Data.Sqlite;

namespace Signal.Log.Sqlite;

/// <summary>
/// The format of <c>log.db</c>, version 2.
/// <code>
/// meta(name, value)               log_id, partitions, first_offset, created_at
/// tails(part, last)               the greatest offset a partition ever gave away, written before records are removed
/// records_P(id, at, payload)      one table a partition; id is the offset, at is unix ms, payload is empty once erased
/// fresh_keys(id, at, keys)        message keys appended lately, one row a commit: 16 bytes each, big-endian; at is unix ms
/// key_runs(id, buckets, newest, filter)   runs of older keys; newest is unix ms, filter is a KeyFilter (little-endian words)
/// key_rows(id, keys)              the keys of a run by their first bits: id is run &lt;&lt; 24 | bucket; 16 bytes of key, 8 of unix ms each
/// </code>
/// Invariants:
/// <list type="bullet">
/// <item>Offsets of a partition are dense and never given away twice: records leave only from the front, so what waits
/// after an offset is a subtraction, and a read is one range scan of one table with no index beside it.</item>
/// <item>The first offset of a new log is its birth in unix microseconds: a log that replaces a lost one gives away only
/// offsets greater than any the lost one gave, so that cursors kept elsewhere never hide new events.</item>
/// <item>A record and its message key are written by one transaction. A key is in fresh_keys or in a run; a run never changes,
/// and is removed in small steps once its newest key is 24 hours old.</item>
/// <item>The number of partitions never changes.</item>
/// </list>
/// </summary>
internal static class LogSchema
{
    private const int ApplicationId = 0x5349474C;

    /// <summary>The format this program writes.</summary>
    public const int Version = 2;

    /// <summary>Makes the tables of message keys.</summary>
    internal const string KeyTables = """
        CREATE TABLE fresh_keys(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, keys BLOB NOT NULL);
        CREATE TABLE key_runs(id INTEGER PRIMARY KEY, buckets INTEGER NOT NULL, newest INTEGER NOT NULL, filter BLOB NOT NULL);
        CREATE TABLE key_rows(id INTEGER PRIMARY KEY, keys BLOB NOT NULL);
        """;

    /// <summary>Makes the tables of a new file, or checks that an existing one is as this program expects it.</summary>
    public static void Ensure(SqliteConnection connection, string path, int partitions, DateTimeOffset now)
    {
        if (connection.Number("SELECT count(*) FROM sqlite_schema") == 0)
        {
            Create(connection, partitions, now);
            return;
        }

        if (connection.Number("PRAGMA application_id") != ApplicationId)
            throw new StorageException($"{path} is not an event log of Signal. Point the data directory somewhere else, or move the file away.");
        var version = connection.Number("PRAGMA user_version");
        if (version > Version)
            throw new StorageException($"{path} was written by a newer Signal (format {version}; this one knows {Version}). Run the newer program, or restore a backup.");
        var stored = connection.Number("SELECT value FROM meta WHERE name='partitions'");
        if (stored != partitions)
            throw new StorageException($"{path} has {stored} partitions and {partitions} are configured. The number is fixed for the life of a log: configure {stored}.");
        if (version == 1) LogUpgrade.FromFirst(connection);
    }

    /// <summary>A number that tells this log from any other.</summary>
    public static long Identity(SqliteConnection connection) =>
        connection.Number("SELECT value FROM meta WHERE name='log_id'")!.Value;

    private static void Create(SqliteConnection connection, int partitions, DateTimeOffset now)
    {
        var tables = string.Concat(Enumerable.Range(0, partitions).Select(p =>
            $"CREATE TABLE records_{p}(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, payload BLOB NOT NULL);" +
            $"INSERT INTO tails VALUES({p},0);"));
        connection.Run($"""
            BEGIN IMMEDIATE;
            CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            INSERT INTO meta VALUES
                ('log_id', random()), ('partitions', {partitions}),
                ('first_offset', {now.ToUnixTimeMilliseconds() * 1000}), ('created_at', {now.ToUnixTimeMilliseconds()});
            CREATE TABLE tails(part INTEGER PRIMARY KEY, last INTEGER NOT NULL);
            {tables}
            {KeyTables}
            PRAGMA application_id={ApplicationId};
            PRAGMA user_version={Version};
            COMMIT;
            """);
    }
}
