using Signal.Destinations;
using Signal.Manage.Alerts;
using Signal.Manage.Changes;
using Signal.State;
using Signal.Watch;

namespace Signal.Manage.Files;

/// <summary>The part of an import that is about alerts: channels and rules. A section that is left out changes nothing.</summary>
internal sealed class AlertImport(IAlertStore store, AlertChannelChanges channels, AlertRuleChanges rules, SecretLookup lookup, TimeProvider time)
{
    private const string Action = "imported";

    /// <summary>What differs from what is stored; errors are added to <paramref name="errors"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prune">Also remove what a section that is there does not name; a general rule becomes as built in.</param>
    /// <param name="isSource">Whether there is such a source once the file is in force.</param>
    /// <param name="isIntegration">Whether there is such an integration then.</param>
    /// <param name="errors">Where errors go.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<AlertPlan> PlanAsync(
        ConfigurationFile file, bool prune, Func<string, bool> isSource, Func<string, bool> isIntegration, List<FieldError> errors, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var channelsNow = await store.ChannelsAsync(stop);
        var rulesNow = AlertRules.All(await store.RulesAsync(stop));
        var namedChannels = (file.AlertChannels ?? []).Select(c => c.Id).ToHashSet();
        var namedRules = (file.AlertRules ?? []).Select(r => r.Id).ToHashSet();
        var goneChannels = prune && file.AlertChannels is not null ? channelsNow.Where(c => !namedChannels.Contains(c.Id)).ToList() : [];
        // A rule goes with what it is for, as when that is removed by hand.
        var goneRules = rulesNow
            .Where(r => r.Scope is { } scope && !namedRules.Contains(r.Id) && ((prune && file.AlertRules is not null) || !(isSource(scope) || isIntegration(scope))))
            .ToList();
        var left = channelsNow.Except(goneChannels).Select(c => c.Id).Concat(namedChannels).ToHashSet();
        var keptRules = rulesNow.Except(goneRules).Where(r => !namedRules.Contains(r.Id));

        var wantedChannels = (file.AlertChannels ?? []).Select((e, i) => Wanted(e, i, file.AlertChannels!, channelsNow, errors, now)).ToList();
        var wantedRules = (file.AlertRules ?? []).Select((e, i) => Wanted(e, i, file.AlertRules!, rulesNow, keptRules, left, isSource, isIntegration, errors, now)).ToList();
        if (prune && file.AlertRules is not null)
            wantedRules.AddRange(rulesNow.Where(r => r.Scope is null && !namedRules.Contains(r.Id)).Select(r => (AlertRules.BuiltIn.First(b => b.Id == r.Id) with { Revision = r.Revision + 1, UpdatedAt = now }, (AlertRule?)r)));

        return new AlertPlan(
            [.. wantedChannels.Where(c => c.Before is null || !AlertChannelChanges.Same(c.Before, c.After))],
            [.. wantedRules.Where(r => r.Before is null || Audit.Compare(AlertRuleView.Of(r.Before), AlertRuleView.Of(r.After)).Count > 0)],
            goneChannels,
            goneRules,
            [.. namedChannels, .. namedRules]);
    }

    /// <summary>Saves a plan. False: somebody else changed something in between.</summary>
    public async Task<bool> ApplyAsync(AlertPlan plan, Actor actor, CancellationToken stop)
    {
        foreach (var (after, before) in plan.Channels)
            if (!await channels.SaveAsync(after, before, $"alert_channel.{Action}", actor, stop)) return false;
        foreach (var rule in plan.GoneRules) await rules.DeleteAsync(rule.Id, null, actor, stop);
        foreach (var (after, before) in plan.Rules)
            if (!await rules.SaveAsync(after, before, $"alert_rule.{Action}", actor, stop)) return false;
        foreach (var channel in plan.GoneChannels) await channels.DeleteAsync(channel.Id, null, actor, stop);
        return true;
    }

    private (AlertChannel After, AlertChannel? Before) Wanted(
        AlertChannelEntry entry, int index, IReadOnlyList<AlertChannelEntry> all, IReadOnlyList<AlertChannel> stored, List<FieldError> errors, DateTimeOffset now)
    {
        var path = $"alert_channels[{index}].";
        var current = stored.FirstOrDefault(c => c.Id == entry.Id);
        if (all.Take(index).Any(c => c.Id == entry.Id)) errors.Add(new($"{path}id", "twice", $"{path}id {entry.Id} stands twice in the file."));
        var found = new List<FieldError>();
        var input = entry with { Url = Resolved(entry.Url, current?.Url, "url", found), Secret = Resolved(entry.Secret, current?.Secret, "secret", found) };
        found.AddRange(AlertChannelRules.Check(input, current).Where(e => found.TrueForAll(o => o.Field != e.Field)));
        errors.AddRange(found.Select(e => In(path, e)));
        var onto = new AlertChannel { Id = entry.Id, Name = "", Type = entry.Type, Url = current?.Url, Secret = current?.Secret, CreatedAt = current?.CreatedAt ?? now, UpdatedAt = now };
        return (AlertChannelChanges.Stated(input, onto) with { Revision = (current?.Revision ?? 0) + 1 }, current);
    }

    private static (AlertRule After, AlertRule? Before) Wanted(
        AlertRuleEntry entry, int index, IReadOnlyList<AlertRuleEntry> all, IReadOnlyList<AlertRule> stored, IEnumerable<AlertRule> kept, IReadOnlySet<string> channels,
        Func<string, bool> isSource, Func<string, bool> isIntegration, List<FieldError> errors, DateTimeOffset now)
    {
        var path = $"alert_rules[{index}].";
        var current = stored.FirstOrDefault(r => r.Id == entry.Id);
        var found = AlertRuleRules.Check(entry, channels).ToList();
        if (all.Take(index).Any(r => r.Id == entry.Id)) found.Add(new("id", "twice", $"id {entry.Id} stands twice in the file."));
        else if (entry.Scope is not null && all.Take(index).Select(r => (r.Kind, r.Scope)).Concat(kept.Select(r => (r.Kind, r.Scope))).Contains((entry.Kind, entry.Scope)))
            found.Add(new("scope", "taken", $"scope {entry.Scope} has another rule of this kind. Keep one of them."));
        if (current is not null && (current.Kind != entry.Kind || current.Scope != entry.Scope))
            found.Add(new("id", "fixed", $"id {entry.Id} is the rule about {KindName.Of(current.Kind)}{(current.Scope is null ? " of everything" : $" of {current.Scope}")}; kind and scope can't be changed. Give the rule another id."));
        else if (current?.Scope is not null || current is null)
            found.AddRange(AlertRuleRules.CheckScope(entry, isSource, isIntegration));
        errors.AddRange(found.Select(e => In(path, e)));
        var general = AlertRules.BuiltIn.First(r => r.Kind == entry.Kind);
        var rule = AlertRuleChanges.Stated(entry, general) with { Id = entry.Id, Scope = entry.Scope, Revision = (current?.Revision ?? 0) + 1, UpdatedAt = now };
        return (rule, current);
    }

    private string? Resolved(string? text, string? stored, string field, List<FieldError> errors)
    {
        if (text is null || text == Mask.Text) return text;
        if (SecretReference.NameIn(text) is not { } name) errors.Add(new(field, "format", $"{field} must be a reference such as ${{OPS_HOOK}}: a file holds no secrets."));
        else if (lookup.Find(name) is { } value) return value;
        else if (stored is null) errors.Add(new(field, "unresolved", $"{field} refers to {name}, which is not set where Signal runs. Set it and import again."));
        return Mask.Text;
    }

    private static FieldError In(string path, FieldError e) => e with { Field = path + e.Field, Message = path + e.Message };
}

/// <summary>What an import changes of alerts.</summary>
/// <param name="Channels">The channels to save, each with what it was; null for a new one.</param>
/// <param name="Rules">The rules to save.</param>
/// <param name="GoneChannels">The channels to remove.</param>
/// <param name="GoneRules">The rules to remove.</param>
/// <param name="Named">The ids the file names.</param>
internal sealed record AlertPlan(
    IReadOnlyList<(AlertChannel After, AlertChannel? Before)> Channels,
    IReadOnlyList<(AlertRule After, AlertRule? Before)> Rules,
    IReadOnlyList<AlertChannel> GoneChannels,
    IReadOnlyList<AlertRule> GoneRules,
    IReadOnlyList<string> Named)
{
    /// <summary>The ids that are new.</summary>
    public IEnumerable<string> Created => Channels.Where(c => c.Before is null).Select(c => c.After.Id).Concat(Rules.Where(r => r.Before is null).Select(r => r.After.Id));

    /// <summary>The ids that change.</summary>
    public IEnumerable<string> Updated => Channels.Where(c => c.Before is not null).Select(c => c.After.Id).Concat(Rules.Where(r => r.Before is not null).Select(r => r.After.Id));

    /// <summary>The ids that are as the file says.</summary>
    public IEnumerable<string> Unchanged => Named.Except(Created).Except(Updated);

    /// <summary>The ids that are removed.</summary>
    public IEnumerable<string> Deleted => GoneRules.Select(r => r.Id).Concat(GoneChannels.Select(c => c.Id));
}
