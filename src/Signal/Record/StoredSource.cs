using System.Text.Json;

namespace Signal.Record;

/// <summary>Tells whose a stored event is without decoding the rest.</summary>
internal static class StoredSource
{
    /// <summary>The source's id; null when it can't be told.</summary>
    public static string? Of(ReadOnlyMemory<byte> payload) => TextOf(payload, "source"u8);

    /// <summary>The visitor's anonymous id; null when it can't be told.</summary>
    public static string? VisitorOf(ReadOnlyMemory<byte> payload) => TextOf(payload, "aid"u8);

    private static string? TextOf(ReadOnlyMemory<byte> payload, ReadOnlySpan<byte> name)
    {
        try
        {
            var json = new Utf8JsonReader(payload.Span);
            while (json.Read())
            {
                if (json.CurrentDepth == 1 && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(name))
                    return json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }
}
