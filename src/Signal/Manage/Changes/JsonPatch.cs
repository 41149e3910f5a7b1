using System.Text.Json;
using System.Text.Json.Nodes;
using Signal.Manage.Http;

namespace Signal.Manage.Changes;

/// <summary>Merges a partial value into a whole one (RFC 7396), so that a partial change is checked like a whole one.</summary>
internal static class JsonPatch
{
    public static JsonElement Apply<T>(T current, JsonElement patch)
    {
        var whole = JsonSerializer.SerializeToNode(current, ApiJson.Options)!.AsObject();
        foreach (var field in patch.EnumerateObject()) whole[field.Name] = Merge(whole[field.Name], field.Value);
        return JsonSerializer.SerializeToElement(whole);
    }

    private static JsonNode? Merge(JsonNode? current, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object) return patch.ValueKind == JsonValueKind.Null ? null : JsonNode.Parse(patch.GetRawText());
        var merged = current is JsonObject o ? (JsonObject)o.DeepClone() : [];
        foreach (var field in patch.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null) merged.Remove(field.Name);
            else merged[field.Name] = Merge(merged[field.Name], field.Value);
        }

        return merged;
    }
}
