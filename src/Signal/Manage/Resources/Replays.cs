using System.ComponentModel.DataAnnotations;
using Signal.Configure;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations/{id}/replay</c> and <c>/replays</c></summary>
internal static class Replays
{
    public static void MapReplays(this IEndpointRouteBuilder admin)
    {
        var replays = admin.MapGroup("/integrations/{id}").WithTags("Replays");
        replays.MapPost("/replay", StartAsync).Repeatable().Says<ReplayView>("startReplay", "Sends events of the log again, or counts them.", 202);
        replays.MapGet("/replays", ListAsync).Says<Page<ReplayView>>("listReplays", "Lists the replays, newest first.");
        replays.MapGet("/replays/{replay}", ReadAsync).Says<ReplayView>("getReplay", "How far a replay has come.");
        replays.MapDelete("/replays/{replay}", CancelAsync).Says("cancelReplay", "Ends a replay where it is.");
    }

    /// <summary>The answer to a replay that was begun.</summary>
    public static async Task<IResult> BegunAsync(string id, ReplayView replay, IAuditLog log, AuditEntry entry, CancellationToken stop)
    {
        await log.AppendAsync(entry, stop);
        return Answer.Accepted($"/v1/admin/integrations/{id}/replays/{replay.Id}", replay);
    }

    private static async Task<IResult> StartAsync(
        string id, Body<ReplayInput> body, IConfigurationFeed feed, IReplays replays, IAuditLog log, Audit audit, TimeProvider time, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var integration)) return Answer.NotFound($"integration {id}");
        var input = body.Value;
        var to = input.To ?? time.GetUtcNow();
        if (input.From >= to) return Answer.Invalid([new("from", "range", "from must lie before to (or before now, when to is left out).")]);
        var replay = await replays.StartAsync(integration, new ReplayRequest(input.From, to, input.Filter ?? new ReplayFilter(), input.DryRun, input.Rate), stop);
        return await BegunAsync(id, replay, log, audit.Entry(actor, "integration.replay_started", id, null, new { Replay = replay.Id, input.From, To = to, input.DryRun, input.Filter }), stop);
    }

    private static async Task<IResult> ListAsync(string id, Query<PageQuery> query, IConfigurationFeed feed, IReplays replays, CancellationToken stop)
    {
        if (!feed.Current.Integrations.ContainsKey(id)) return Answer.NotFound($"integration {id}");
        if (!Paging.TryRead<string>(query.Value.Cursor, out var after)) return Paging.BadCursor();
        var rows = (await replays.ListAsync(id, stop)).SkipWhile(r => after is not null && string.CompareOrdinal(r.Id, after) >= 0).Take(query.Value.Limit + 1);
        return Answer.Ok(Paging.Of([.. rows], query.Value.Limit, r => r, r => r.Id));
    }

    private static async Task<IResult> ReadAsync(string id, string replay, IReplays replays, CancellationToken stop) =>
        await replays.FindAsync(id, replay, stop) is { } found ? Answer.Ok(found) : Answer.NotFound($"replay {replay} of integration {id}");

    private static async Task<IResult> CancelAsync(string id, string replay, IReplays replays, IAuditLog log, Audit audit, Actor actor, CancellationToken stop)
    {
        if (!await replays.CancelAsync(id, replay, stop)) return Answer.NotFound($"running replay {replay} of integration {id}");
        await log.AppendAsync(audit.Entry(actor, "integration.replay_cancelled", id, null, new { Replay = replay }), stop);
        return Results.NoContent();
    }
}

/// <summary>What to send again.</summary>
internal sealed record ReplayInput
{
    /// <summary>Events received at or after.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Events received before; now when left out.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Which of them; all when left out.</summary>
    public ReplayFilter? Filter { get; init; }

    /// <summary>Only count what would be sent.</summary>
    public bool DryRun { get; init; }

    /// <summary>Events a second at most; null for no limit.</summary>
    [Range(0.01, 100_000, ErrorMessage = "{0} must be between {1} and {2} events a second, or null for no limit.")]
    public double? Rate { get; init; }
}
