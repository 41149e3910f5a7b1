using System.Text.Json;

namespace MatomoSandbox.Php;

/// <summary>JSON as PHP decodes it: all or nothing.</summary>
internal static class PhpJson
{
    /// <summary>False when the text is not JSON, lone surrogates included.</summary>
    public static bool TryDecode(string text, out object? value)
    {
        value = null;
        try
        {
            using var document = JsonDocument.Parse(text);
            value = Convert(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // Thrown for an escaped surrogate without its other half.
            return false;
        }
    }

    public static object? DecodeOrNull(string text) => TryDecode(text, out var value) ? value : null;

    private static object? Convert(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Convert(element.EnumerateObject().Select(member => (member.Name, member.Value))),
        JsonValueKind.Array => Convert(element.EnumerateArray().Select((item, index) => (index.ToString(), item))),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => Number(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static PhpArray Convert(IEnumerable<(string Key, JsonElement Value)> members)
    {
        var array = new PhpArray();
        foreach (var (key, value) in members)
            array[key] = Convert(value);
        return array;
    }

    private static object Number(JsonElement element)
    {
        var isFloat = element.GetRawText().AsSpan().ContainsAny(".eE");
        return !isFloat && element.TryGetInt64(out var whole) ? whole : element.GetDouble();
    }
}
