using System.Text.Json;
using Signal.Configure;
using Signal.Manage.Alerts;
using Signal.State;
using Signal.Watch;

namespace Signal.Manage.Files;

/// <summary>Writes the configuration in force as a file.</summary>
internal sealed class ConfigurationExport(IConfigurationFeed feed, IAlertStore alerts)
{
    /// <summary>The file, in the order of ids, so that two of them compare well. General rules that are as built in are left out.</summary>
    public async Task<ConfigurationFile> WriteAsync(CancellationToken stop) => new()
    {
        Sources = [.. feed.Current.Sources.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Select(Entry)],
        Integrations = [.. feed.Current.Integrations.Values.OrderBy(i => i.Id, StringComparer.Ordinal).Select(Entry)],
        AlertChannels = [.. (await alerts.ChannelsAsync(stop)).Select(Entry)],
        AlertRules = [.. (await alerts.RulesAsync(stop)).Where(r => !AlertRules.IsBuiltIn(r)).OrderBy(r => r.Id, StringComparer.Ordinal).Select(Entry)],
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

    private static AlertChannelEntry Entry(AlertChannel c) => new()
    {
        Id = c.Id,
        Name = c.Name,
        Type = c.Type,
        Enabled = c.Enabled,
        To = c.To,
        Url = c.Url is null ? null : SecretReference.Of(c.Id, "url"),
        Secret = c.Secret is null ? null : SecretReference.Of(c.Id, "secret"),
    };

    private static AlertRuleEntry Entry(AlertRule r)
    {
        var input = AlertRuleView.Of(r).ToInput();
        return new AlertRuleEntry
        {
            Id = r.Id,
            Kind = input.Kind,
            Scope = input.Scope,
            Enabled = input.Enabled,
            Minutes = input.Minutes,
            Count = input.Count,
            FreePercent = input.FreePercent,
            FreeBytes = input.FreeBytes,
            Days = input.Days,
            RemindHours = input.RemindHours,
            Channels = input.Channels,
        };
    }
}
