using System.Text.Json;

namespace Signal.Events;

/// <summary>
/// One event as Signal accepted it: identified, timed, with the facts of the request that brought it.
/// This is what the log holds and what every later stage reads; it never changes after the append.
/// </summary>
public sealed record Event
{
    /// <summary>Signal's own id, <c>evt_…</c>, unique.</summary>
    public required string Id { get; init; }

    /// <summary>The source that collected it, <c>src_…</c>.</summary>
    public required string SourceId { get; init; }

    /// <summary>What kind of event it is.</summary>
    public required EventType Type { get; init; }

    /// <summary>The event's name of a track (<c>event</c>), or the page's or screen's <c>name</c>; null when not given.</summary>
    public string? Name { get; init; }

    /// <summary>The sender's id of the event; resends carry the same. Never empty: made up when the sender gave none.</summary>
    public required string MessageId { get; init; }

    /// <summary>The visitor: cookie, stated anonymous id, or one derived. Never empty.</summary>
    public required string AnonymousId { get; init; }

    /// <summary>The user id the event itself carries; null when anonymous.</summary>
    public string? UserId { get; init; }

    /// <summary>The group id the event itself carries.</summary>
    public string? GroupId { get; init; }

    /// <summary>When it happened, corrected for the sender's clock; never later than <see cref="ReceivedAt"/>.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When Signal received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Facts of the HTTP request that brought it.</summary>
    public required RequestFacts Request { get; init; }

    /// <summary>Consent as it was decided on arrival: category to granted. A category not listed follows the source's mode.</summary>
    public required IReadOnlyDictionary<string, bool> Consent { get; init; }

    /// <summary>The event object as it was sent, unknown fields included.</summary>
    public required JsonElement Body { get; init; }
}
