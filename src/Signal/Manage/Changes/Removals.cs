using Signal.Configure;
using Signal.Manage.Alerts;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>What goes with something that is removed, told in the audit log: each thing has its own entry.</summary>
internal sealed class Removals(IAlertStore alerts, IConfigurationFeed feed, Audit audit)
{
    /// <summary>The entries of a source, its integrations and the alert rules for any of them.</summary>
    public async Task<IReadOnlyList<AuditEntry>> OfAsync(Source source, Actor actor, CancellationToken stop)
    {
        var below = feed.Current.Integrations.Values.Where(i => i.SourceId == source.Id).OrderBy(i => i.Id, StringComparer.Ordinal).ToList();
        return
        [
            .. await RulesAsync([source.Id, .. below.Select(i => i.Id)], actor, stop),
            .. below.Select(i => Entry(i, actor)),
            audit.Entry(actor, "source.deleted", source.Id, SourceView.Of(source), null),
        ];
    }

    /// <summary>The entries of an integration and the alert rules for it.</summary>
    public async Task<IReadOnlyList<AuditEntry>> OfAsync(Integration integration, Actor actor, CancellationToken stop) =>
        [.. await RulesAsync([integration.Id], actor, stop), Entry(integration, actor)];

    private AuditEntry Entry(Integration integration, Actor actor) => audit.Entry(actor, "integration.deleted", integration.Id, IntegrationView.Of(integration), null);

    private async Task<IEnumerable<AuditEntry>> RulesAsync(IReadOnlyCollection<string> scopes, Actor actor, CancellationToken stop) =>
        (await alerts.RulesAsync(stop)).Where(r => r.Scope is { } scope && scopes.Contains(scope)).Select(r => audit.Entry(actor, "alert_rule.deleted", r.Id, AlertRuleView.Of(r), null));
}
