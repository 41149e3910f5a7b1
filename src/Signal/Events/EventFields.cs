using System.Text.Json;

namespace Signal.Events;

/// <summary>Reads values out of an event's body by dotted path, as field mappings name them (<c>properties.title</c>, <c>context.page.url</c>).</summary>
public static class EventFields
{
    /// <summary>The value at <paramref name="path"/>, or null when a step is missing or the value is JSON null. Array steps are indexes.</summary>
    public static JsonElement? At(this JsonElement body, string path)
    {
        var current = body;
        foreach (var step in path.Split('.'))
        {
            if (current.ValueKind == JsonValueKind.Object && current.TryGetProperty(step, out var next)) current = next;
            else if (current.ValueKind == JsonValueKind.Array && int.TryParse(step, out var i) && i >= 0 && i < current.GetArrayLength()) current = current[i];
            else return null;
        }

        return current.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : current;
    }

    /// <summary>The scalar at <paramref name="path"/> as text (numbers as written, booleans as <c>true</c>/<c>false</c>), or null when missing, empty or not a scalar.</summary>
    public static string? TextAt(this JsonElement body, string path) =>
        body.At(path) is { } value ? value.ScalarText() : null;

    /// <summary>A scalar as text, or null for objects, arrays, null and empty text. Lone surrogates become U+FFFD.</summary>
    public static string? ScalarText(this JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = SafeString(value);
                return text.Length == 0 ? null : text;
            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.True:
                return "true";
            case JsonValueKind.False:
                return "false";
            default:
                return null;
        }
    }

    // GetString throws on "\ud800": a lone surrogate cannot be transcoded, yet it is valid JSON.
    private static string SafeString(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return LoneSurrogates.Unescape(value.GetRawText());
        }
    }
}
