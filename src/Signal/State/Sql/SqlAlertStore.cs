using System.Data.Common;
using System.Text.Json;
using Signal.State.Secrets;

namespace Signal.State.Sql;

/// <summary>
/// Alerts in SQL: each row is its value as JSON beside the columns it is found by. A channel's address and secret are sealed.
/// Ids grow with time, so newest first is by id.
/// </summary>
internal sealed class SqlAlertStore(IStateDatabase database, ISecretBox box) : IAlertStore
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public Task<IReadOnlyList<AlertRule>> RulesAsync(CancellationToken stop) => database.ReadAsync<IReadOnlyList<AlertRule>>(
        async s => await s.QueryAsync("SELECT body FROM alert_rules ORDER BY id", Read<AlertRule>), stop);

    public Task<bool> SaveAsync(AlertRule rule, AuditEntry audit, CancellationToken stop)
    {
        var inserts = rule.Revision == 1 || (rule.Scope is null && rule.Revision == 2);
        var sql = inserts
            ? "INSERT INTO alert_rules(id, kind, scope, revision, body) SELECT @id, @kind, @scope, @revision, @body " +
              "WHERE @scope='' OR EXISTS(SELECT 1 FROM sources WHERE id=@scope) OR EXISTS(SELECT 1 FROM integrations WHERE id=@scope) ON CONFLICT DO NOTHING"
            : "UPDATE alert_rules SET revision=@revision, body=@body WHERE id=@id AND revision=@revision-1";
        (string, object?)[] values = [("@id", rule.Id), ("@revision", rule.Revision), ("@body", Write(rule))];
        return ChangeAsync(sql, inserts ? [.. values, ("@kind", rule.Kind.ToString()), ("@scope", rule.Scope ?? "")] : values, audit, stop);
    }

    public Task<bool> DeleteRuleAsync(string id, AuditEntry audit, CancellationToken stop) =>
        ChangeAsync("DELETE FROM alert_rules WHERE id=@id", [("@id", id)], audit, stop);

    public Task<IReadOnlyList<AlertChannel>> ChannelsAsync(CancellationToken stop) => database.ReadAsync<IReadOnlyList<AlertChannel>>(
        async s => await s.QueryAsync("SELECT body, last_at, last_error FROM alert_channels ORDER BY id", ReadChannel), stop);

    public Task<bool> SaveAsync(AlertChannel channel, AuditEntry audit, CancellationToken stop)
    {
        var body = Write(channel with { Url = Seal(channel.Url), Secret = Seal(channel.Secret), Last = null });
        var sql = channel.Revision == 1
            ? "INSERT INTO alert_channels(id, revision, body) VALUES(@id, @revision, @body) ON CONFLICT(id) DO NOTHING"
            : "UPDATE alert_channels SET revision=@revision, body=@body WHERE id=@id AND revision=@revision-1";
        return ChangeAsync(sql, [("@id", channel.Id), ("@revision", channel.Revision), ("@body", body)], audit, stop);
    }

    public Task<bool> DeleteChannelAsync(string id, AuditEntry audit, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            if (await s.ExecuteAsync("DELETE FROM alert_channels WHERE id=@id", ("@id", id)) == 0) return false;
            await s.ExecuteAsync("DELETE FROM alert_messages WHERE channel_id=@id AND next_at IS NOT NULL", ("@id", id));
            await s.AppendAsync(audit);
            return true;
        },
        stop);

    public Task MarkAsync(string channelId, ChannelAttempt attempt, CancellationToken stop) => database.WriteAsync(s => MarkAsync(s, channelId, attempt), stop);

    public Task<IReadOnlyList<Alert>> ListAsync(AlertFilter filter, CancellationToken stop) => database.ReadAsync<IReadOnlyList<Alert>>(
        async s => await new Where()
            .When(filter.Open == true, "resolved_at IS NULL")
            .When(filter.Open == false, "resolved_at IS NOT NULL")
            .Equal("kind", filter.Kind?.ToString())
            .Equal("subject", filter.Subject)
            .And("id<@before", "@before", filter.Before)
            .QueryAsync(s, "SELECT body FROM alerts", "ORDER BY id DESC", filter.Limit, Read<Alert>),
        stop);

    public Task<Alert?> FindAsync(string id, CancellationToken stop) =>
        database.ReadAsync(s => s.FirstAsync("SELECT body FROM alerts WHERE id=@id", Read<Alert>, ("@id", id)), stop);

    public Task<IReadOnlyList<AlertMessage>> MessagesAsync(IReadOnlyCollection<string> alertIds, CancellationToken stop) => database.ReadAsync<IReadOnlyList<AlertMessage>>(
        async s => [.. (await s.QueryInAsync("SELECT body FROM alert_messages WHERE alert_id IN {in}", alertIds, Read<AlertMessage>)).OrderBy(m => m.Id, StringComparer.Ordinal)], stop);

    public Task ApplyAsync(AlertRound round, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            var left = new HashSet<string>();
            foreach (var alert in round.Opened)
            {
                var opened = await s.ExecuteAsync(
                    "INSERT INTO alerts(id, kind, subject, body) VALUES(@id, @kind, @subject, @body) ON CONFLICT DO NOTHING",
                    ("@id", alert.Id), ("@kind", alert.Kind.ToString()), ("@subject", alert.Subject), ("@body", Write(alert)));
                if (opened == 0) left.Add(alert.Id);
            }

            foreach (var alert in round.Changed.Concat(round.Resolved))
            {
                var changed = await s.ExecuteAsync(
                    "UPDATE alerts SET body=@body, resolved_at=@resolved WHERE id=@id AND resolved_at IS NULL",
                    ("@body", Write(alert)), ("@resolved", alert.ResolvedAt.Ms()), ("@id", alert.Id));
                if (changed == 0) left.Add(alert.Id);
            }

            foreach (var message in round.Messages.Where(m => !left.Contains(m.AlertId)))
            {
                await s.ExecuteAsync(
                    "INSERT INTO alert_messages(id, alert_id, channel_id, next_at, body) VALUES(@id, @alert, @channel, @next, @body)",
                    ("@id", message.Id), ("@alert", message.AlertId), ("@channel", message.ChannelId), ("@next", message.NextAt.Ms()), ("@body", Write(message)));
            }

            return true;
        },
        stop);

    public Task<IReadOnlyList<AlertMessage>> DueAsync(DateTimeOffset now, CancellationToken stop) => database.ReadAsync<IReadOnlyList<AlertMessage>>(
        async s => await s.QueryAsync(
            """
            SELECT body FROM alert_messages WHERE next_at<=@now AND id IN
            (SELECT min(id) FROM alert_messages WHERE next_at IS NOT NULL GROUP BY channel_id) ORDER BY id
            """,
            Read<AlertMessage>, ("@now", now.Ms())),
        stop);

    public Task SettleAsync(AlertMessage message, ChannelAttempt attempt, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync(
                "UPDATE alert_messages SET next_at=@next, body=@body WHERE id=@id", ("@next", message.NextAt.Ms()), ("@body", Write(message)), ("@id", message.Id));
            return await MarkAsync(s, message.ChannelId, attempt);
        },
        stop);

    public Task AddAsync(DiskSample sample, CancellationToken stop) => database.WriteAsync(
        s => s.ExecuteAsync(
            "INSERT INTO disk_samples(at, used, free, total) VALUES(@at, @used, @free, @total) ON CONFLICT(at) DO NOTHING",
            ("@at", sample.At.Ms()), ("@used", sample.UsedBytes), ("@free", sample.FreeBytes), ("@total", sample.TotalBytes)),
        stop);

    public Task<IReadOnlyList<DiskSample>> SamplesAsync(DateTimeOffset since, CancellationToken stop) => database.ReadAsync<IReadOnlyList<DiskSample>>(
        async s => await s.QueryAsync(
            "SELECT at, used, free, total FROM disk_samples WHERE at>=@since ORDER BY at",
            row => new DiskSample(row.Time(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), ("@since", since.Ms())),
        stop);

    public Task<long> TrimAsync(DateTimeOffset alerts, DateTimeOffset samples, CancellationToken stop) => database.WriteAsync<long>(
        async s =>
        {
            await s.ExecuteAsync("DELETE FROM alert_messages WHERE alert_id IN (SELECT id FROM alerts WHERE resolved_at<@before)", ("@before", alerts.Ms()));
            return await s.ExecuteAsync("DELETE FROM alerts WHERE resolved_at<@before", ("@before", alerts.Ms()))
                + await s.ExecuteAsync("DELETE FROM disk_samples WHERE at<@before", ("@before", samples.Ms()));
        },
        stop);

    /// <summary>Puts every channel's secrets under the current master key. Answers how many channels changed.</summary>
    public Task<int> ResealAsync(AesSecretBox ring, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            var changed = 0;
            foreach (var channel in await s.QueryAsync("SELECT body FROM alert_channels", Read<AlertChannel>))
            {
                var fresh = channel with { Url = Again(channel.Url), Secret = Again(channel.Secret) };
                if (fresh == channel) continue;
                changed += await s.ExecuteAsync("UPDATE alert_channels SET body=@body WHERE id=@id", ("@body", Write(fresh)), ("@id", channel.Id));
            }

            return changed;

            string? Again(string? text) => text is null ? null : ring.Reseal(text) ?? text;
        },
        stop);

    private Task<bool> ChangeAsync(string sql, (string, object?)[] values, AuditEntry audit, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            if (await s.ExecuteAsync(sql, values) == 0) return false;
            await s.AppendAsync(audit);
            return true;
        },
        stop);

    private static Task<int> MarkAsync(SqlSession s, string channelId, ChannelAttempt attempt) => s.ExecuteAsync(
        "UPDATE alert_channels SET last_at=@at, last_error=@error WHERE id=@id", ("@at", attempt.At.Ms()), ("@error", attempt.Error), ("@id", channelId));

    private AlertChannel ReadChannel(DbDataReader row)
    {
        var channel = Read<AlertChannel>(row);
        return channel with
        {
            Url = channel.Url is null ? null : box.Open(channel.Url),
            Secret = channel.Secret is null ? null : box.Open(channel.Secret),
            Last = row.TimeOrNull(1) is { } at ? new ChannelAttempt(at, row.TextOrNull(2)) : null,
        };
    }

    private string? Seal(string? text) => text is null ? null : box.Seal(text);

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Json);

    private static T Read<T>(DbDataReader row) => JsonSerializer.Deserialize<T>(row.GetString(0), Json)!;
}
