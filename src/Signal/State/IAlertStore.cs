namespace Signal.State;

/// <summary>Rules, channels, alerts and the messages about them, so that nothing is told twice or forgotten over a restart. Changes by people carry their audit entry.</summary>
public interface IAlertStore
{
    /// <summary>The rules that were changed or added; the general ones nobody has touched are not among them.</summary>
    Task<IReadOnlyList<AlertRule>> RulesAsync(CancellationToken stop);

    /// <summary>
    /// Replaces the revision before, or inserts: revision 1, and revision 2 of a general rule, whose first is built in. False: somebody
    /// else was faster, there is a rule of this kind and scope, or nothing that the scope names.
    /// </summary>
    Task<bool> SaveAsync(AlertRule rule, AuditEntry audit, CancellationToken stop);

    /// <summary>Removes a rule. False when there is none.</summary>
    Task<bool> DeleteRuleAsync(string id, AuditEntry audit, CancellationToken stop);

    /// <summary>Every channel with its secrets, in the order of ids.</summary>
    Task<IReadOnlyList<AlertChannel>> ChannelsAsync(CancellationToken stop);

    /// <summary>Inserts revision 1, or replaces the revision before; how its last message went stays. Secrets are sealed. False: somebody else was faster.</summary>
    Task<bool> SaveAsync(AlertChannel channel, AuditEntry audit, CancellationToken stop);

    /// <summary>Removes a channel and what waits for it. False when there is none.</summary>
    Task<bool> DeleteChannelAsync(string id, AuditEntry audit, CancellationToken stop);

    /// <summary>Remembers how a message to a channel went; nothing happens when it is gone.</summary>
    Task MarkAsync(string channelId, ChannelAttempt attempt, CancellationToken stop);

    /// <summary>Alerts, newest first.</summary>
    Task<IReadOnlyList<Alert>> ListAsync(AlertFilter filter, CancellationToken stop);

    /// <summary>An alert; null when there is none.</summary>
    Task<Alert?> FindAsync(string id, CancellationToken stop);

    /// <summary>The messages about these alerts, oldest first.</summary>
    Task<IReadOnlyList<AlertMessage>> MessagesAsync(IReadOnlyCollection<string> alertIds, CancellationToken stop);

    /// <summary>
    /// Writes all of a round. An alert whose subject has an open one of its kind is not opened again, and one that is over is not
    /// changed; the messages about those are left out too.
    /// </summary>
    Task ApplyAsync(AlertRound round, CancellationToken stop);

    /// <summary>Of each channel the oldest message that is not done with, where it is due by <paramref name="now"/>.</summary>
    Task<IReadOnlyList<AlertMessage>> DueAsync(DateTimeOffset now, CancellationToken stop);

    /// <summary>Stores how a try went (attempts, next, sent, error), and marks the channel, as one.</summary>
    Task SettleAsync(AlertMessage message, ChannelAttempt attempt, CancellationToken stop);

    /// <summary>Keeps a sample.</summary>
    Task AddAsync(DiskSample sample, CancellationToken stop);

    /// <summary>The samples since then, oldest first.</summary>
    Task<IReadOnlyList<DiskSample>> SamplesAsync(DateTimeOffset since, CancellationToken stop);

    /// <summary>Removes alerts that ended before <paramref name="alerts"/>, with their messages, and samples before <paramref name="samples"/>. Answers how many.</summary>
    Task<long> TrimAsync(DateTimeOffset alerts, DateTimeOffset samples, CancellationToken stop);
}
