using System.Formats.Tar;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Signal.Log.Sqlite;
using Signal.State.Secrets;

namespace Signal.State.Sqlite;

/// <summary>
/// Takes a backup of a data directory, beside a Signal that runs on it or alone. Both files are copied as they stand at one moment,
/// the state's a breath before the log's: an event that is in no log would be lost, one that the state does not know yet is
/// delivered again. What it writes is checked, readable by its owner only, and gets its name when it is whole.
/// </summary>
internal sealed class StorageBackup(string dataDirectory, string? masterKey, TimeProvider time)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private const string State = "state.db";
    private const string Log = "log.db";
    private const int DailySaltsSince = 4;

    /// <summary>Writes a directory, or one file when the name ends in <c>.tar</c>. Answers what it holds.</summary>
    /// <exception cref="StorageException">It can't be written, or what it holds is damaged; nothing is left behind.</exception>
    public BackupManifest Take(string target, bool withKey)
    {
        foreach (var name in new[] { State, Log })
            if (!File.Exists(Path.Combine(dataDirectory, name))) throw new StorageException($"There is nothing to back up: {dataDirectory} has no {name}.");
        if (Path.Exists(target)) throw new StorageException($"{target} exists. A backup never overwrites anything: name another, or a directory to put it into.");
        var aside = target + ".unfinished";
        if (Path.Exists(aside)) throw new StorageException($"{aside} exists: another backup is being written, or one was cut short. In the second case remove it.");
        try
        {
            MakeDirectory(aside);
            var manifest = Write(aside, withKey);
            if (IsTar(target)) Pack(aside, target);
            else Directory.Move(aside, target);
            return manifest;
        }
        catch (Exception e) when (SqliteFailure.IsEnvironment(e))
        {
            Remove(aside);
            throw e as StorageException ?? new StorageException($"The backup was not taken. {SqliteFailure.Describe(e, aside)}", e);
        }
    }

    /// <summary>Whether a backup of this name is one file.</summary>
    internal static bool IsTar(string path) => path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    /// <summary>A new file that nobody else can read at any moment.</summary>
    internal static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private BackupManifest Write(string directory, bool withKey)
    {
        DateTimeOffset at;
        long schema, format;
        using (var state = Pinned(State))
        using (var log = Pinned(Log))
        {
            at = time.GetUtcNow();
            schema = state.Number("SELECT version FROM schema_version") ?? 0;
            format = log.Number("PRAGMA user_version") ?? 0;
            // A day's secret for visitors without a cookie is gone the day after; no backup may bring it back.
            Copy(state, Path.Combine(directory, State), schema >= DailySaltsSince ? "DELETE FROM daily_salts" : "");
            Copy(log, Path.Combine(directory, Log), "");
        }

        List<BackupFile> files = [Finish(directory, State), Finish(directory, Log)];
        if (withKey) files.Add(CopyKey(directory));
        var version = typeof(StorageBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, version, schema, format, at, Key()?.Id, files);
        using var file = Create(Path.Combine(directory, BackupManifest.Name));
        JsonSerializer.Serialize(file, manifest, Json);
        file.Flush(flushToDisk: true);
        return manifest;
    }

    // From the first query on, a transaction sees one moment, whatever is written beside it.
    private SqliteConnection Pinned(string name)
    {
        var connection = SqliteFile.OpenReader(Path.Combine(dataDirectory, name));
        try
        {
            connection.Run("BEGIN");
            connection.Number("SELECT count(*) FROM sqlite_schema");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Copy(SqliteConnection from, string path, string without)
    {
        Create(path).Dispose();
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        to.Open();
        from.BackupDatabase(to);
        // One file each, with nothing beside it.
        to.Run($"PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON; {without}");
        using var check = to.CreateCommand();
        check.CommandText = "PRAGMA integrity_check(1)";
        if (check.ExecuteScalar() as string is var found && found != "ok")
            throw new StorageException($"{from.DataSource} is damaged ({found}). The backup was not taken; keep the last good one.");
    }

    private static BackupFile Finish(string directory, string name)
    {
        using var file = new FileStream(Path.Combine(directory, name), FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
        return new BackupFile(name, file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private BackupFile CopyKey(string directory)
    {
        var own = Path.Combine(dataDirectory, MasterKeyFile.Name);
        if (masterKey is not null || !File.Exists(own))
            throw new StorageException($"There is no {own} to include: the key comes from SIGNAL_MASTER_KEY. Leave out --with-key.");
        using (var from = File.OpenRead(own))
        using (var to = Create(Path.Combine(directory, MasterKeyFile.Name))) from.CopyTo(to);
        return Finish(directory, MasterKeyFile.Name);
    }

    private MasterKey? Key() => MasterKeyFile.Find(dataDirectory, masterKey);

    private static void Pack(string directory, string target)
    {
        var packed = target + ".unfinished.tar";
        try
        {
            using (var file = Create(packed))
            {
                TarFile.CreateFromDirectory(directory, file, includeBaseDirectory: false);
                file.Flush(flushToDisk: true);
            }

            File.Move(packed, target);
        }
        catch
        {
            File.Delete(packed);
            throw;
        }

        Directory.Delete(directory, recursive: true);
    }

    private static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    }
}
