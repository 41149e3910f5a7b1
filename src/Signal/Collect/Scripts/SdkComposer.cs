using System.Text.Json;
using Signal.Configure;
using Signal.Events;

namespace Signal.Collect.Scripts;

/// <summary>
/// Puts a script together as the SDK's README says: the core, called with the settings and the parts in use:
/// <c>core(settings,[part,…]);</c>
/// </summary>
internal sealed class SdkComposer(ISdkScripts scripts)
{
    private readonly Lazy<SdkManifest?> _manifest = new(() => scripts.Read("manifest.json") is { } json ? SdkManifest.Parse(json) : null);

    /// <summary>Whether this build carries the SDK.</summary>
    internal bool IsAvailable => _manifest.Value is not null;

    /// <summary>The script with default settings, collecting beside it; the key comes from the tag.</summary>
    internal string Standard() => Compose("""{"endpoint":"v1"}""");

    /// <summary>The script of a source.</summary>
    internal string Of(Source source, IReadOnlyList<Integration> integrations, string scriptPath) =>
        Compose(SdkSettingsWriter.Write(source, integrations, scriptPath));

    private string Compose(string settings)
    {
        var manifest = _manifest.Value!;
        using var parsed = JsonDocument.Parse(settings);
        var parts = PartsOf(manifest, parsed.RootElement).Distinct().Select(p => Text(manifest.Parts[p].File));
        return $"{Text(manifest.Core)}({settings},[{string.Join(',', parts)}]);\n";
    }

    private static IEnumerable<string> PartsOf(SdkManifest manifest, JsonElement settings)
    {
        foreach (var (setting, feature) in manifest.Features)
            if (IsOn(settings, setting, feature.Default)) yield return feature.Part;
        if (settings.TryGetProperty("reader", out var reader) && reader.ScalarText() is { } name && manifest.Readers.TryGetValue(name, out var part)) yield return part;
    }

    private string Text(string file) =>
        scripts.Read(file) ?? throw new InvalidOperationException($"The SDK's manifest names {file}, which this build does not carry.");

    // The SDK's own notion of off is false; everything else, an empty text included, switches on.
    private static bool IsOn(JsonElement settings, string setting, bool byDefault) =>
        settings.TryGetProperty(setting, out var value) ? value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null) : byDefault;
}
