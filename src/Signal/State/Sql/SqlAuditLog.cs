using System.Data.Common;
using System.Text.Json;

namespace Signal.State.Sql;

/// <summary>Who did what, in SQL. Ids grow with time, so newest first is by id.</summary>
internal sealed class SqlAuditLog(IStateDatabase database) : IAuditLog
{
    private const int Step = 500;

    public Task AppendAsync(AuditEntry entry, CancellationToken stop) => database.WriteAsync(s => s.AppendAsync(entry), stop);

    public Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, CancellationToken stop) => database.ReadAsync<IReadOnlyList<AuditEntry>>(
        async s => await new Where()
            .Equal("action", filter.Action)
            .Equal("actor", filter.Actor)
            .Equal("resource_id", filter.ResourceId)
            .And("at>=@from", "@from", filter.From.Ms())
            .And("at<@to", "@to", filter.To.Ms())
            .And("id<@before", "@before", filter.Before)
            .QueryAsync(s, "SELECT id, at, actor, action, resource_type, resource_id, changes, ip FROM audit", "ORDER BY id DESC", filter.Limit, Read),
        stop);

    public async Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop)
    {
        await database.WriteAsync(s => s.ExecuteAsync("UPDATE audit_kept_from SET at=@before WHERE at<@before", ("@before", before.Ms())), stop);
        long removed = 0;
        int step;
        do
        {
            step = await database.WriteAsync(
                s => s.ExecuteAsync($"DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at<@before LIMIT {Step})", ("@before", before.Ms())), stop);
            removed += step;
        }
        while (step == Step);
        return removed;
    }

    private static AuditEntry Read(DbDataReader row) => new(
        row.GetString(0), row.Time(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        JsonSerializer.Deserialize<Dictionary<string, AuditChange>>(row.GetString(6))!, row.TextOrNull(7));
}

/// <summary>Appending an entry within somebody else's unit of work.</summary>
internal static class AuditTable
{
    public static Task<int> AppendAsync(this SqlSession session, AuditEntry e) => session.ExecuteAsync(
        """
        INSERT INTO audit(id, at, actor, action, resource_type, resource_id, changes, ip)
        VALUES(@id, @at, @actor, @action, @type, @resource, @changes, @ip)
        """,
        ("@id", e.Id), ("@at", e.At.Ms()), ("@actor", e.Actor), ("@action", e.Action), ("@type", e.ResourceType), ("@resource", e.ResourceId),
        ("@changes", JsonSerializer.Serialize(e.Changes)), ("@ip", e.Ip));
}
