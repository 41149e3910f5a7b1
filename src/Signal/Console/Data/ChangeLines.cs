using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signal.Console.Data;

/// <summary>A value of a change as lines people can read and compare.</summary>
internal static class ChangeLines
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line for a plain value, one for each item of a list, one for each field of an object.</summary>
    public static IReadOnlyList<string> Of(JsonElement? value) => value switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(Line)],
        { ValueKind: JsonValueKind.Object } fields => [.. Given(fields).Select(f => $"{f.Name}: {Line(f.Value)}")],
        { } plain => [Line(plain)],
    };

    private static string Line(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        if (value.ValueKind != JsonValueKind.Object) return JsonSerializer.Serialize(value, Relaxed);
        return value.TryGetProperty("target", out var target) && value.TryGetProperty("event", out var name)
            ? Mapping(value, name, target)
            : string.Join(", ", Given(value).Select(f => $"{f.Name}: {Line(f.Value)}"));
    }

    private static string Mapping(JsonElement row, JsonElement name, JsonElement target)
    {
        var rest = Given(row).Where(f => f.Name is not ("event" or "target")).ToDictionary(f => f.Name, f => f.Value);
        var from = new[] { "source", "value", "expression" }.FirstOrDefault(rest.ContainsKey);
        var line = $"{name}: {target} = {(from is null ? "–" : Line(rest[from]))}";
        var more = rest.Where(f => f.Key != from).Select(f => $"{f.Key} {Line(f.Value)}").ToList();
        return more.Count == 0 ? line : $"{line} ({string.Join(", ", more)})";
    }

    private static IEnumerable<JsonProperty> Given(JsonElement value) => value.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Null);
}
