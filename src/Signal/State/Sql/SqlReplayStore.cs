using System.Data.Common;
using System.Text.Json;

namespace Signal.State.Sql;

/// <summary>Replays, in SQL. Ids grow with time, so newest first is by id.</summary>
internal sealed class SqlReplayStore(IStateDatabase database) : IReplayStore
{
    private const string Columns = "id, integration_id, status, message, work, matched, sent, failed, created_at, finished_at";
    private const int Listed = 500;

    public Task AddAsync(Replay replay, CancellationToken stop) => database.WriteAsync(
        s => s.ExecuteAsync(
            $"INSERT INTO replays({Columns}) VALUES(@id, @integration, @status, @message, @work, @matched, @sent, @failed, @created, @finished)",
            ("@id", replay.Id), ("@integration", replay.IntegrationId), ("@status", replay.Status), ("@message", replay.Message), ("@work", replay.FinishedAt is null ? replay.Work : ReplayTable.NoWork),
            ("@matched", replay.Matched), ("@sent", replay.Sent), ("@failed", replay.Failed), ("@created", replay.CreatedAt.Ms()), ("@finished", replay.FinishedAt.Ms())),
        stop);

    public Task<Replay?> FindAsync(string id, CancellationToken stop) =>
        database.ReadAsync(s => s.FirstAsync($"SELECT {Columns} FROM replays WHERE id=@id", Read, ("@id", id)), stop);

    public Task<IReadOnlyList<Replay>> ListAsync(string? integrationId, bool unfinishedOnly, CancellationToken stop) => database.ReadAsync<IReadOnlyList<Replay>>(
        async s => await new Where()
            .Equal("integration_id", integrationId)
            .When(unfinishedOnly, "status='running'")
            .QueryAsync(s, $"SELECT {Columns} FROM replays", "ORDER BY id DESC", Listed, Read),
        stop);

    public Task<bool> EndAsync(string id, string status, string? message, DateTimeOffset at, CancellationToken stop) => database.WriteAsync(
        async s => await s.ExecuteAsync(
            $"UPDATE replays SET status=@status, message=@message, finished_at=@finished, work='{ReplayTable.NoWork}' WHERE id=@id AND status='running'",
            ("@status", status), ("@message", message), ("@finished", at.Ms()), ("@id", id)) == 1,
        stop);

    public Task<int> TrimAsync(DateTimeOffset before, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync("DELETE FROM cursors WHERE lane IN (SELECT id FROM replays WHERE finished_at<@before)", ("@before", before.Ms()));
            return await s.ExecuteAsync("DELETE FROM replays WHERE finished_at<@before", ("@before", before.Ms()));
        },
        stop);

    private static Replay Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        IntegrationId = row.GetString(1),
        Status = row.GetString(2),
        Message = row.TextOrNull(3),
        Work = row.GetString(4),
        Matched = row.GetInt64(5),
        Sent = row.GetInt64(6),
        Failed = row.GetInt64(7),
        CreatedAt = row.Time(8),
        FinishedAt = row.TimeOrNull(9),
    };
}

/// <summary>Counting a replay's progress within a settlement.</summary>
internal static class ReplayTable
{
    /// <summary>The work of a replay that has ended: it may have named a visitor.</summary>
    public const string NoWork = "{}";

    public static Task AdvanceAsync(this SqlSession session, ReplayStep step) => session.ExecuteAsync(
        "UPDATE replays SET sent=sent+@sent, failed=failed+@failed WHERE id=@id",
        ("@sent", step.Sent), ("@failed", step.Failed), ("@id", step.ReplayId));

    /// <summary>Ends the replays that are about this visitor only: their filter, or the event they send in a dead letter's place, names them.</summary>
    public static async Task<int> CancelOfAsync(this SqlSession session, string integrationId, string anonymousId, DateTimeOffset at)
    {
        var named = JsonSerializer.Serialize(anonymousId);
        var running = await session.QueryAsync(
            "SELECT id, work FROM replays WHERE integration_id=@integration AND status='running'",
            row => (Id: row.GetString(0), Work: row.GetString(1)), ("@integration", integrationId));
        var theirs = running.Where(r => r.Work.Contains(named, StringComparison.Ordinal)).ToList();
        foreach (var (id, _) in theirs)
        {
            await session.ExecuteAsync(
                $"UPDATE replays SET status='cancelled', finished_at=@at, work='{NoWork}' WHERE id=@id", ("@at", at.Ms()), ("@id", id));
        }

        return theirs.Count;
    }
}
