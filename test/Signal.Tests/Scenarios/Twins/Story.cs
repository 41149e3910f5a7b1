using System.Text.Json.Nodes;

namespace Signal.Tests.Scenarios.Twins;

/// <summary>A recorded story: what Matomo's own tracker sent for it and what a real Matomo held afterwards.</summary>
internal sealed class Story
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cases", "matomo", "visits");
    private readonly JsonObject _recorded;

    private Story(JsonObject recorded) => _recorded = recorded;

    /// <summary>The names of all stories.</summary>
    internal static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order();

    internal IReadOnlyList<JsonObject> Hits => [.. _recorded["hits"]!.AsArray().Select(h => h!.AsObject())];

    /// <summary>The visits that were held, one entry each with its actions, conversions and items.</summary>
    internal JsonArray Stored => _recorded["stored"]!.DeepClone().AsArray();

    internal static async Task<Story> ReadAsync(string name) =>
        new(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".json")))!.AsObject());

    /// <summary>Where a person's requests came from.</summary>
    internal string AddressOf(int person) => Hits.First(h => h["person"]!.GetValue<int>() == person)["address"]!.GetValue<string>();

    /// <summary>An anonymous id that begins with the visitor id the tracker drew for a person.</summary>
    internal string VisitorOf(int person)
    {
        var id = Hits.Where(h => h["person"]!.GetValue<int>() == person).Select(h => h["fields"]!["_id"]!.GetValue<string>()).First(i => i.Length > 0);
        return $"{id[..8]}-{id[8..12]}-{id[12..]}-8000-000000000000";
    }

    /// <summary>The fields of the page view that a person made at this moment: the browser's part of the story (timings, page-view id).</summary>
    internal JsonObject? PageViewOf(int person, int at) => Hits
        .Where(h => h["person"]!.GetValue<int>() == person && h["at"]!.GetValue<int>() == at)
        .Select(h => h["fields"]!.AsObject())
        .FirstOrDefault(f => f.ContainsKey("action_name"));
}
