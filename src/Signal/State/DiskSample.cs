namespace Signal.State;

/// <summary>The disk of the data directory at a moment.</summary>
/// <param name="At">When.</param>
/// <param name="UsedBytes">The size of the files in the data directory.</param>
/// <param name="FreeBytes">What this process may still write.</param>
/// <param name="TotalBytes">The size of the disk.</param>
public sealed record DiskSample(DateTimeOffset At, long UsedBytes, long FreeBytes, long TotalBytes);
