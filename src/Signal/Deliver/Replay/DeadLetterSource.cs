using System.Text.Json;
using Signal.Events;
using Signal.Log;
using Signal.State;

namespace Signal.Deliver;

/// <summary>A replay's source: dead letters, one at a time, each with its visitor's state as it was before the event.</summary>
internal sealed class DeadLetterSource(
    IDeliveryStore store, string integrationId, ReplayWork work, IReadOnlyDictionary<string, string> statesBefore, ReplayProgress progress) : ILaneSource
{
    private DeadLetter? _current;

    public bool WritesStates => false;

    public bool RecordsDrops => true;

    public ValueTask<long?> StartAsync(CancellationToken stop) => ValueTask.FromResult<long?>(0L);

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Cursor from, int max, CancellationToken stop)
    {
        var after = from.Offset;
        if (after >= work.DeadLetters.Count) return [];
        var id = work.DeadLetters[(int)after];
        _current = (await store.DeadLettersAsync(new DeadLetterFilter(integrationId, [id], Limit: 1), stop)) is [var found] ? found : null;

        // Discarded meanwhile: an empty payload is passed.
        return [_current is null
            ? new LogRecord(after + 1, DateTimeOffset.MinValue, ReadOnlyMemory<byte>.Empty)
            : new LogRecord(after + 1, _current.FailedAt, Payload(_current, work.Edited))];
    }

    public ValueTask<IReadOnlyDictionary<string, string>> StatesAsync(long after, IReadOnlyList<Event> events, CancellationToken stop) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, string>>(events
            .Where(e => statesBefore.ContainsKey(e.Id))
            .DistinctBy(e => e.AnonymousId)
            .ToDictionary(e => e.AnonymousId, e => statesBefore[e.Id]));

    public DeadLetter? DeadLetterAt(long offset) => work.Edited is not null && _current is not null ? _current with { Hits = [] } : _current;

    public Settlement Complete(Settled settled) => settled.Settlement with
    {
        Replay = progress.StepOf(settled),
        Resolved = _current is not null && settled.Told.Any(t => t.Outcome.Kind != DeliveryOutcome.DeadLetter) ? [_current.Id] : [],
    };

    public async ValueTask SettledAsync(Settled settled, CancellationToken stop) => await progress.LookAsync(settled, stop);

    public Task WaitAsync(long after, CancellationToken stop) => Task.CompletedTask;

    private static byte[] Payload(DeadLetter letter, JsonElement? edited)
    {
        if (edited is not { } body || StoredEvent.Decode(letter.Payload).Event is not { } e) return letter.Payload;
        return EventCodec.Write(e with
        {
            Body = body,
            Name = body.TextAt(e.Type is EventType.Page or EventType.Screen ? "name" : "event") ?? e.Name,
            UserId = body.TextAt("userId") ?? e.UserId,
            GroupId = body.TextAt("groupId") ?? e.GroupId,
        });
    }
}
