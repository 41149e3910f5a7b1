using Signal.Configure;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.Record;

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
    public static IResult Begun(string id, ReplayView replay) => Answer.Accepted($"/v1/admin/integrations/{id}/replays/{replay.Id}", replay);

    private static async Task<IResult> StartAsync(string id, Body<ReplayInput> body, ReplayDesk desk, Actor actor, CancellationToken stop) =>
        Answer.Of(await desk.StartAsync(id, body.Value, actor, stop), $"integration {id}", r => Begun(id, r));

    private static async Task<IResult> ListAsync(string id, Query<PageQuery> query, IConfigurationFeed feed, IReplays replays, CancellationToken stop)
    {
        if (!feed.Current.Integrations.ContainsKey(id)) return Answer.NotFound($"integration {id}");
        if (!Paging.TryRead<string>(query.Value.Cursor, out var after)) return Paging.BadCursor();
        var rows = (await replays.ListAsync(id, stop)).SkipWhile(r => after is not null && string.CompareOrdinal(r.Id, after) >= 0).Take(query.Value.Limit + 1);
        return Answer.Ok(Paging.Of([.. rows], query.Value.Limit, r => r, r => r.Id));
    }

    private static async Task<IResult> ReadAsync(string id, string replay, IReplays replays, CancellationToken stop) =>
        await replays.FindAsync(id, replay, stop) is { } found ? Answer.Ok(found) : Answer.NotFound($"replay {replay} of integration {id}");

    private static async Task<IResult> CancelAsync(string id, string replay, ReplayDesk desk, Actor actor, CancellationToken stop) =>
        Answer.Of(await desk.CancelAsync(id, replay, actor, stop), $"running replay {replay} of integration {id}", _ => Results.NoContent());
}
