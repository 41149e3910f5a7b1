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
internal sealed class AlertRuleChanges(IAlertStore store, IConfigurationFeed feed, IFurtherRules<AlertRuleInput> form, Audit audit, TimeProvider time)
{
    /// <summary>Every rule, the built-in ones included.</summary>
    public async Task<IReadOnlyList<AlertRule>> AllAsync(CancellationToken stop) => AlertRules.All(await store.RulesAsync(stop));

    /// <summary>A rule for one integration or source, in place of the general one.</summary>
    public async Task<Outcome<AlertRule>> CreateAsync(AlertRuleInput input, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var general = AlertRules.BuiltIn.First(r => r.Kind == input.Kind);
        var rule = Stated(input, general) with { Id = Ids.New("rule", now), Scope = input.Scope, Revision = 1, UpdatedAt = now };
        FieldError[] errors = [.. InputCheck.Of(input), .. AlertRuleRules.Check(input, await ChannelsAsync(stop)), .. AlertRuleRules.CheckScope(input, feed.Current.Sources.ContainsKey, feed.Current.Integrations.ContainsKey)];
        if (errors.Length > 0) return new Outcome<AlertRule>.Invalid(errors);
        return await SaveAsync(rule, null, "alert_rule.created", actor, stop)
            ? new Outcome<AlertRule>.Done(rule)
            : new Outcome<AlertRule>.Conflict("ALREADY_EXISTS", $"There is already a rule of this kind for {rule.Scope}. Change that one.");
    }

    /// <summary>Changes the fields given (RFC 7396).</summary>
    public async Task<Outcome<AlertRule>> PatchAsync(string id, JsonElement patch, int? expected, Actor actor, CancellationToken stop)
    {
        if ((await AllAsync(stop)).FirstOrDefault(r => r.Id == id) is not { } current) return new Outcome<AlertRule>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<AlertRule>.Stale();
        var (input, wrong) = await FormReader.ReadAsync(JsonPatch.Apply(AlertRuleView.Of(current).ToInput(), patch), form, id, stop);
        if (input is null) return new Outcome<AlertRule>.Invalid(wrong);
        var errors = AlertRuleRules.Check(input, current, await ChannelsAsync(stop));
        if (errors.Count > 0) return new Outcome<AlertRule>.Invalid(errors);
        var next = Stated(input, current) with { Revision = current.Revision + 1, UpdatedAt = time.GetUtcNow() };
        return await SaveAsync(next, current, "alert_rule.updated", actor, stop) ? new Outcome<AlertRule>.Done(next) : new Outcome<AlertRule>.Stale();
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

    /// <summary>Stores a rule that was checked elsewhere, as the successor of <paramref name="before"/> (null: a new one).</summary>
    public async Task<bool> SaveAsync(AlertRule rule, AlertRule? before, string action, Actor actor, CancellationToken stop) =>
        await store.SaveAsync(rule, audit.Entry(actor, action, rule.Id, before is null ? null : AlertRuleView.Of(before), AlertRuleView.Of(rule)), stop);

    private async Task<HashSet<string>> ChannelsAsync(CancellationToken stop) => [.. (await store.ChannelsAsync(stop)).Select(c => c.Id)];

    /// <summary>What the input states, on top of a rule.</summary>
    public static AlertRule Stated(AlertRuleInput input, AlertRule onto) => onto with
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
}
