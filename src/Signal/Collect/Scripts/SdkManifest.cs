using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signal.Collect.Scripts;

/// <summary>What the SDK's build says about its files.</summary>
/// <param name="Core">The core's file.</param>
/// <param name="Features">Settings that need a part, by the setting's name.</param>
/// <param name="Readers">The parts that read a consent platform, by the platform's name.</param>
/// <param name="Parts">Files by the part's name.</param>
internal sealed record SdkManifest(
    string Core,
    IReadOnlyDictionary<string, SdkFeature> Features,
    IReadOnlyDictionary<string, string> Readers,
    IReadOnlyDictionary<string, SdkPart> Parts)
{
    internal static SdkManifest Parse(string json) => JsonSerializer.Deserialize(json, SdkManifestJson.Default.SdkManifest)!;
}

/// <summary>A setting that needs a part.</summary>
/// <param name="Part">The part.</param>
/// <param name="Default">Whether it is on when the setting is left out.</param>
internal sealed record SdkFeature(string Part, bool Default);

/// <summary>A part's file.</summary>
internal sealed record SdkPart(string File);

/// <summary>Reads the manifest without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SdkManifest))]
internal sealed partial class SdkManifestJson : JsonSerializerContext;
