using Signal.Events;
using Signal.Log;
using Signal.Record;

namespace Signal.Deliver;

/// <summary>A record on its way into a plan.</summary>
internal sealed record Candidate(long Offset, long Before, Part Part, Event? Event, ReadOnlyMemory<byte> Payload, DateTimeOffset ReceivedAt)
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<int>? Wanted { get; init; }

    /// <summary>The record as one of this source's; null when it is another's.</summary>
    public static Candidate? Of(LogRecord record, long before, string sourceId)
    {
        if (record.Payload.IsEmpty) return null;
        if (StoredSource.Of(record.Payload) is { } source && source != sourceId) return null;
        var (e, problem) = StoredEvent.Decode(record.Payload);
        return e is null
            ? new Candidate(record.Offset, before, Part.Broken, null, record.Payload, record.ReceivedAt) { Reason = Reasons.Undecodable, Message = problem }
            : new Candidate(record.Offset, before, Part.Send, e, record.Payload, record.ReceivedAt);
    }

    public PlannedEvent Planned() =>
        new(Offset, Before, Part, Event, Payload) { Reason = Reason, Message = Message, Wanted = Wanted, ReceivedAt = ReceivedAt };
}
