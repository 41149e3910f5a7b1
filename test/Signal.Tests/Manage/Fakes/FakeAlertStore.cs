using Signal.State;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeAlertStore(FakeAuditLog audit) : IAlertStore
{
    private readonly Dictionary<string, AlertRule> _rules = [];
    private readonly Dictionary<string, AlertChannel> _channels = [];
    private readonly Lock _lock = new();

    public List<Alert> Alerts { get; } = [];

    public List<AlertMessage> Messages { get; } = [];

    public List<DiskSample> Samples { get; } = [];

    public Task<IReadOnlyList<AlertRule>> RulesAsync(CancellationToken stop) => In<IReadOnlyList<AlertRule>>(() => [.. _rules.Values]);

    public Task<bool> SaveAsync(AlertRule rule, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        var before = _rules.GetValueOrDefault(rule.Id)?.Revision ?? (rule.Scope is null ? 1 : 0);
        if (before != rule.Revision - 1 || _rules.Values.Any(r => r.Id != rule.Id && r.Kind == rule.Kind && r.Scope == rule.Scope)) return false;
        _rules[rule.Id] = rule;
        audit.Append(entry);
        return true;
    });

    public Task<bool> DeleteRuleAsync(string id, AuditEntry entry, CancellationToken stop) => In(() => _rules.Remove(id) && Written(entry));

    public Task<IReadOnlyList<AlertChannel>> ChannelsAsync(CancellationToken stop) => In<IReadOnlyList<AlertChannel>>(() => [.. _channels.Values.OrderBy(c => c.Id, StringComparer.Ordinal)]);

    public Task<bool> SaveAsync(AlertChannel channel, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        if ((_channels.GetValueOrDefault(channel.Id)?.Revision ?? 0) != channel.Revision - 1) return false;
        _channels[channel.Id] = channel with { Last = _channels.GetValueOrDefault(channel.Id)?.Last };
        return Written(entry);
    });

    public Task<bool> DeleteChannelAsync(string id, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        if (!_channels.Remove(id)) return false;
        Messages.RemoveAll(m => m.ChannelId == id && m.NextAt is not null);
        return Written(entry);
    });

    public Task MarkAsync(string channelId, ChannelAttempt attempt, CancellationToken stop) => In(() =>
    {
        if (_channels.TryGetValue(channelId, out var channel)) _channels[channelId] = channel with { Last = attempt };
        return true;
    });

    public Task<IReadOnlyList<Alert>> ListAsync(AlertFilter filter, CancellationToken stop) => In<IReadOnlyList<Alert>>(() =>
    [
        .. Alerts
            .Where(a => filter.Open is null || filter.Open == a.ResolvedAt is null)
            .Where(a => filter.Kind is null || filter.Kind == a.Kind)
            .Where(a => filter.Subject is null || filter.Subject == a.Subject)
            .OrderByDescending(a => a.Id, StringComparer.Ordinal)
            .Where(a => filter.Before is null || string.CompareOrdinal(a.Id, filter.Before) < 0)
            .Take(filter.Limit),
    ]);

    public Task<Alert?> FindAsync(string id, CancellationToken stop) => In(() => Alerts.FirstOrDefault(a => a.Id == id));

    public Task<IReadOnlyList<AlertMessage>> MessagesAsync(IReadOnlyCollection<string> alertIds, CancellationToken stop) =>
        In<IReadOnlyList<AlertMessage>>(() => [.. Messages.Where(m => alertIds.Contains(m.AlertId))]);

    public Task ApplyAsync(AlertRound round, CancellationToken stop) => In(() =>
    {
        Alerts.AddRange(round.Opened);
        foreach (var alert in round.Changed.Concat(round.Resolved)) Alerts[Alerts.FindIndex(a => a.Id == alert.Id)] = alert;
        Messages.AddRange(round.Messages);
        return true;
    });

    public Task<IReadOnlyList<AlertMessage>> DueAsync(DateTimeOffset now, CancellationToken stop) => In<IReadOnlyList<AlertMessage>>(() =>
        [.. Messages.Where(m => m.NextAt is not null).GroupBy(m => m.ChannelId).Select(g => g.First()).Where(m => m.NextAt <= now)]);

    public Task SettleAsync(AlertMessage message, ChannelAttempt attempt, CancellationToken stop) => In(() =>
    {
        Messages[Messages.FindIndex(m => m.Id == message.Id)] = message;
        _channels[message.ChannelId] = _channels[message.ChannelId] with { Last = attempt };
        return true;
    });

    public Task AddAsync(DiskSample sample, CancellationToken stop) => In(() =>
    {
        Samples.Add(sample);
        return true;
    });

    public Task<IReadOnlyList<DiskSample>> SamplesAsync(DateTimeOffset since, CancellationToken stop) => In<IReadOnlyList<DiskSample>>(() => [.. Samples.Where(s => s.At >= since)]);

    public Task<long> TrimAsync(DateTimeOffset alerts, DateTimeOffset samples, CancellationToken stop) =>
        In(() => (long)Alerts.RemoveAll(a => a.ResolvedAt < alerts) + Samples.RemoveAll(s => s.At < samples));

    /// <summary>Removes the rules for something that is gone.</summary>
    public void Forget(string scope)
    {
        lock (_lock)
            foreach (var rule in _rules.Values.Where(r => r.Scope == scope).ToList()) _rules.Remove(rule.Id);
    }

    private bool Written(AuditEntry entry)
    {
        audit.Append(entry);
        return true;
    }

    private Task<T> In<T>(Func<T> act)
    {
        lock (_lock) return Task.FromResult(act());
    }
}
