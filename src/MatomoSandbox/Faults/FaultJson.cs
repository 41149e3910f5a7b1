using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MatomoSandbox;

/// <summary>Faults as JSON.</summary>
internal static class FaultJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The faults with the body's members put over them; null, with field and problem, when the body makes no sense.</summary>
    public static SandboxFaults? Merge(SandboxFaults current, string body, out string field, out string problem)
    {
        (field, problem) = ("body", "The body must be a JSON object of faults, for example {\"maintenance\": true}.");
        try
        {
            if (JsonNode.Parse(body) is not JsonObject changes)
                return null;
            var merged = JsonSerializer.SerializeToNode(current, Options)!.AsObject();
            foreach (var (name, value) in changes)
            {
                if (!merged.ContainsKey(name))
                {
                    (field, problem) = (name, $"There is no fault of that name; there are: {string.Join(", ", merged.Select(pair => pair.Key))}.");
                    return null;
                }
                merged[name] = value?.DeepClone();
            }
            return merged.Deserialize<SandboxFaults>(Options);
        }
        catch (JsonException wrong)
        {
            (field, problem) = (wrong.Path?.TrimStart('$', '.') ?? field, "The value does not fit this fault: " + wrong.Message);
            return null;
        }
    }
}
