using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatomoSandbox;

/// <summary>The state as JSON. Names are those of the recorded data; what is empty is left out; times are epoch seconds.</summary>
internal static class StateJson
{
    public static JsonObject Of(SandboxState state) => new()
    {
        ["now"] = state.Now.ToUnixTimeSeconds(),
        ["faults"] = JsonSerializer.SerializeToNode(state.Faults, FaultJson.Options),
        ["counters"] = JsonSerializer.SerializeToNode(state.Counters, FaultJson.Options),
        ["visits"] = new JsonArray([.. Visits(state)]),
        ["requests"] = JsonSerializer.SerializeToNode(state.Requests, FaultJson.Options),
    };

    private static JsonObject Conversion(Conversion conversion)
    {
        var node = RowJson.Of(conversion);
        node["at"] = conversion.At;
        return node;
    }

    private static IEnumerable<JsonNode> Visits(SandboxState state)
    {
        var actions = state.Actions.ToLookup(row => row.VisitId);
        var conversions = state.Conversions.ToLookup(row => row.VisitId);
        var items = state.Items.ToLookup(row => row.VisitId);
        foreach (var visit in state.Visits)
        {
            var node = RowJson.Of(visit);
            node["id"] = visit.Id;
            node["first"] = visit.First;
            node["action_list"] = new JsonArray([.. actions[visit.Id].Select(RowJson.Of)]);
            node["conversions"] = new JsonArray([.. conversions[visit.Id].Select(Conversion)]);
            node["items"] = new JsonArray([.. items[visit.Id].Select(RowJson.Of)]);
            yield return node;
        }
    }
}
