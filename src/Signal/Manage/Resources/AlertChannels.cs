using Signal.Manage.Alerts;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/alert-channels</c></summary>
internal static class AlertChannels
{
    public static void MapAlertChannels(this IEndpointRouteBuilder admin)
    {
        var channels = admin.MapGroup("/alert-channels").WithTags("Alerts");
        channels.MapGet("", ListAsync).Says<Page<AlertChannelView>>("listAlertChannels", "Lists the channels and how their last message went.");
        channels.MapPost("", CreateAsync).Repeatable().Says<AlertChannelView>("createAlertChannel", "Makes a channel: e-mail or webhook.", 201);
        channels.MapGet("/{id}", ReadAsync).Says<AlertChannelView>("getAlertChannel", "Shows a channel.");
        channels.MapPatch("/{id}", PatchAsync).Says<AlertChannelView>("updateAlertChannel", "Changes the fields given of a channel.");
        channels.MapDelete("/{id}", DeleteAsync).Says("deleteAlertChannel", "Removes a channel and what waits for it.");
        channels.MapPost("/{id}/test", TestAsync).Says<ChannelTestView>("testAlertChannel", "Sends a test message now and says how it went.");
    }

    private static async Task<IResult> ListAsync(Query<PageQuery> query, IAlertStore store, Actor actor, CancellationToken stop) =>
        Paging.OfIds(await store.ChannelsAsync(stop), query.Value, c => c.Id, c => AlertChannelView.Of(c).For(actor.Role));

    private static async Task<IResult> ReadAsync(string id, AlertChannelChanges changes, Actor actor, CancellationToken stop) =>
        await changes.FindAsync(id, stop) is { } channel ? Answer.Ok(AlertChannelView.Of(channel).For(actor.Role)).Tagged(channel.Revision) : Answer.NotFound($"alert channel {id}");

    private static async Task<IResult> CreateAsync(Body<AlertChannelInput> body, AlertChannelChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.CreateAsync(body.Value, actor, stop), "channel", c => Answer.Created($"/v1/admin/alert-channels/{c.Id}", AlertChannelView.Of(c)).Tagged(c.Revision));

    private static async Task<IResult> PatchAsync(string id, Patch<AlertChannelPatch> patch, IfMatch match, AlertChannelChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.PatchAsync(id, patch.Json, match.Revision, actor, stop), $"channel {id}", Shown);

    private static async Task<IResult> DeleteAsync(string id, IfMatch match, AlertChannelChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.DeleteAsync(id, match.Revision, actor, stop), $"channel {id}", _ => Results.NoContent());

    private static async Task<IResult> TestAsync(string id, AlertChannelChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.TestAsync(id, actor, stop), $"channel {id}", r => Answer.Ok(r));

    private static IResult Shown(AlertChannel channel) => Answer.Ok(AlertChannelView.Of(channel)).Tagged(channel.Revision);
}
