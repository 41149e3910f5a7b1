using Signal.Record;

namespace Signal.Log.Sqlite;

/// <summary>
/// The embedded event log: one SQLite file in WAL mode with <c>synchronous=FULL</c>, written by one thread with group commit,
/// read by a few read-only connections. Format and invariants: <see cref="LogSchema"/>.
/// </summary>
internal sealed class SqliteEventLog : IEventLog, IDisposable
{
    private readonly SqliteLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ReaderPool<LogReader> _readers;
    private readonly LogWriter _writer;
    private long _waitingBytes;

    /// <exception cref="StorageException">The file can't be used as it is.</exception>
    public SqliteEventLog(SqliteLogOptions options, TimeProvider time, ILogger<SqliteEventLog> logger)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Partitions);
        (_options, _time) = (options, time);
        _readers = new ReaderPool<LogReader>(options.Readers, () => new LogReader(SqliteFile.OpenReader(options.Path)));
        try
        {
            _writer = new LogWriter(options, time, logger, _readers);
        }
        catch (Exception e) when (SqliteFailure.IsEnvironment(e) && e is not StorageException)
        {
            throw new StorageException(SqliteFailure.Describe(e, options.Path), e);
        }
    }

    public int Partitions => _options.Partitions;

    public string? Unavailable => _writer.Unavailable;

    public async ValueTask<bool[]> AppendAsync(IReadOnlyList<LogAppend> entries, CancellationToken stop)
    {
        if (entries.Count == 0) return [];
        long bytes = 0;
        foreach (var entry in entries)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)entry.Partition, (uint)Partitions, nameof(entries));
            bytes += entry.Payload.Length;
        }

        var started = _time.GetTimestamp();
        var pending = new PendingAppend(entries, started);
        try
        {
            if (Interlocked.Add(ref _waitingBytes, bytes) > _options.MaxWaitingBytes || !_writer.TryAdd(pending))
                throw new LogUnavailableException($"{_options.Path}: too many events wait for the disk.");
            return await pending.Done.WaitAsync(stop);
        }
        finally
        {
            pending.Abandoned = true;
            Interlocked.Add(ref _waitingBytes, -bytes);
            Meters.AppendDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
        }
    }

    public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int partition, long after, int max, CancellationToken stop) =>
        after >= _writer.Tails[partition].Last || max <= 0
            ? new([])
            : UseAsync<IReadOnlyList<LogRecord>>(reader => reader.Read(partition, after, max), stop);

    public Task WaitAsync(int partition, long after, CancellationToken stop) => _writer.Tails[partition].WaitAsync(after, stop);

    public ValueTask<LogExtent> ExtentAsync(int partition, long after, CancellationToken stop) =>
        UseAsync(reader => reader.Extent(partition, after), stop);

    public ValueTask<long> OffsetBeforeAsync(int partition, DateTimeOffset time, CancellationToken stop) =>
        UseAsync(reader => reader.OffsetBefore(partition, time.ToUnixTimeMilliseconds()), stop);

    public async ValueTask<int> EraseAsync(Func<ReadOnlyMemory<byte>, bool> isTheirs, CancellationToken stop)
    {
        var erased = await new LogErasure(this, _writer).RunAsync(isTheirs, stop);
        // What was overwritten still stands in the write-ahead log until that is emptied.
        if (erased > 0) await _writer.ScrubAsync(stop);
        return erased;
    }

    public ValueTask<long> TrimAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop) =>
        new LogTrim(_writer, _time).RunAsync(before, maxBytes, stop);

    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
    }

    private async ValueTask<T> UseAsync<T>(Func<LogReader, T> read, CancellationToken stop)
    {
        using var lease = await _readers.RentAsync(stop);
        try
        {
            return read(lease.Reader);
        }
        catch (Exception e) when (SqliteFailure.IsEnvironment(e))
        {
            lease.Discard();
            throw new LogUnavailableException(SqliteFailure.Describe(e, _options.Path), e);
        }
    }
}
