using Signal.Events;

namespace Signal.Govern;

/// <summary>The rules an event must meet to be taken.</summary>
internal static class Validation
{
    /// <summary>The longest anonymous id, in UTF-16 units.</summary>
    internal const int MaxAnonymousId = 128;

    /// <summary>The longest user, group and message id.</summary>
    internal const int MaxId = 256;

    /// <summary>The type of the event, or why it is refused. The route's type wins over the event's own.</summary>
    internal static (EventType Type, Decision.Rejected? Why) Check(IncomingEvent e, EventType? routeType)
    {
        if (e.Fault is { } fault) return (default, fault);
        if (routeType is null && e.Type is null)
            return (default, new(ErrorCodes.MissingType, "type is missing: send one of page, track, identify, group, screen, alias, or use the type's own route such as /v1/track"));
        if ((routeType ?? TypeOf(e.Type!)) is not { } type)
            return (default, new(ErrorCodes.UnknownType, $"type '{Short(e.Type!)}' is not known: send one of page, track, identify, group, screen, alias"));
        if (type is EventType.Track && string.IsNullOrWhiteSpace(e.Event))
            return (default, new(ErrorCodes.MissingEventName, "event is missing: a track needs the name of what happened, such as \"Order Completed\""));
        return (type, CheckIds(e));
    }

    /// <summary>Whether a text may be a visitor's id: not empty, not over-long, no control characters.</summary>
    internal static bool IsSaneAnonymousId(string id) => id.Length is > 0 and <= MaxAnonymousId && !HasControl(id);

    private static Decision.Rejected? CheckIds(IncomingEvent e) =>
        CheckId("anonymousId", e.AnonymousId, MaxAnonymousId)
        ?? CheckId("userId", e.UserId, MaxId)
        ?? CheckId("groupId", e.GroupId, MaxId)
        ?? CheckId("messageId", e.MessageId, MaxId);

    private static Decision.Rejected? CheckId(string field, string? value, int longest) =>
        value is null || (value.Length <= longest && !HasControl(value))
            ? null
            : new(ErrorCodes.InvalidField, $"{field} must have at most {longest} characters and no control characters: send a shorter, plain id");

    private static EventType? TypeOf(string type) => type switch
    {
        "page" => EventType.Page,
        "track" => EventType.Track,
        "identify" => EventType.Identify,
        "group" => EventType.Group,
        "screen" => EventType.Screen,
        "alias" => EventType.Alias,
        _ => null,
    };

    private static bool HasControl(string text)
    {
        foreach (var c in text)
            if (char.IsControl(c)) return true;
        return false;
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 40)}…";
}
