using System.Globalization;
using System.Text.Json;
using Signal.Destinations;
using Signal.Events;

namespace Signal.Manage.Changes;

/// <summary>An event somebody pasted to see what it would become. It is never stored; what it leaves out is made up.</summary>
internal static class PastedEvent
{
    private static readonly string[] Types = ["page", "track", "identify", "group", "screen", "alias"];

    /// <summary>The event, or what is wrong with it.</summary>
    public static (Event? Event, FieldError? Error) Read(JsonElement body, string sourceId, DateTimeOffset now)
    {
        if (body.ValueKind != JsonValueKind.Object) return (null, new("event", "type", "event must be an object such as {\"type\":\"page\"}."));
        var name = body.TextAt("event");
        var type = body.TextAt("type") ?? (name is null ? null : "track");
        if (Array.IndexOf(Types, type) is var kind && kind < 0)
            return (null, new("event.type", "one_of", $"event.type must be one of {string.Join(", ", Types)}."));
        if (type == "track" && name is null) return (null, new("event.event", "required", "event.event, the name of what happened, is required for a track."));

        return (new Event
        {
            Id = "evt_preview",
            SourceId = sourceId,
            Type = Enum.Parse<EventType>(type!, ignoreCase: true),
            Name = type == "track" ? name : body.TextAt("name"),
            MessageId = body.TextAt("messageId") ?? "preview",
            AnonymousId = body.TextAt("anonymousId") ?? "a1b2c3d4-e5f6-4718-8000-000000000000",
            UserId = body.TextAt("userId"),
            GroupId = body.TextAt("groupId"),
            Time = Time(body, now),
            ReceivedAt = now,
            Request = new RequestFacts(body.TextAt("context.ip"), body.TextAt("context.userAgent"), body.TextAt("context.locale"), false, false, false),
            Consent = new Dictionary<string, bool>(),
            Body = body,
        }, null);
    }

    private static DateTimeOffset Time(JsonElement body, DateTimeOffset now) =>
        DateTimeOffset.TryParse(body.TextAt("timestamp") ?? body.TextAt("originalTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time < now ? time : now;
}
