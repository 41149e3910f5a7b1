using System.Globalization;

namespace Signal.Log.Sqlite;

/// <summary>The data directory, held by this process alone for as long as this object lives.</summary>
internal sealed class DataDirectory : IDisposable
{
    public const string LockName = "signal.lock";
    public const string PidName = "signal.pid";

    /// <summary>Stands in the directory while a backup is being restored into it.</summary>
    public const string Restoring = "signal.restoring";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <exception cref="StorageException">Another process holds it, or it can't be used.</exception>
    public static DataDirectory Lock(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else if (!Directory.Exists(path)) Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The data directory {path} can't be made: {e.Message}", e);
        }

        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException($"The data directory {path} can't be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new StorageException(
                $"The data directory {path} is in use by another Signal{Holder(path)}. Stop that one, or give this one a directory of its own (SIGNAL_DATA_DIR).", e);
        }

        System.IO.File.WriteAllText(System.IO.Path.Combine(path, PidName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DataDirectory(path, held);
    }

    /// <exception cref="StorageException">A restore was cut short: what is there is not whole.</exception>
    public void RequireWhole()
    {
        if (System.IO.File.Exists(File(Restoring)))
            throw new StorageException($"A restore into {Path} was cut short, so what it holds is not whole. Remove the files in it and restore again.");
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _lock.Dispose();

    // Beside the lock, because the locked file itself can't be read by others everywhere.
    private static string Holder(string path)
    {
        var pid = System.IO.Path.Combine(path, PidName);
        return System.IO.File.Exists(pid) ? $" (process {System.IO.File.ReadAllText(pid).Trim()})" : "";
    }
}
