using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Signal.Log.Sqlite;
using Signal.State.Secrets;
using Signal.State.Sql;

namespace Signal.State.Sqlite;

/// <summary>Puts a backup into an empty data directory that no Signal runs on.</summary>
internal sealed class StorageRestore(string dataDirectory, string? masterKey)
{
    private static readonly string[] Known = ["state.db", "log.db", MasterKeyFile.Name];

    // What an empty data directory may hold: traces of a lock, the key that was put there for this, what file systems make.
    private static readonly string[] Harmless = [DataDirectory.LockName, DataDirectory.PidName, DataDirectory.Restoring, MasterKeyFile.Name, "lost+found"];

    /// <summary>Restores and answers what was restored.</summary>
    /// <param name="from">A backup: a directory, or a file that ends in <c>.tar</c>.</param>
    /// <param name="withoutKey">Also when the key that seals the secrets is not at hand.</param>
    /// <exception cref="StorageException">It can't be; the data directory is as it was.</exception>
    public BackupManifest Run(string from, bool withoutKey)
    {
        try
        {
            var manifest = Read(from);
            using var directory = DataDirectory.Lock(dataDirectory);
            RequireEmpty();
            RequireKey(manifest, withoutKey);
            Fill(from, manifest, directory);
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StorageException($"The backup was not restored: {e.Message}", e);
        }
    }

    private static BackupManifest Read(string from)
    {
        if (!Path.Exists(from)) throw new StorageException($"There is no {from}.");
        BackupManifest? manifest = null;
        try
        {
            Open(from, BackupManifest.Name, stream => manifest = JsonSerializer.Deserialize<BackupManifest>(stream, StorageBackup.Json));
        }
        catch (JsonException e)
        {
            throw new StorageException($"{from} is no backup of Signal: its {BackupManifest.Name} can't be read.", e);
        }

        if (manifest is null) throw new StorageException($"{from} is no whole backup of Signal: it has no {BackupManifest.Name}.");
        if (manifest.Format > BackupManifest.CurrentFormat || manifest.StateSchema > Migrations.All.Count || manifest.LogFormat > LogSchema.Version)
            throw new StorageException($"{from} was taken by a newer Signal ({manifest.Signal}). Restore it with that one or a later one.");
        if (manifest.Files.Any(f => !Known.Contains(f.Name))) throw new StorageException($"{from} names files that no backup of Signal holds.");
        return manifest;
    }

    private void RequireEmpty()
    {
        if (File.Exists(Path.Combine(dataDirectory, DataDirectory.Restoring)))
            throw new StorageException($"An earlier restore into {dataDirectory} was cut short. Remove the files in it and restore again.");
        var found = Directory.EnumerateFileSystemEntries(dataDirectory).Select(e => Path.GetFileName(e)!).Where(n => !Harmless.Contains(n)).Order(StringComparer.Ordinal).ToList();
        if (found.Count > 0)
            throw new StorageException($"{dataDirectory} is not empty: it holds {string.Join(", ", found.Take(5))}{(found.Count > 5 ? ", …" : "")}. A restore never overwrites anything: move them away, or set SIGNAL_DATA_DIR to another directory.");
    }

    // Without the key Signal would make a new one and could open no secret.
    private void RequireKey(BackupManifest manifest, bool withoutKey)
    {
        var held = manifest.Files.Any(f => f.Name == MasterKeyFile.Name);
        var own = MasterKeyFile.Find(dataDirectory, masterKey);
        if (held && File.Exists(Path.Combine(dataDirectory, MasterKeyFile.Name)))
            throw new StorageException($"Both the backup and {dataDirectory} hold a {MasterKeyFile.Name}. Remove the one in the directory.");
        if (withoutKey || manifest.KeyId is null || (held && masterKey is null) || own?.Id == manifest.KeyId) return;
        throw new StorageException(own is null
            ? $"The backup does not hold the master key ({manifest.KeyId}) that opens its secrets. Put {MasterKeyFile.Name} into {dataDirectory} or give SIGNAL_MASTER_KEY, then restore; or restore with --without-key and enter every token and password anew."
            : $"The master key at hand ({own.Id}) is not the one that opens this backup's secrets ({manifest.KeyId}). Give that one; or restore with --without-key and enter every token and password anew.");
    }

    private static void Fill(string from, BackupManifest manifest, DataDirectory directory)
    {
        var written = new List<string> { directory.File(DataDirectory.Restoring) };
        StorageBackup.Create(written[0]).Dispose();
        try
        {
            foreach (var file in manifest.Files)
            {
                var path = directory.File(file.Name);
                written.Add(path);
                string? sum = null;
                Open(from, file.Name, stream => sum = Copy(stream, path));
                if (sum != file.Sha256) throw new StorageException($"{from} is damaged: {file.Name} {(sum is null ? "is missing" : "does not match its checksum")}. Take another backup.");
            }
        }
        catch
        {
            // The marker last: what was cut short never looks whole.
            for (var i = written.Count - 1; i >= 0; i--) File.Delete(written[i]);
            throw;
        }

        File.Delete(written[0]);
    }

    private static string Copy(Stream from, string path)
    {
        using var to = StorageBackup.Create(path);
        from.CopyTo(to);
        to.Flush(flushToDisk: true);
        to.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(to));
    }

    // Does nothing when the backup has no such file.
    private static void Open(string from, string name, Action<Stream> read)
    {
        if (Directory.Exists(from))
        {
            var path = Path.Combine(from, name);
            if (!File.Exists(path)) return;
            using var file = File.OpenRead(path);
            read(file);
            return;
        }

        using var archive = File.OpenRead(from);
        using var tar = new TarReader(archive);
        while (tar.GetNextEntry() is { } entry)
        {
            if (Path.GetFileName(entry.Name) != name || entry.DataStream is not { } stream) continue;
            read(stream);
            return;
        }
    }
}
