using System.Text.Json;
using Signal.Configure;

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

    /// <summary>The script with default settings; the key comes from the tag.</summary>
    internal string Standard() => Compose("{}", _manifest.Value!.Default);

    /// <summary>The script of a source.</summary>
    internal string Of(Source source, IReadOnlyList<Integration> integrations, string scriptPath) =>
        Compose(SdkSettingsWriter.Write(source, integrations, scriptPath), PartsOf(source.Sdk.Options));

    private List<string> PartsOf(JsonElement? options)
    {
        var manifest = _manifest.Value!;
        var parts = manifest.Features.Where(f => IsOn(options, f.Key, f.Value.Default)).Select(f => f.Value.Part);
        if (Option(options, "reader") is { ValueKind: JsonValueKind.String } reader && manifest.Readers.TryGetValue(reader.GetString()!, out var part))
            parts = parts.Append(part);
        return [.. parts.Distinct()];
    }

    private string Compose(string settings, IReadOnlyList<string> parts)
    {
        var manifest = _manifest.Value!;
        return $"{Text(manifest.Core)}({settings},[{string.Join(',', parts.Select(p => Text(manifest.Parts[p].File)))}]);\n";
    }

    private string Text(string file) =>
        scripts.Read(file) ?? throw new InvalidOperationException($"The SDK's manifest names {file}, which this build does not carry.");

    // The SDK's own notion of off is false; everything else, an empty text included, switches on.
    private static bool IsOn(JsonElement? options, string setting, bool byDefault) =>
        Option(options, setting) is { } value ? value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null) : byDefault;

    private static JsonElement? Option(JsonElement? options, string name) =>
        options is { ValueKind: JsonValueKind.Object } set && set.TryGetProperty(name, out var value) ? value : null;
}
