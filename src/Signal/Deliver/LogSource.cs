using Signal.Configure;
using Signal.Events;
using Signal.Log;
using Signal.State;

namespace Signal.Deliver;

/// <summary>A live lane's source: a partition of the log and the stored states.</summary>
internal sealed class LogSource(IEventLog log, IDeliveryStore store, Integration integration, int partition) : ILaneSource
{
    public bool WritesStates => true;

    public bool RecordsDrops => true;

    /// <summary>A new integration starts with what was received since it was made; what is older is a replay's.</summary>
    public ValueTask<long> StartAsync(CancellationToken stop) => log.OffsetBeforeAsync(partition, integration.CreatedAt, stop);

    public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(long after, int max, CancellationToken stop) =>
        log.ReadAsync(partition, after, max, stop);

    public async ValueTask<IReadOnlyDictionary<string, string>> StatesAsync(long after, IReadOnlyList<Event> events, CancellationToken stop) =>
        await store.VisitorsAsync(integration.Id, events.Select(e => e.AnonymousId).ToHashSet(), stop);

    public bool Selects(Event e) => true;

    public DeadLetter? DeadLetterAt(long offset) => null;

    public Settlement Complete(Settled settled) => settled.Settlement;

    public ValueTask SettledAsync(Settled settled, CancellationToken stop) => ValueTask.CompletedTask;

    public Task WaitAsync(long after, CancellationToken stop) => log.WaitAsync(partition, after, stop);
}
