using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Signal.Events;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Writes what became of events as the rows people read. Pure.</summary>
internal static class Rows
{
    private const int ShownRequest = 16_000;

    /// <summary>The warning on what may be counted twice.</summary>
    public const string MayCountTwice = "A request that held this event was never answered, or the process ended before the answer was noted. It was sent again, lest it be lost, so the destination may count it twice.";

    private static readonly FrozenDictionary<EventType, string> Words = Enum.GetValues<EventType>().ToFrozenDictionary(t => t, WordOf);

    /// <summary>The row under Recent Events.</summary>
    public static DeliveryRecord Record(PlannedEvent e, Outcome outcome, TargetRevision revision, DateTimeOffset now) => new()
    {
        IntegrationId = revision.Integration.Id,
        EventId = EventId(e),
        MessageId = e.Event?.MessageId ?? "",
        Type = TypeOf(e.Event),
        Event = e.Event?.Name,
        AnonymousId = e.Event?.AnonymousId ?? "",
        ReceivedAt = e.Event?.ReceivedAt ?? e.ReceivedAt,
        DeliveredAt = outcome.Kind == DeliveryOutcome.Delivered ? now : null,
        Outcome = outcome.Kind,
        Reason = outcome.Reason,
        StatusCode = Last(e)?.Status,
        Attempts = e.Attempts,
        LatencyMs = Last(e) is { } answer ? (int)answer.Took.TotalMilliseconds : null,
        Warnings = CountsTwice(e) ? [.. e.Encoded?.Warnings ?? [], MayCountTwice] : e.Encoded?.Warnings ?? [],
        Revision = revision.Integration.Revision,
        Request = RequestOf(e),
        Response = Last(e)?.Shown,
    };

    /// <summary>The row of an event that will be tried again.</summary>
    public static DeliveryRecord Retrying(PlannedEvent e, string reason, string? request, Answer answer, TargetRevision revision, DateTimeOffset now) =>
        Record(e, new Outcome(DeliveryOutcome.Retrying, reason, null, []), revision, now) with
        {
            StatusCode = answer.Status,
            LatencyMs = (int)answer.Took.TotalMilliseconds,
            Request = request,
            Response = answer.Shown,
        };

    /// <summary>The dead letter.</summary>
    public static DeadLetter Dead(PlannedEvent e, Outcome outcome, TargetRevision revision, DateTimeOffset now, string? id = null) => new()
    {
        Id = id ?? Ids.New("dl", now),
        IntegrationId = revision.Integration.Id,
        EventId = EventId(e),
        MessageId = e.Event?.MessageId ?? "",
        Type = TypeOf(e.Event),
        Event = e.Event?.Name,
        AnonymousId = e.Event?.AnonymousId ?? "",
        Reason = outcome.Reason!,
        Message = outcome.Message ?? outcome.Reason!,
        Attempts = e.Attempts,
        FailedAt = now,
        Request = RequestOf(e),
        Response = Last(e)?.Shown,
        Hits = outcome.Failed,
        Payload = e.Payload.ToArray(),
    };

    /// <summary>The event type's word.</summary>
    public static string TypeOf(Event? e) => e is not null && Words.TryGetValue(e.Type, out var word) ? word : "unknown";

    /// <summary>The lines of a request that show this hit.</summary>
    public static string? Line(Answer answer, int index, int hits) =>
        answer.Request is not { } request ? null
        : request.Shown.Count == hits ? Cut(request.Shown[index])
        : Cut(string.Join('\n', request.Shown));

    private static string WordOf(EventType type) =>
        typeof(EventType).GetField(type.ToString())!.GetCustomAttributes(typeof(JsonStringEnumMemberNameAttribute), false) is [JsonStringEnumMemberNameAttribute name]
            ? name.Name
            : JsonNamingPolicy.CamelCase.ConvertName(type.ToString());

    // An order is counted once even so: the destination refuses it the second time.
    private static bool CountsTwice(PlannedEvent e) =>
        e.MayBeThere && e.Outcomes.Any(o => o.Outcome.Recorded && o.Answer is not null && (e.Carrier is not null || e.Hits[o.Index].OrderKey is null));

    private static string EventId(PlannedEvent e) => e.Event?.Id ?? $"evt_undecodable_{e.Offset}_{e.ReceivedAt.ToUnixTimeMilliseconds()}";

    private static Answer? Last(PlannedEvent e) => e.Outcomes.LastOrDefault(o => o.Answer is not null)?.Answer;

    private static string? RequestOf(PlannedEvent e) =>
        e.Outcomes.Any(o => o.Request is not null) ? Cut(string.Join('\n', e.Outcomes.Select(o => o.Request).OfType<string>())) : null;

    private static string Cut(string text) => text.Length > ShownRequest ? text[..ShownRequest] + "…" : text;
}
