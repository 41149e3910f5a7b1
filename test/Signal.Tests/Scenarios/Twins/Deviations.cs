using System.Text.Json.Nodes;

namespace Signal.Tests.Scenarios.Twins;

/// <summary>
/// Where Signal leaves a Matomo with something else than Matomo's own tracker does, on purpose. The same table, in words, stands in
/// docs/destinations/matomo.md.
/// </summary>
internal static class Deviations
{
    /// <summary>By the telling's name: what is changed in what was stored, so that it is what Signal stores.</summary>
    internal static IReadOnlyDictionary<string, Action<JsonArray>> All { get; } = new Dictionary<string, Action<JsonArray>>();
}
