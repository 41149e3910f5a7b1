using System.Text.Json;
using Signal.Configure;

namespace Signal.Manage.Files;

/// <summary>Writes the configuration in force as a file.</summary>
internal sealed class ConfigurationExport(IConfigurationFeed feed)
{
    /// <summary>The file, in the order of ids, so that two of them compare well.</summary>
    public ConfigurationFile Write() => new()
    {
        Sources = [.. feed.Current.Sources.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Select(Entry)],
        Integrations = [.. feed.Current.Integrations.Values.OrderBy(i => i.Id, StringComparer.Ordinal).Select(Entry)],
    };

    private static SourceEntry Entry(Source s) => new()
    {
        Id = s.Id,
        Name = s.Name,
        Domain = s.Domain,
        Enabled = s.Enabled,
        Consent = s.Consent,
        AllowedOrigins = s.AllowedOrigins,
        AllowLocalhost = s.AllowLocalhost,
        RateLimit = s.RateLimit,
        FilterBots = s.FilterBots,
        Cookie = s.Cookie,
        Sdk = s.Sdk,
        PipelineKey = s.PipelineKey,
        Secret = SecretReference.Of(s.Id),
    };

    private static IntegrationEntry Entry(Integration i) => new()
    {
        Id = i.Id,
        SourceId = i.SourceId,
        Vendor = i.Vendor,
        Name = i.Name,
        Enabled = i.Enabled,
        Config = i.Config.Concat(i.Secrets.Keys.Select(k => KeyValuePair.Create(k, JsonSerializer.SerializeToElement(SecretReference.Of(i.Id, k)))))
            .OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary(),
        ConsentCategories = i.ConsentCategories,
        Preset = i.Preset,
        Mappings = i.Mappings,
    };
}
