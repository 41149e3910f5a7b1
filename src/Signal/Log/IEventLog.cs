namespace Signal.Log;

/// <summary>
/// The durable log of events, partitioned by visitor. Appending is the one thing the browser waits for;
/// each integration reads with a cursor of its own. Offsets grow within a partition and need not be dense.
/// Safe for use by many threads at once.
/// </summary>
public interface IEventLog
{
    /// <summary>How many partitions there are; fixed for the life of a log.</summary>
    int Partitions { get; }

    /// <summary>
    /// Appends the entries in their order and completes when they are on disk: what it answered survives a kill and a power cut.
    /// Entries of one call and one partition stand next to each other. An entry whose <see cref="LogAppend.MessageKey"/> was
    /// appended within the last 24 hours, or earlier in the same call, is not appended again.
    /// </summary>
    /// <returns>For each entry: true appended, false a duplicate.</returns>
    /// <exception cref="LogUnavailableException">Nothing of this call is promised; the caller should try again later.</exception>
    ValueTask<bool[]> AppendAsync(IReadOnlyList<LogAppend> entries, CancellationToken stop);

    /// <summary>Reads up to <paramref name="max"/> records of a partition with offsets greater than <paramref name="after"/>, in order. Empty at the end.</summary>
    ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int partition, long after, int max, CancellationToken stop);

    /// <summary>Completes when the partition holds a record beyond <paramref name="after"/>.</summary>
    Task WaitAsync(int partition, long after, CancellationToken stop);

    /// <summary>The first and last offset a partition holds now, and how many records stand after <paramref name="after"/>.</summary>
    ValueTask<LogExtent> ExtentAsync(int partition, long after, CancellationToken stop);

    /// <summary>The greatest offset of a partition whose record was received before <paramref name="time"/>; 0 when there is none. For replays.</summary>
    ValueTask<long> OffsetBeforeAsync(int partition, DateTimeOffset time, CancellationToken stop);

    /// <summary>Overwrites the payloads that are somebody's by a tombstone (an empty payload), so that nothing of them is kept in any file. Answers how many.</summary>
    ValueTask<int> EraseAsync(Func<ReadOnlyMemory<byte>, bool> isTheirs, CancellationToken stop);

    /// <summary>Removes records received before <paramref name="before"/>, and the oldest beyond <paramref name="maxBytes"/> (null: no limit), in small steps that do not hold up appends. Answers how many.</summary>
    ValueTask<long> TrimAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop);

    /// <summary>Whether an append would succeed now; used by <c>/readyz</c>. Null when ready, else what is wrong and what to do, in words that name no path of the server: anybody may read them.</summary>
    string? Unavailable { get; }
}

/// <summary>One event to append.</summary>
/// <param name="Partition">From <see cref="Partitioning.Of"/>.</param>
/// <param name="MessageKey">Names source and message id, for duplicates; from <see cref="Partitioning.MessageKey"/>.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Payload">The stored form (<see cref="Events.EventCodec"/>). The log may keep the memory; do not reuse it.</param>
public readonly record struct LogAppend(int Partition, UInt128 MessageKey, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Payload);

/// <summary>One event read back.</summary>
/// <param name="Offset">Its place in its partition.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Payload">The stored form; empty when the event was erased.</param>
public readonly record struct LogRecord(long Offset, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Payload);

/// <summary>What a partition holds.</summary>
/// <param name="First">The first offset; 0 when empty.</param>
/// <param name="Last">The last offset; 0 when empty.</param>
/// <param name="Waiting">Records after the asked offset.</param>
/// <param name="OldestWaiting">When the first of these was received; null when none waits.</param>
public readonly record struct LogExtent(long First, long Last, long Waiting, DateTimeOffset? OldestWaiting);

/// <summary>The log can't promise durability now (disk full, read-only, broker away).</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
