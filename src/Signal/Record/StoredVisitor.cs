using System.Text.Json;

namespace Signal.Record;

/// <summary>Whose a stored event is, told without decoding the rest.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="AnonymousId">The visitor's anonymous id.</param>
/// <param name="UserId">The user id; null when the event has none.</param>
internal sealed record StoredVisitor(string SourceId, string AnonymousId, string? UserId)
{
    /// <summary>Null when it can't be told.</summary>
    public static StoredVisitor? Of(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return payload.IsEmpty ? null : Read(new Utf8JsonReader(payload.Span));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static StoredVisitor? Read(Utf8JsonReader json)
    {
        string? source = null, anonymous = null, user = null;
        while (json.Read())
        {
            if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName) continue;
            // The sender's own object comes last.
            if (json.ValueTextEquals("body"u8)) break;
            if (json.ValueTextEquals("source"u8)) source = Text(ref json);
            else if (json.ValueTextEquals("aid"u8)) anonymous = Text(ref json);
            else if (json.ValueTextEquals("uid"u8)) user = Text(ref json);
        }

        return source is null || anonymous is null ? null : new StoredVisitor(source, anonymous, user);
    }

    private static string? Text(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : null;
}
