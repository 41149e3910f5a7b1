using System.Text.Json;

namespace Signal.Console.Data;

/// <summary>The paths of values that real events hold, to offer them in the mapping editor.</summary>
internal static class EventPaths
{
    private const int Deepest = 5;

    /// <summary>Every path to a scalar, each with an example, sorted.</summary>
    public static IReadOnlyList<(string Path, string Example)> Of(IEnumerable<JsonElement> bodies)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var body in bodies) Walk(body, "", 0, found);
        return [.. found.Select(f => (f.Key, f.Value))];
    }

    private static void Walk(JsonElement value, string path, int depth, SortedDictionary<string, string> found)
    {
        if (value.ValueKind == JsonValueKind.Object && depth < Deepest)
        {
            foreach (var field in value.EnumerateObject()) Walk(field.Value, path.Length == 0 ? field.Name : $"{path}.{field.Name}", depth + 1, found);
        }
        else if (value.ValueKind == JsonValueKind.Array && depth < Deepest && value.GetArrayLength() > 0)
        {
            Walk(value[0], $"{path}.0", depth + 1, found);
        }
        else if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && path.Length > 0)
        {
            var text = Events.EventFields.ScalarText(value) ?? "";
            found.TryAdd(path, text.Length > 40 ? text[..40] + "…" : text);
        }
    }
}
