using System.Text.Json;
using System.Text.Json.Nodes;
using Signal.Configure;

namespace Signal.State.Sql;

/// <summary>Sources and integrations as they are stored: JSON in which every secret is sealed.</summary>
internal sealed class SealedConfiguration(ISecretBox box)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public string Write(Source source) => JsonSerializer.Serialize(source with { Secret = box.Seal(source.Secret) }, Json);

    public string Write(Integration integration) => JsonSerializer.Serialize(
        integration with { Secrets = integration.Secrets.ToDictionary(s => s.Key, s => box.Seal(s.Value)) }, Json);

    /// <summary>The same value with every secret that <paramref name="reseal"/> changes; null when it changes none.</summary>
    public static string? Reseal(string body, bool isSource, Func<string, string?> reseal)
    {
        var node = JsonNode.Parse(body)!;
        var changed = false;
        var holder = isSource ? node.AsObject() : node["secrets"]!.AsObject();
        foreach (var key in isSource ? ["secret"] : holder.Select(s => s.Key).ToArray())
        {
            if (reseal(holder[key]!.GetValue<string>()) is not { } fresh) continue;
            holder[key] = fresh;
            changed = true;
        }

        return changed ? node.ToJsonString(Json) : null;
    }

    public Source ReadSource(string body)
    {
        var source = JsonSerializer.Deserialize<Source>(body, Json)!;
        return source with { Secret = box.Open(source.Secret) };
    }

    public Integration ReadIntegration(string body)
    {
        var integration = JsonSerializer.Deserialize<Integration>(body, Json)!;
        return integration with { Secrets = integration.Secrets.ToDictionary(s => s.Key, s => box.Open(s.Value)) };
    }
}
