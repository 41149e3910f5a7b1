using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;
using Signal.Watch;

namespace Signal.Manage.Alerts;

/// <summary>Checks, stores and audits every change of a rule, for API and console alike. It is in force with the next look.</summary>
internal sealed class AlertRuleChanges(IAlertStore store, IConfigurationFeed feed, Audit audit, TimeProvider time)
{
    /// <summary>Every rule, the built-in ones included.</summary>
    public async Task<IReadOnlyList<AlertRule>> AllAsync(CancellationToken stop) => AlertRules.All(await store.RulesAsync(stop));

    /// <summary>A rule for one integration or source, in place of the general one.</summary>
    public async Task<Outcome<AlertRule>> CreateAsync(AlertRuleInput input, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var general = AlertRules.BuiltIn.First(r => r.Kind == input.Kind);
        var rule = Stated(input, general) with { Id = Ids.New("rule", now), Scope = input.Scope, Revision = 1, UpdatedAt = now };
        var errors = await CheckAsync(input, stop);
        errors.AddRange(CheckScope(input));
        if (errors.Count > 0) return new Outcome<AlertRule>.Invalid(errors);
        var entry = audit.Entry(actor, "alert_rule.created", rule.Id, null, AlertRuleView.Of(rule));
        return await store.SaveAsync(rule, entry, stop)
            ? new Outcome<AlertRule>.Done(rule)
            : new Outcome<AlertRule>.Conflict("ALREADY_EXISTS", $"There is already a rule of this kind for {rule.Scope}. Change that one.");
    }

    /// <summary>Changes the fields given (RFC 7396).</summary>
    public async Task<Outcome<AlertRule>> PatchAsync(string id, JsonElement patch, int? expected, Actor actor, CancellationToken stop)
    {
        if ((await AllAsync(stop)).FirstOrDefault(r => r.Id == id) is not { } current) return new Outcome<AlertRule>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<AlertRule>.Stale();
        var (input, wrong) = InputCheck.Read<AlertRuleInput>(JsonPatch.Apply(AlertRuleView.Of(current).ToInput(), patch));
        if (input is null) return new Outcome<AlertRule>.Invalid(wrong);
        var errors = await CheckAsync(input, stop);
        if (input.Kind != current.Kind) errors.Add(Fixed("kind"));
        if (input.Scope != current.Scope) errors.Add(Fixed("scope"));
        if (errors.Count > 0) return new Outcome<AlertRule>.Invalid(errors);
        var next = Stated(input, current) with { Revision = current.Revision + 1, UpdatedAt = time.GetUtcNow() };
        var entry = audit.Entry(actor, "alert_rule.updated", id, AlertRuleView.Of(current), AlertRuleView.Of(next));
        return await store.SaveAsync(next, entry, stop) ? new Outcome<AlertRule>.Done(next) : new Outcome<AlertRule>.Stale();
    }

    /// <summary>Removes a rule for one integration or source; the general one is in force there again.</summary>
    public async Task<Outcome<AlertRule>> DeleteAsync(string id, int? expected, Actor actor, CancellationToken stop)
    {
        if ((await AllAsync(stop)).FirstOrDefault(r => r.Id == id) is not { } current) return new Outcome<AlertRule>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<AlertRule>.Stale();
        if (current.Scope is null) return new Outcome<AlertRule>.Conflict("BUILT_IN", "A general rule can't be removed. Disable it instead.");
        return await store.DeleteRuleAsync(id, audit.Entry(actor, "alert_rule.deleted", id, AlertRuleView.Of(current), null), stop)
            ? new Outcome<AlertRule>.Done(current)
            : new Outcome<AlertRule>.Missing();
    }

    private async Task<List<FieldError>> CheckAsync(AlertRuleInput input, CancellationToken stop)
    {
        var errors = new List<FieldError>();
        foreach (var field in Foreign(input)) errors.Add(new(field, "unknown", $"{field} does not belong to this kind of rule. Remove it."));
        var known = (await store.ChannelsAsync(stop)).Select(c => c.Id).ToHashSet();
        foreach (var (i, channel) in (input.Channels ?? []).Index())
            if (!known.Contains(channel)) errors.Add(new($"channels[{i}]", "exists", $"channels[{i}]: there is no channel {channel}."));
        return errors;
    }

    private IEnumerable<FieldError> CheckScope(AlertRuleInput input)
    {
        if (string.IsNullOrEmpty(input.Scope))
            yield return new("scope", "required", "scope is required: the general rule of each kind is built in, change that one.");
        else if (input.Kind == AlertKind.Disk)
            yield return new("scope", "unknown", "scope does not belong to a rule about the disk: there is one disk, change its general rule.");
        else if (input.Kind == AlertKind.Silence ? !feed.Current.Sources.ContainsKey(input.Scope) : !feed.Current.Integrations.ContainsKey(input.Scope))
            yield return new("scope", "exists", $"scope: there is no {(input.Kind == AlertKind.Silence ? "source" : "integration")} {input.Scope}.");
    }

    private static IEnumerable<string> Foreign(AlertRuleInput input)
    {
        var disk = input.Kind == AlertKind.Disk;
        if (disk && input.Minutes is not null) yield return "minutes";
        if ((disk || input.Kind == AlertKind.DeliveryFailing) && input.Count is not null) yield return "count";
        if (!disk && input.FreePercent is not null) yield return "free_percent";
        if (!disk && input.FreeBytes is not null) yield return "free_bytes";
        if (!disk && input.Days is not null) yield return "days";
    }

    private static AlertRule Stated(AlertRuleInput input, AlertRule onto) => onto with
    {
        Enabled = input.Enabled,
        Minutes = input.Minutes ?? onto.Minutes,
        Count = input.Count ?? onto.Count,
        FreePercent = input.FreePercent ?? onto.FreePercent,
        FreeBytes = input.FreeBytes ?? onto.FreeBytes,
        Days = input.Days ?? onto.Days,
        RemindHours = input.RemindHours,
        Channels = input.Channels is null ? null : [.. input.Channels.Distinct()],
    };

    private static FieldError Fixed(string field) => new(field, "fixed", $"{field} can't be changed. Make a new rule.");
}
