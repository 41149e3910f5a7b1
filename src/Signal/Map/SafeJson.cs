using System.Buffers;
using System.Text;
using System.Text.Json;
using Signal.Events;

namespace Signal.Map;

/// <summary>Writes JSON that any reader takes: escaped lone surrogates, which JSON allows and most readers refuse, become U+FFFD.</summary>
internal static class SafeJson
{
    /// <summary>Compact JSON, ASCII only.</summary>
    internal static string Write(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, element);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A copy that holds valid text only and owns its memory.</summary>
    internal static JsonElement Copy(JsonElement element)
    {
        using var document = JsonDocument.Parse(Write(element));
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    if (NameOf(property) is not { } name) continue;
                    json.WritePropertyName(name);
                    Write(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(json, item);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(element.ScalarText() ?? "");
                break;
            case JsonValueKind.Undefined:
                json.WriteNullValue();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    // A property whose very name is no text can't be meant by anybody.
    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
