using System.Text.Encodings.Web;
using System.Text.Json;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>JSON as the value of a field: readable, since it is escaped again by the form or the bulk that carries it.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compact JSON; the texts in it must be valid UTF-16.</summary>
    internal static string Of<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>Reads a text as JSON, lone surrogates replaced; false when it is none.</summary>
    internal static bool TryParse(string text, out JsonElement json)
    {
        json = default;
        try
        {
            using var document = JsonDocument.Parse(SafeText.Valid(text));
            json = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
