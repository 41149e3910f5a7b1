using System.Text;
using System.Text.Json;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>Reads one event object in one pass: what the path needs is picked out, the rest is only walked over.</summary>
internal static class EventReader
{
    private const string TextRule = "must be text: send it in quotes, or leave it out";
    private const string ObjectRule = "must be an object: send {…}, or leave it out";

    // Stored events carry the body one level deeper, and readers stop at 64.
    private const int MaxDepth = 32;

    private static readonly Decision.Rejected TooDeep = new(ErrorCodes.MalformedJson, $"the event is nested deeper than {MaxDepth} levels: send it flatter");

    /// <summary>Reads the event the reader stands before (on its <c>{</c>) and leaves the reader on its <c>}</c>.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    internal static IncomingEvent Read(ref Utf8JsonReader json, ReadOnlyMemory<byte> document)
    {
        var e = new IncomingEvent();
        var start = (int)json.TokenStartIndex;
        var deepest = json.CurrentDepth + MaxDepth;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = JsonNames.FieldOf(ref json);
            json.Read();
            ReadField(ref json, field, e, deepest);
        }

        e.Raw = document[start..(int)json.BytesConsumed];
        return e;
    }

    /// <summary>Text, a number as written, null for null and empty; anything else breaks the rule.</summary>
    internal static string? Text(ref Utf8JsonReader json, string field, IncomingEvent e)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return json.GetString() is { Length: > 0 } text ? text : null;
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(json.ValueSpan);
            case JsonTokenType.Null:
                return null;
            default:
                e.Broken(field, TextRule);
                json.Skip();
                return null;
        }
    }

    private static void ReadField(ref Utf8JsonReader json, JsonField field, IncomingEvent e, int deepest)
    {
        switch (field)
        {
            case JsonField.Type: e.Type = Text(ref json, "type", e); break;
            case JsonField.Event: e.Event = Text(ref json, "event", e); break;
            case JsonField.Name: e.Name = Text(ref json, "name", e); break;
            case JsonField.MessageId: e.MessageId = Text(ref json, "messageId", e); break;
            case JsonField.AnonymousId: e.AnonymousId = Text(ref json, "anonymousId", e); break;
            case JsonField.UserId: e.UserId = Text(ref json, "userId", e); break;
            case JsonField.GroupId: e.GroupId = Text(ref json, "groupId", e); break;
            case JsonField.WriteKey: e.WriteKey = Text(ref json, "writeKey", e); break;
            case JsonField.Timestamp: e.Timestamp = Time(ref json, "timestamp", e); break;
            case JsonField.OriginalTimestamp: e.OriginalTimestamp = Time(ref json, "originalTimestamp", e); break;
            case JsonField.SentAt: e.SentAt = Time(ref json, "sentAt", e); break;
            case JsonField.Context: ReadContext(ref json, e, deepest); break;
            case JsonField.Properties: MustBeObject(ref json, "properties", e, deepest); break;
            case JsonField.Traits: MustBeObject(ref json, "traits", e, deepest); break;
            default: Skip(ref json, e, deepest); break;
        }
    }

    private static void ReadContext(ref Utf8JsonReader json, IncomingEvent e, int deepest)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            MustBeObject(ref json, "context", e, deepest);
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = JsonNames.FieldOf(ref json);
            json.Read();
            switch (field)
            {
                case JsonField.Ip: e.Ip = Text(ref json, "context.ip", e); break;
                case JsonField.UserAgent: e.UserAgent = Text(ref json, "context.userAgent", e); break;
                case JsonField.Consent: e.Consent = Element(ref json, e, deepest); break;
                case JsonField.ConsentManagement: e.ConsentManagement = Element(ref json, e, deepest); break;
                default: Skip(ref json, e, deepest); break;
            }
        }
    }

    private static JsonElement? Element(ref Utf8JsonReader json, IncomingEvent e, int deepest)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        var ahead = json;
        Skip(ref ahead, e, deepest);
        return JsonElement.ParseValue(ref json);
    }

    /// <summary>Walks over a value. What is nested too deep breaks its event.</summary>
    private static void Skip(ref Utf8JsonReader json, IncomingEvent e, int deepest)
    {
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var outside = json.CurrentDepth;
        var opened = outside;
        do
        {
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) opened = Math.Max(opened, json.CurrentDepth + 1);
        }
        while (json.Read() && json.CurrentDepth > outside);
        if (opened > deepest) e.Broken(TooDeep);
    }

    internal static long? Time(ref Utf8JsonReader json, string field, IncomingEvent e)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        if (EventClock.TryRead(ref json, out var time)) return time;
        e.Broken(field, EventClock.Rule);
        json.Skip();
        return null;
    }

    private static void MustBeObject(ref Utf8JsonReader json, string field, IncomingEvent e, int deepest)
    {
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null)) e.Broken(field, ObjectRule);
        Skip(ref json, e, deepest);
    }
}
