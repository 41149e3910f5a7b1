using Signal.Events;
using Signal.Log;

namespace Signal.Tests.Collect;

/// <summary>A log in memory that can be made to fail.</summary>
internal sealed class FakeEventLog : IEventLog
{
    private readonly Lock _lock = new();
    private readonly HashSet<UInt128> _keys = [];
    private readonly List<LogAppend> _entries = [];

    public int Partitions => 16;

    public string? Unavailable { get; set; }

    /// <summary>How often <see cref="AppendAsync"/> was called.</summary>
    public int Calls { get; private set; }

    /// <summary>Everything appended, in order, read back from its stored form.</summary>
    public IReadOnlyList<Event> Events
    {
        get
        {
            lock (_lock) return [.. _entries.Select(e => EventCodec.Read(e.Payload))];
        }
    }

    public ValueTask<bool[]> AppendAsync(IReadOnlyList<LogAppend> entries, CancellationToken stop)
    {
        lock (_lock)
        {
            Calls++;
            if (Unavailable is not null) throw new LogUnavailableException(Unavailable);
            var appended = entries.Select(e => _keys.Add(e.MessageKey)).ToArray();
            _entries.AddRange(entries.Where((_, i) => appended[i]));
            return ValueTask.FromResult(appended);
        }
    }

    public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int partition, long after, int max, CancellationToken stop)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<LogRecord>>([.. _entries
                .Select((e, i) => (e, offset: i + 1L))
                .Where(p => p.e.Partition == partition && p.offset > after)
                .Take(max)
                .Select(p => new LogRecord(p.offset, p.e.ReceivedAt, p.e.Payload))]);
        }
    }

    public async Task WaitAsync(int partition, long after, CancellationToken stop)
    {
        while ((await ReadAsync(partition, after, 1, stop)).Count == 0) await Task.Delay(10, stop);
    }

    public async ValueTask<LogExtent> ExtentAsync(int partition, long after, CancellationToken stop)
    {
        var all = await ReadAsync(partition, 0, int.MaxValue, stop);
        var waiting = all.Where(r => r.Offset > after).ToList();
        return all.Count == 0 ? default : new LogExtent(all[0].Offset, all[^1].Offset, waiting.Count, waiting.Count == 0 ? null : waiting[0].ReceivedAt);
    }

    public async ValueTask<long> OffsetBeforeAsync(int partition, DateTimeOffset time, CancellationToken stop) =>
        (await ReadAsync(partition, 0, int.MaxValue, stop)).LastOrDefault(r => r.ReceivedAt < time).Offset;

    public ValueTask<int> EraseAsync(Func<ReadOnlyMemory<byte>, bool> isTheirs, CancellationToken stop)
    {
        lock (_lock)
        {
            var theirs = _entries.RemoveAll(e => isTheirs(e.Payload));
            return ValueTask.FromResult(theirs);
        }
    }

    public ValueTask<long> TrimAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop)
    {
        lock (_lock) return ValueTask.FromResult((long)_entries.RemoveAll(e => e.ReceivedAt < before));
    }
}
