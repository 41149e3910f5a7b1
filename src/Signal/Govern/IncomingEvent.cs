using System.Text.Json;

namespace Signal.Govern;

/// <summary>What an event says of itself, as it was read from the wire; nothing is decided yet.</summary>
internal sealed class IncomingEvent
{
    /// <summary>The event object's own bytes, valid JSON; they live as long as the request.</summary>
    public ReadOnlyMemory<byte> Raw { get; set; }

    public string? Type { get; set; }

    /// <summary><c>event</c>, of a track.</summary>
    public string? Event { get; set; }

    /// <summary><c>name</c>, of a page or a screen.</summary>
    public string? Name { get; set; }

    public string? MessageId { get; set; }

    public string? AnonymousId { get; set; }

    public string? UserId { get; set; }

    public string? GroupId { get; set; }

    public string? WriteKey { get; set; }

    /// <summary>Unix milliseconds, as the other times.</summary>
    public long? Timestamp { get; set; }

    public long? OriginalTimestamp { get; set; }

    public long? SentAt { get; set; }

    /// <summary><c>context.ip</c>; believed of signed calls only.</summary>
    public string? Ip { get; set; }

    /// <summary><c>context.userAgent</c>; believed of signed calls only.</summary>
    public string? UserAgent { get; set; }

    /// <summary><c>context.consent</c>, when present and not null.</summary>
    public JsonElement? Consent { get; set; }

    /// <summary><c>context.consentManagement</c> (RudderStack), when present and not null.</summary>
    public JsonElement? ConsentManagement { get; set; }

    /// <summary>The first thing that was found wrong while reading.</summary>
    public Decision.Rejected? Fault { get; private set; }

    /// <summary>Notes that a field breaks its rule; the first one counts.</summary>
    public void Broken(string field, string rule) =>
        Fault ??= new Decision.Rejected(ErrorCodes.InvalidField, $"{field} {rule}");

    /// <summary>Notes that the event as a whole cannot be taken; the first one counts.</summary>
    public void Broken(Decision.Rejected why) => Fault ??= why;
}
