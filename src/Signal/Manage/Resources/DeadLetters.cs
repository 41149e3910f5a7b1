using System.Text.Json;
using Signal.Configure;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations/{id}/dead-letters</c></summary>
internal static class DeadLetters
{
    public static void MapDeadLetters(this IEndpointRouteBuilder admin)
    {
        var letters = admin.MapGroup("/integrations/{id}/dead-letters").WithTags("Dead letters");
        letters.MapGet("", ListAsync).Says<Page<DeadLetterView>>("listDeadLetters", "Lists what could not be delivered, newest first.");
        letters.MapPost("/replay", ReplayAsync).Repeatable().Says<ReplayView>("replayDeadLetters", "Sends dead letters again, one of them edited if asked.", 202);
        letters.MapPost("/discard", DiscardAsync).Says<DiscardedView>("discardDeadLetters", "Removes dead letters for good.");
        letters.MapDelete("/{letter}", DeleteAsync).Says("deleteDeadLetter", "Removes a dead letter for good.");
    }

    private static async Task<IResult> ListAsync(string id, Query<DeadLetterQuery> query, IConfigurationFeed feed, IDeliveryStore store, CancellationToken stop)
    {
        if (!feed.Current.Integrations.ContainsKey(id)) return Answer.NotFound($"integration {id}");
        var q = query.Value;
        if (!Paging.TryRead<string>(q.Cursor, out var before)) return Paging.BadCursor();
        var rows = await store.DeadLettersAsync(new DeadLetterFilter(id, null, q.Reason, q.Event, q.Visitor, before, q.Limit + 1, q.From, q.To), stop);
        return Answer.Ok(Paging.Of(rows, q.Limit, DeadLetterView.Of, r => r.Id));
    }

    private static async Task<IResult> ReplayAsync(string id, Body<DeadLetterInput> body, DeadLetterDesk desk, Actor actor, CancellationToken stop) =>
        Answer.Of(await desk.ReplayAsync(id, body.Value, actor, stop), $"integration {id}", r => Replays.Begun(id, r));

    private static async Task<IResult> DiscardAsync(string id, Body<DeadLetterInput> body, DeadLetterDesk desk, Actor actor, CancellationToken stop) =>
        Answer.Of(await desk.DiscardAsync(id, body.Value, actor, stop), $"integration {id}", n => Answer.Ok(new DiscardedView(n)));

    private static async Task<IResult> DeleteAsync(string id, string letter, DeadLetterDesk desk, Actor actor, CancellationToken stop) =>
        Answer.Of(await desk.DiscardAsync(id, letter, actor, stop), $"dead letter {letter} of integration {id}", _ => Results.NoContent());
}

/// <summary>Which dead letters: every given part must match.</summary>
internal sealed record DeadLetterQuery : PageQuery
{
    /// <summary>A reason code.</summary>
    public string? Reason { get; init; }

    /// <summary>The event's name.</summary>
    public string? Event { get; init; }

    /// <summary>The visitor's anonymous id.</summary>
    public string? Visitor { get; init; }

    /// <summary>Given up at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Given up before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>How many were removed.</summary>
internal sealed record DiscardedView(int Discarded);

/// <summary>What could not be delivered.</summary>
internal sealed record DeadLetterView(
    string Id,
    string EventId,
    string MessageId,
    string Type,
    string? Event,
    string AnonymousId,
    string Reason,
    string Message,
    int Attempts,
    DateTimeOffset FailedAt,
    string? Request,
    string? Response,
    JsonElement? Payload)
{
    public static DeadLetterView Of(DeadLetter l) => new(
        l.Id, l.EventId, l.MessageId, l.Type, l.Event, l.AnonymousId, l.Reason, l.Message, l.Attempts, l.FailedAt, l.Request, l.Response,
        l.Payload.Length == 0 ? null : EventCodec.Read(l.Payload).Body);
}
