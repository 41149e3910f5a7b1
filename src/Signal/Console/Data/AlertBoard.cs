using Signal.Configure;
using Signal.Console.Access;
using Signal.Manage.Alerts;
using Signal.State;

namespace Signal.Console.Data;

/// <summary>All of the page of alerts.</summary>
/// <param name="Open">The open ones, newest first.</param>
/// <param name="Past">A page of those that are over, newest first.</param>
/// <param name="More">There are older ones.</param>
/// <param name="Rules">Every rule, general ones first.</param>
/// <param name="Channels">Every channel.</param>
/// <param name="Names">Id to name of integrations and sources.</param>
internal sealed record AlertBoardView(
    IReadOnlyList<AlertView> Open, IReadOnlyList<AlertView> Past, bool More, IReadOnlyList<AlertRule> Rules, IReadOnlyList<AlertChannelView> Channels, IReadOnlyDictionary<string, string> Names)
{
    /// <summary>The name of a rule's scope; the id of something that is gone, null for a general rule.</summary>
    public string? NameOf(string? scope) => scope is null ? null : Names.GetValueOrDefault(scope, scope);
}

/// <summary>Reads the page of alerts.</summary>
internal sealed class AlertBoard(IAlertStore store, AlertRuleChanges rules, IConfigurationFeed feed, Operator me)
{
    /// <summary>Past alerts of a page.</summary>
    public const int Step = 25;

    private const int Most = 200;

    private readonly Stack<string> _after = new();

    /// <summary>Whether the newest past ones are shown.</summary>
    public bool AtNewest => _after.Count == 0;

    /// <summary>Shows the past ones that follow this one.</summary>
    public void Older(string last) => _after.Push(last);

    /// <summary>Goes back a page.</summary>
    public void Newer() => _after.TryPop(out _);

    public async Task<AlertBoardView> ReadAsync(CancellationToken stop)
    {
        var open = await store.ListAsync(new AlertFilter(Open: true, Limit: Most), stop);
        var past = await store.ListAsync(new AlertFilter(Open: false, Before: _after.TryPeek(out var last) ? last : null, Limit: Step + 1), stop);
        var messages = await store.MessagesAsync([.. open.Concat(past).Select(a => a.Id)], stop);
        var channels = await store.ChannelsAsync(stop);
        var role = await me.RoleAsync();
        var current = feed.Current;
        return new AlertBoardView(
            [.. open.Select(a => AlertView.Of(a, messages))],
            [.. past.Take(Step).Select(a => AlertView.Of(a, messages))],
            past.Count > Step,
            await rules.AllAsync(stop),
            [.. channels.Select(c => AlertChannelView.Of(c).For(role))],
            current.Integrations.Values.Select(i => (i.Id, i.Name)).Concat(current.Sources.Values.Select(s => (s.Id, s.Name))).ToDictionary(x => x.Id, x => x.Name));
    }
}
