using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Signal.Tests.Sandbox;

/// <summary>Says in words where two sets of recorded rows differ; nothing when they do not.</summary>
internal static class Difference
{
    private static readonly string[] Kinds = ["visits", "actions", "conversions", "items"];

    public static IEnumerable<string> Of(JsonObject expected, JsonObject actual, Func<string, JsonNode?, bool>? anything = null) =>
        Kinds.SelectMany(kind => Of(kind, Rows(expected, kind), Rows(actual, kind), anything ?? ((_, _) => false)));

    public static bool Same(JsonNode? expected, JsonNode? actual)
    {
        if (expected is null || actual is null)
            return expected is null && actual is null;
        return Number(expected) is { } left && Number(actual) is { } right
            ? Math.Abs(left - right) < 1e-9
            : JsonNode.DeepEquals(expected, actual);
    }

    private static IEnumerable<string> Of(string kind, List<JsonObject> expected, List<JsonObject> actual, Func<string, JsonNode?, bool> anything)
    {
        foreach (var row in expected)
        {
            var match = actual.FirstOrDefault(candidate => Same(row, candidate, anything));
            if (match is not null)
                actual.Remove(match);
            else
                yield return $"{kind}: missing {Shown(row)}";
        }
        foreach (var row in actual)
            yield return $"{kind}: unexpected {Shown(row)}";
    }

    private static bool Same(JsonObject expected, JsonObject actual, Func<string, JsonNode?, bool> anything) =>
        expected.Select(pair => pair.Key).Union(actual.Select(pair => pair.Key))
            .All(name => Same(expected[name], actual[name]) || anything(name, actual[name]));

    private static List<JsonObject> Rows(JsonObject changes, string kind) => [.. (changes[kind]?.AsArray() ?? []).Select(row => row!.AsObject())];

    private static double? Number(JsonNode node) => node.GetValueKind() == JsonValueKind.Number
        ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture)
        : null;

    private static string Shown(JsonObject row)
    {
        var text = row.ToJsonString();
        return text.Length > 700 ? text[..700] + "…" : text;
    }
}
