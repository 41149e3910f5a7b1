namespace Signal.Log.Sqlite;

/// <summary>How the embedded log is kept.</summary>
/// <param name="Path">The file, <c>…/log.db</c>.</param>
public sealed record SqliteLogOptions(string Path)
{
    /// <summary>How many partitions a new log has; an existing one must have as many. Default 16.</summary>
    public int Partitions { get; init; } = 16;

    /// <summary>The file never grows beyond this many bytes: appends are refused instead. Null: the disk is the limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Calls that may wait for their commit; one more is refused at once. Default 16,384.</summary>
    public int MaxWaitingCalls { get; init; } = 16_384;

    /// <summary>Bytes of payload that may wait for their commit. Default 128 MiB.</summary>
    public long MaxWaitingBytes { get; init; } = 128L << 20;

    /// <summary>A call that waits longer is refused: the disk hangs. Default 10 s.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Entries of one commit. Default 4,096.</summary>
    public int MaxGroup { get; init; } = 4_096;

    /// <summary>Message keys that are put away together. Each costs some 60 bytes of memory until then, and 2 afterwards. Default 131,072.</summary>
    public int KeysOfRun { get; init; } = 131_072;

    /// <summary>Connections that read. Default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Pages (4 KiB) the write-ahead log holds before they are copied into the file. Default 4,096.</summary>
    public int CheckpointPages { get; init; } = 4_096;
}
