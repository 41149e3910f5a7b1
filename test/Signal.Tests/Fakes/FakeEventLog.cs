using Signal.Events;
using Signal.Log;

namespace Signal.Tests.Fakes;

/// <summary>An event log in memory that keeps the port's promises but durability.</summary>
internal sealed class FakeEventLog(int partitions = 4) : IEventLog
{
    private readonly Lock _lock = new();
    private readonly List<LogRecord>[] _records = [.. Enumerable.Range(0, partitions).Select(_ => new List<LogRecord>())];
    private readonly HashSet<UInt128> _seen = [];
    private long _last;
    private TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Partitions => partitions;

    public string? Unavailable { get; set; }

    /// <summary>Appends events as collection would; answers the offsets.</summary>
    public long[] Append(params Event[] events)
    {
        lock (_lock)
        {
            var offsets = new List<long>();
            foreach (var e in events)
            {
                // Offsets need not be dense.
                _last += 1 + (_last % 3);
                _records[Partitioning.Of(e.SourceId, e.AnonymousId, partitions)].Add(new LogRecord(_last, e.ReceivedAt, EventCodec.Write(e)));
                offsets.Add(_last);
            }

            Interlocked.Exchange(ref _appended, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            return [.. offsets];
        }
    }

    /// <summary>Appends bytes no program of ours wrote.</summary>
    public void AppendRaw(int partition, DateTimeOffset receivedAt, byte[] payload)
    {
        lock (_lock) _records[partition].Add(new LogRecord(++_last, receivedAt, payload));
    }

    public ValueTask<bool[]> AppendAsync(IReadOnlyList<LogAppend> entries, CancellationToken stop)
    {
        if (Unavailable is { } why) throw new LogUnavailableException(why);
        lock (_lock)
        {
            var appended = new bool[entries.Count];
            for (var i = 0; i < entries.Count; i++)
            {
                if (!(appended[i] = _seen.Add(entries[i].MessageKey))) continue;
                _records[entries[i].Partition].Add(new LogRecord(++_last, entries[i].ReceivedAt, entries[i].Payload));
            }

            Interlocked.Exchange(ref _appended, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            return ValueTask.FromResult(appended);
        }
    }

    public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int partition, long after, int max, CancellationToken stop)
    {
        lock (_lock) return ValueTask.FromResult<IReadOnlyList<LogRecord>>([.. _records[partition].Where(r => r.Offset > after).Take(max)]);
    }

    public async Task WaitAsync(int partition, long after, CancellationToken stop)
    {
        while (true)
        {
            var appended = Volatile.Read(ref _appended).Task;
            lock (_lock)
            {
                if (_records[partition].Exists(r => r.Offset > after)) return;
            }

            await appended.WaitAsync(stop);
        }
    }

    public ValueTask<LogExtent> ExtentAsync(int partition, long after, CancellationToken stop)
    {
        lock (_lock)
        {
            var all = _records[partition];
            var waiting = all.Where(r => r.Offset > after).ToList();
            return ValueTask.FromResult(all.Count == 0
                ? new LogExtent(0, 0, 0, null)
                : new LogExtent(all[0].Offset, all[^1].Offset, waiting.Count, waiting.Count > 0 ? waiting[0].ReceivedAt : null));
        }
    }

    public ValueTask<long> OffsetBeforeAsync(int partition, DateTimeOffset time, CancellationToken stop)
    {
        lock (_lock) return ValueTask.FromResult(_records[partition].Where(r => r.ReceivedAt < time).Select(r => r.Offset).DefaultIfEmpty(0).Max());
    }

    public ValueTask<int> EraseAsync(Func<ReadOnlyMemory<byte>, bool> isTheirs, CancellationToken stop)
    {
        var erased = 0;
        lock (_lock)
        {
            foreach (var records in _records)
            {
                for (var i = 0; i < records.Count; i++)
                {
                    if (records[i].Payload.IsEmpty || !isTheirs(records[i].Payload)) continue;
                    records[i] = records[i] with { Payload = ReadOnlyMemory<byte>.Empty };
                    erased++;
                }
            }
        }

        return ValueTask.FromResult(erased);
    }

    public ValueTask<long> TrimAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop)
    {
        lock (_lock)
        {
            long removed = 0;
            foreach (var records in _records) removed += records.RemoveAll(r => r.ReceivedAt < before);
            while (maxBytes is { } max && _records.Sum(p => p.Sum(r => (long)r.Payload.Length)) > max)
            {
                var oldest = _records.Where(p => p.Count > 0).MinBy(p => p[0].Offset)!;
                oldest.RemoveAt(0);
                removed++;
            }

            return ValueTask.FromResult(removed);
        }
    }
}
