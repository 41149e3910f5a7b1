using System.Text.Json.Serialization;

namespace Signal.State;

/// <summary>One event for one integration, as people see it under Recent Events.</summary>
public sealed record DeliveryRecord
{
    /// <summary>The integration.</summary>
    public required string IntegrationId { get; init; }

    /// <summary><c>evt_…</c></summary>
    public required string EventId { get; init; }

    /// <summary>The sender's id.</summary>
    public required string MessageId { get; init; }

    /// <summary>page, track, …</summary>
    public required string Type { get; init; }

    /// <summary>The event's name, or null.</summary>
    public string? Event { get; init; }

    /// <summary>The visitor.</summary>
    public required string AnonymousId { get; init; }

    /// <summary>When Signal received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When Matomo's answer settled it; null while it waits.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>What became of it.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>A code of <see cref="Events.Reasons"/> or of the destination's answers; null when delivered plainly.</summary>
    public string? Reason { get; init; }

    /// <summary>The HTTP status of the last answer; null without one.</summary>
    public int? StatusCode { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>Milliseconds from the last request to its answer.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>What was changed to make it acceptable, for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The integration's revision that mapped it.</summary>
    public int Revision { get; init; }

    /// <summary>The requests as form-encoded text, one a line, tokens masked.</summary>
    public string? Request { get; init; }

    /// <summary>The last answer's body, cut; null without one.</summary>
    public string? Response { get; init; }
}

/// <summary>What became of a delivery.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryOutcome>))]
public enum DeliveryOutcome
{
    /// <summary>Matomo has it.</summary>
    [JsonStringEnumMemberName("delivered")] Delivered,

    /// <summary>It will be tried again.</summary>
    [JsonStringEnumMemberName("retrying")] Retrying,

    /// <summary>It can't be delivered as it is; it rests among the dead letters.</summary>
    [JsonStringEnumMemberName("dead_letter")] DeadLetter,

    /// <summary>It was consciously not sent; the reason says why.</summary>
    [JsonStringEnumMemberName("dropped")] Dropped,
}

/// <summary>Which records: every given part must match; <paramref name="Before"/> is the last row already seen, <paramref name="Until"/> the last one wanted.</summary>
public sealed record RecordFilter(
    string? IntegrationId = null,
    DeliveryOutcome? Outcome = null,
    string? Event = null,
    string? Visitor = null,
    string? MessageId = null,
    string? EventId = null,
    string? Reason = null,
    string? Text = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    RecordPosition? Before = null,
    RecordPosition? Until = null,
    int Limit = 50)
{
    /// <summary>Without <see cref="IntegrationId"/>: only those of these integrations; null for every one.</summary>
    public IReadOnlyCollection<string>? Among { get; init; }
}

/// <summary>A place in the list of records, newest received first; the rows of one event stand by integration, the greatest id first.</summary>
/// <param name="ReceivedAt">When the event was received.</param>
/// <param name="EventId">The event.</param>
/// <param name="IntegrationId">Whose row; null for the place behind all rows of the event.</param>
public sealed record RecordPosition(DateTimeOffset ReceivedAt, string EventId, string? IntegrationId = null)
{
    /// <summary>The place of a row.</summary>
    public static RecordPosition Of(DeliveryRecord row) => new(row.ReceivedAt, row.EventId, row.IntegrationId);
}

/// <summary>An event that can't be delivered as it is.</summary>
public sealed record DeadLetter
{
    /// <summary><c>dl_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The integration.</summary>
    public required string IntegrationId { get; init; }

    /// <summary><c>evt_…</c></summary>
    public required string EventId { get; init; }

    /// <summary>The sender's id.</summary>
    public required string MessageId { get; init; }

    /// <summary>page, track, …</summary>
    public required string Type { get; init; }

    /// <summary>The event's name, or null.</summary>
    public string? Event { get; init; }

    /// <summary>The visitor.</summary>
    public required string AnonymousId { get; init; }

    /// <summary>A reason code.</summary>
    public required string Reason { get; init; }

    /// <summary>What happened, for people.</summary>
    public required string Message { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>The requests as form-encoded text, tokens masked.</summary>
    public string? Request { get; init; }

    /// <summary>The last answer, cut.</summary>
    public string? Response { get; init; }

    /// <summary>Which of the event's hits failed, by their index; empty means all. The others are with the destination already.</summary>
    public IReadOnlyList<int> Hits { get; init; } = [];

    /// <summary>The event in its stored form, so that it outlives the log.</summary>
    public required byte[] Payload { get; init; }
}

/// <summary>What tells a dead letter from others, without what it holds.</summary>
/// <param name="Id"><c>dl_…</c></param>
/// <param name="EventId"><c>evt_…</c>; grows with time.</param>
/// <param name="AnonymousId">The visitor.</param>
public sealed record DeadLetterKey(string Id, string EventId, string AnonymousId);

/// <summary>Which dead letters: every given part must match; given up at or after <paramref name="From"/> and before <paramref name="To"/>; <paramref name="Before"/> is the last one already seen.</summary>
public sealed record DeadLetterFilter(
    string IntegrationId,
    IReadOnlyCollection<string>? Ids = null,
    string? Reason = null,
    string? Event = null,
    string? Visitor = null,
    string? Before = null,
    int Limit = 50,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null)
{
    /// <summary>Whether a dead letter is one of them, whatever <see cref="Limit"/>.</summary>
    public bool Matches(DeadLetter d) =>
        d.IntegrationId == IntegrationId
        && (Ids is null || Ids.Contains(d.Id))
        && (Reason is null || d.Reason == Reason)
        && (Event is null || d.Event == Event)
        && (Visitor is null || d.AnonymousId == Visitor)
        && (From is null || d.FailedAt >= From)
        && (To is null || d.FailedAt < To)
        && (Before is null || string.CompareOrdinal(d.Id, Before) < 0);
}

/// <summary>How an integration fares.</summary>
/// <param name="Status"><c>active</c>, <c>retrying</c> or <c>configuration_error</c>.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">A reason code; null when active.</param>
/// <param name="Message">What happened and what to do, for people; null when active.</param>
public sealed record IntegrationHealth(string Status, DateTimeOffset Since, string? Reason, string? Message);
