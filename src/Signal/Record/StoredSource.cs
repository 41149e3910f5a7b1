using System.Text.Json;

namespace Signal.Record;

/// <summary>Tells whose a stored event is without decoding the rest.</summary>
internal static class StoredSource
{
    /// <summary>The source's id; null when it can't be told.</summary>
    public static string? Of(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var json = new Utf8JsonReader(payload.Span);
            while (json.Read())
            {
                if (json.CurrentDepth == 1 && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("source"u8))
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
