using Signal.Configure;
using Signal.Destinations;
using Signal.Manage.Http;
using Signal.State;
using Signal.Watch;

namespace Signal.Manage.Alerts;

/// <summary>The rules of channels and of alert rules for a body that is not usable as a whole.</summary>
internal sealed class AlertFormRules(IAlertStore store, IConfigurationFeed feed) : IFurtherRules<AlertChannelInput>, IFurtherRules<AlertRuleInput>
{
    public async ValueTask<IReadOnlyList<FieldError>> CheckAsync(AlertChannelInput rest, string? id, CancellationToken stop) =>
        AlertChannelRules.Check(rest, id is null ? null : (await store.ChannelsAsync(stop)).FirstOrDefault(c => c.Id == id));

    public async ValueTask<IReadOnlyList<FieldError>> CheckAsync(AlertRuleInput rest, string? id, CancellationToken stop)
    {
        var channels = (await store.ChannelsAsync(stop)).Select(c => c.Id).ToHashSet();
        var current = id is null ? null : AlertRules.All(await store.RulesAsync(stop)).FirstOrDefault(r => r.Id == id);
        return current is null
            ? [.. AlertRuleRules.Check(rest, channels), .. AlertRuleRules.CheckScope(rest, feed.Current.Sources.ContainsKey, feed.Current.Integrations.ContainsKey)]
            : AlertRuleRules.Check(rest, current, channels);
    }
}
