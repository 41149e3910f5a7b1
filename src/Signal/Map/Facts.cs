using System.Text.Json;
using Signal.Events;

namespace Signal.Map;

/// <summary>What a mapping can read: the event, what is known of its visitor, and what was computed for it (<c>product.sku</c>, <c>cart.total</c>).</summary>
/// <param name="e">The event.</param>
/// <param name="visitor">What is known of the visitor, this event included.</param>
internal sealed class Facts(Event e, VisitorState visitor)
{
    private readonly Dictionary<string, Value> _computed = new(StringComparer.Ordinal);

    /// <summary>The event.</summary>
    internal Event Event => e;

    /// <summary>What is known of the visitor.</summary>
    internal VisitorState Visitor => visitor;

    /// <summary>Adds a computed value.</summary>
    internal void Set(string path, Value? value)
    {
        if (value is { } known) _computed[path] = known;
    }

    /// <summary>Whether the value at a path was computed, and not sent.</summary>
    internal bool IsComputed(string path) => _computed.ContainsKey(path);

    /// <summary>The value at a path, or null. <c>traits.x</c> looks at the event, its context, then what is known of the visitor.</summary>
    internal Value? At(string path)
    {
        if (_computed.TryGetValue(path, out var computed)) return computed;
        return path switch
        {
            "userId" or "visitor.userId" => Text(visitor.UserId),
            "groupId" or "visitor.groupId" => Text(e.GroupId ?? e.Body.TextAt("context.groupId") ?? visitor.GroupId),
            "anonymousId" => Text(e.AnonymousId),
            "messageId" => Text(e.MessageId),
            "type" => Text(e.Type.ToString().ToLowerInvariant()),
            "event" when e.Type == EventType.Track => Text(e.Name),
            "name" when e.Type != EventType.Track => Text(e.Name),
            "request.ip" => Text(e.Request.Ip),
            "request.userAgent" => Text(e.Request.UserAgent),
            "request.language" => Text(e.Request.AcceptLanguage),
            _ => Value.Of(Json(path)),
        };
    }

    private JsonElement? Json(string path)
    {
        var (head, rest) = path.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? (path[..dot], path[(dot + 1)..]) : (path, "");
        return head switch
        {
            "traits" when rest.Length > 0 => Trait(e.Type == EventType.Group, rest),
            "group" when rest.Length > 0 => Trait(true, rest),
            "visitor" when rest.StartsWith("traits.", StringComparison.Ordinal) => Known(visitor.Traits, rest["traits.".Length..]),
            "visitor" when rest.StartsWith("group.", StringComparison.Ordinal) => Known(visitor.GroupTraits, rest["group.".Length..]),
            _ => e.Body.At(path),
        };
    }

    private JsonElement? Trait(bool ofGroup, string path) => ofGroup
        ? (e.Type == EventType.Group ? e.Body.At($"traits.{path}") : null) ?? Known(visitor.GroupTraits, path)
        : e.Body.At($"traits.{path}") ?? e.Body.At($"context.traits.{path}") ?? Known(visitor.Traits, path);

    private static JsonElement? Known(IReadOnlyDictionary<string, JsonElement>? traits, string path)
    {
        if (traits is null) return null;
        if (traits.TryGetValue(path, out var whole)) return whole;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && traits.TryGetValue(path[..dot], out var part) ? part.At(path[(dot + 1)..]) : null;
    }

    private static Value? Text(string? text) => text is null ? null : Value.Of(text);
}
