using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Signal.Log.Sqlite;

/// <summary>Opens connections as the embedded stores need them.</summary>
internal static class SqliteFile
{
    private const int BusyTimeout = 5_000;

    /// <summary>
    /// The one connection that writes: WAL, and <c>synchronous=FULL</c> so that every commit waits for its fsync.
    /// Copying the WAL back is left to the caller, who does it when nobody waits.
    /// </summary>
    public static SqliteConnection OpenWriter(string path, bool create) => Open(
        path,
        create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
        // auto_vacuum comes first: it can only be chosen while the file is still empty.
        "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; " +
        "PRAGMA checkpoint_fullfsync=ON; PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON; PRAGMA foreign_keys=OFF; " +
        $"PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA busy_timeout={BusyTimeout};");

    /// <summary>
    /// For notes that need not outlive a power cut: WAL, and <c>synchronous=NORMAL</c> so that commits wait for no fsync. What a killed
    /// process has committed is there; after a power cut the file is whole, without its last commits.
    /// </summary>
    public static SqliteConnection OpenNotes(string path) => Open(
        path, SqliteOpenMode.ReadWriteCreate, $"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA busy_timeout={BusyTimeout};");

    /// <summary>A connection that reads beside the writer.</summary>
    public static SqliteConnection OpenReader(string path) => Open(
        path,
        SqliteOpenMode.ReadOnly,
        $"PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192; PRAGMA busy_timeout={BusyTimeout};");

    private static SqliteConnection Open(string path, SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            connection.Run(pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements without parameters.</summary>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only text of this program ever comes here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Copies the whole write-ahead log into the file and empties it. False when somebody still reads from it, such as a backup
    /// in another process: nobody waits for that.
    /// </summary>
    public static bool Truncate(this SqliteConnection connection)
    {
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        raw.sqlite3_busy_timeout(connection.Handle, BusyTimeout);
        return code == raw.SQLITE_OK;
    }

    /// <summary>The first column of the first row, or null.</summary>
    public static long? Number(this SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        return statement.Number();
    }
}
