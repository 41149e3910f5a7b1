namespace Signal.Watch;

/// <summary>The disk that holds the data.</summary>
internal interface IDisk
{
    /// <summary>The disk as it is; null when none is watched or it can't be asked.</summary>
    State.DiskSample? Measure(DateTimeOffset now);

    /// <summary>The size of the log's file; null when there is none to be seen.</summary>
    long? LogBytes();
}

/// <summary>The disk of a data directory.</summary>
internal sealed class DataDisk(WatchOptions options) : IDisk
{
    /// <inheritdoc/>
    public State.DiskSample? Measure(DateTimeOffset now)
    {
        if (options.DataDirectory is not { } directory || !Directory.Exists(directory)) return null;
        try
        {
            var drive = new DriveInfo(Path.GetFullPath(directory));
            var used = new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            return new State.DiskSample(now, used, drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that went away while it was counted; the next look tells.
            return null;
        }
    }

    /// <inheritdoc/>
    public long? LogBytes() => options.DataDirectory is { } directory && new FileInfo(Path.Combine(directory, "log.db")) is { Exists: true } file ? file.Length : null;
}
