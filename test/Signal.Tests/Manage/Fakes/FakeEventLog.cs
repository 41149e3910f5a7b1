using Signal.Events;
using Signal.Log;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeEventLog : IEventLog
{
    private readonly List<LogRecord>[] _partitions = [[], [], [], []];

    public int Partitions => _partitions.Length;

    public string? Unavailable => null;

    public void Add(Event e)
    {
        var partition = _partitions[Partitioning.Of(e.SourceId, e.AnonymousId, Partitions)];
        partition.Add(new LogRecord(partition.Count + 1, e.ReceivedAt, EventCodec.Write(e)));
    }

    public ValueTask<bool[]> AppendAsync(IReadOnlyList<LogAppend> entries, CancellationToken stop) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int partition, long after, int max, CancellationToken stop) =>
        new([.. _partitions[partition].Where(r => r.Offset > after).Take(max)]);

    public Task WaitAsync(int partition, long after, CancellationToken stop) => throw new NotSupportedException();

    public ValueTask<LogExtent> ExtentAsync(int partition, long after, CancellationToken stop)
    {
        var waiting = _partitions[partition].Where(r => r.Offset > after).ToList();
        return new(new LogExtent(1, _partitions[partition].Count, waiting.Count, waiting.Count == 0 ? null : waiting[0].ReceivedAt));
    }

    public ValueTask<long> OffsetBeforeAsync(int partition, DateTimeOffset time, CancellationToken stop) =>
        new(_partitions[partition].Where(r => r.ReceivedAt < time).Select(r => r.Offset).DefaultIfEmpty(0).Max());

    public ValueTask<int> EraseAsync(Func<ReadOnlyMemory<byte>, bool> isTheirs, CancellationToken stop)
    {
        var erased = 0;
        foreach (var partition in _partitions)
        {
            for (var i = 0; i < partition.Count; i++)
            {
                if (partition[i].Payload.IsEmpty || !isTheirs(partition[i].Payload)) continue;
                partition[i] = partition[i] with { Payload = default };
                erased++;
            }
        }

        return new(erased);
    }

    public ValueTask<long> TrimAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop) => throw new NotSupportedException();
}
