using System.Text.Json;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;
using Signal.Watch;

namespace Signal.Manage.Alerts;

/// <summary>Checks, stores and audits every change of a channel, and tries one, for API and console alike.</summary>
internal sealed class AlertChannelChanges(IAlertStore store, IChannelSender sender, IAuditLog log, WatchOptions options, IFurtherRules<AlertChannelInput> form, Audit audit, TimeProvider time)
{
    /// <summary>A channel by id; null when there is none.</summary>
    public async Task<AlertChannel?> FindAsync(string id, CancellationToken stop) => (await store.ChannelsAsync(stop)).FirstOrDefault(c => c.Id == id);

    /// <summary>A new channel.</summary>
    public async Task<Outcome<AlertChannel>> CreateAsync(AlertChannelInput input, Actor actor, CancellationToken stop)
    {
        if (FieldErrors.Joined(InputCheck.Of(input), AlertChannelRules.Check(input, null)) is { Count: > 0 } errors) return new Outcome<AlertChannel>.Invalid(errors);
        var now = time.GetUtcNow();
        var channel = Stated(input, new AlertChannel { Id = Ids.New("chn", now), Name = "", Type = input.Type, CreatedAt = now, UpdatedAt = now });
        return await SaveAsync(channel, null, "alert_channel.created", actor, stop) ? new Outcome<AlertChannel>.Done(channel) : new Outcome<AlertChannel>.Stale();
    }

    /// <summary>Changes the fields given (RFC 7396).</summary>
    public async Task<Outcome<AlertChannel>> PatchAsync(string id, JsonElement patch, int? expected, Actor actor, CancellationToken stop)
    {
        if (await FindAsync(id, stop) is not { } current) return new Outcome<AlertChannel>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<AlertChannel>.Stale();
        var (input, wrong) = await FormReader.ReadAsync(JsonPatch.Apply(AlertChannelView.Of(current).ToInput(), patch), form, id, stop);
        if (input is null) return new Outcome<AlertChannel>.Invalid(wrong);
        if (AlertChannelRules.Check(input, current) is { Count: > 0 } errors) return new Outcome<AlertChannel>.Invalid(errors);
        var next = Stated(input, current) with { Revision = current.Revision + 1, UpdatedAt = time.GetUtcNow() };
        return await SaveAsync(next, current, "alert_channel.updated", actor, stop) ? new Outcome<AlertChannel>.Done(next) : new Outcome<AlertChannel>.Stale();
    }

    /// <summary>Removes a channel and what waits for it, and takes it off the rules that name it.</summary>
    public async Task<Outcome<AlertChannel>> DeleteAsync(string id, int? expected, Actor actor, CancellationToken stop)
    {
        if (await FindAsync(id, stop) is not { } current) return new Outcome<AlertChannel>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<AlertChannel>.Stale();
        foreach (var rule in (await store.RulesAsync(stop)).Where(r => r.Channels?.Contains(id) == true))
        {
            var without = rule with { Channels = [.. rule.Channels!.Where(c => c != id)], Revision = rule.Revision + 1, UpdatedAt = time.GetUtcNow() };
            if (!await store.SaveAsync(without, audit.Entry(actor, "alert_rule.updated", rule.Id, AlertRuleView.Of(rule), AlertRuleView.Of(without)), stop)) return new Outcome<AlertChannel>.Stale();
        }

        return await store.DeleteChannelAsync(id, audit.Entry(actor, "alert_channel.deleted", id, Shown(current), null), stop)
            ? new Outcome<AlertChannel>.Done(current)
            : new Outcome<AlertChannel>.Missing();
    }

    /// <summary>Sends a test message now, once, and says how it went.</summary>
    public async Task<Outcome<ChannelTestView>> TestAsync(string id, Actor actor, CancellationToken stop)
    {
        if (await FindAsync(id, stop) is not { } channel) return new Outcome<ChannelTestView>.Missing();
        var began = time.GetUtcNow();
        var error = await sender.SendAsync(channel, Notice.Test(Ids.New("msg", began), began, Notice.LinkOf(options.Console(), "/alerts")), stop);
        var result = new ChannelTestView(error is null, time.GetUtcNow(), error);
        await store.MarkAsync(id, new ChannelAttempt(result.At, error), stop);
        await log.AppendAsync(audit.Entry(actor, "alert_channel.tested", id, null, result), stop);
        return new Outcome<ChannelTestView>.Done(result);
    }

    /// <summary>Stores a channel that was checked elsewhere, as the successor of <paramref name="before"/> (null: a new one).</summary>
    public async Task<bool> SaveAsync(AlertChannel channel, AlertChannel? before, string action, Actor actor, CancellationToken stop) =>
        await store.SaveAsync(channel, audit.Entry(actor, action, channel.Id, before is null ? null : Shown(before), Shown(channel), before is null ? null : Secrets(before, channel)), stop);

    /// <summary>Whether two channels say the same, secrets included.</summary>
    public static bool Same(AlertChannel a, AlertChannel b) => !Secrets(a, b).Any() && Audit.Compare(Shown(a), Shown(b)).Count == 0;

    /// <summary>What the input states, on top of a channel.</summary>
    public static AlertChannel Stated(AlertChannelInput input, AlertChannel onto) => onto with
    {
        Name = input.Name.Trim(),
        Enabled = input.Enabled,
        To = [.. input.To.Distinct()],
        Url = input.Url == Mask.Text ? onto.Url : input.Url,
        Secret = input.Secret == Mask.Text ? onto.Secret : input.Secret,
    };

    private static AlertChannelView Shown(AlertChannel channel) => AlertChannelView.Of(channel with { Last = null });

    private static IEnumerable<string> Secrets(AlertChannel before, AlertChannel after)
    {
        if (before.Url != after.Url) yield return "url";
        if (before.Secret != after.Secret) yield return "secret";
    }
}
