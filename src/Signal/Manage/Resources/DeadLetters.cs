using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations/{id}/dead-letters</c></summary>
internal static class DeadLetters
{
    private const int Step = 500;

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
        var rows = await store.DeadLettersAsync(new DeadLetterFilter(id, null, q.Reason, q.Event, q.Visitor, before, q.Limit + 1), stop);
        return Answer.Ok(Paging.Of(rows, q.Limit, DeadLetterView.Of, r => r.Id));
    }

    private static async Task<IResult> ReplayAsync(
        string id, Body<DeadLetterInput> body, IConfigurationFeed feed, IDeliveryStore store, IReplays replays, IAuditLog log, Audit audit, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var integration)) return Answer.NotFound($"integration {id}");
        var errors = await CheckAsync(id, body.Value, store, stop);
        if (errors.Count > 0) return Answer.Invalid(errors);
        var replay = await replays.StartAsync(integration, new DeadLetterSelection(body.Value.Ids, body.Value.Reason, body.Value.Event), stop);
        var chosen = new { Replay = replay.Id, body.Value.Ids, body.Value.All, body.Value.Reason, Edited = body.Value.Event is not null };
        return await Replays.BegunAsync(id, replay, log, audit.Entry(actor, "dead_letter.replayed", id, null, chosen), stop);
    }

    private static async Task<IResult> DiscardAsync(string id, Body<DeadLetterInput> body, IConfigurationFeed feed, IDeliveryStore store, IAuditLog log, Audit audit, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.ContainsKey(id)) return Answer.NotFound($"integration {id}");
        var errors = await CheckAsync(id, body.Value, store, stop);
        if (errors.Count > 0) return Answer.Invalid(errors);
        var discarded = 0;
        while (await store.DeadLettersAsync(new DeadLetterFilter(id, body.Value.Ids, body.Value.Reason, Limit: Step), stop) is { Count: > 0 } rows)
        {
            var gone = await store.DeleteDeadLettersAsync(id, [.. rows.Select(r => r.Id)], stop);
            if (gone == 0) break;
            discarded += gone;
        }

        await log.AppendAsync(audit.Entry(actor, "dead_letter.discarded", id, null, new { body.Value.Ids, body.Value.All, body.Value.Reason, Count = discarded }), stop);
        return Answer.Ok(new DiscardedView(discarded));
    }

    private static async Task<IResult> DeleteAsync(string id, string letter, IDeliveryStore store, IAuditLog log, Audit audit, Actor actor, CancellationToken stop)
    {
        if (await store.DeleteDeadLettersAsync(id, [letter], stop) == 0) return Answer.NotFound($"dead letter {letter} of integration {id}");
        await log.AppendAsync(audit.Entry(actor, "dead_letter.discarded", id, null, new { Ids = new[] { letter }, Count = 1 }), stop);
        return Results.NoContent();
    }

    private static async Task<IReadOnlyList<FieldError>> CheckAsync(string id, DeadLetterInput input, IDeliveryStore store, CancellationToken stop)
    {
        if (input.All == (input.Ids is { Count: > 0 })) return [new("ids", "required", "Send either ids with at least one dead letter, or all: true.")];
        var errors = new List<FieldError>();
        if (input.Event is { } edited && (input.Ids is not { Count: 1 } || edited.ValueKind != JsonValueKind.Object))
            errors.Add(new("event", "alone", "event, the edited event, must be an object and goes with exactly one id."));
        if (input.Ids is null) return errors;
        var known = (await store.DeadLettersAsync(new DeadLetterFilter(id, input.Ids, Limit: input.Ids.Count), stop)).Select(l => l.Id).ToHashSet();
        foreach (var (i, letter) in input.Ids.Index())
            if (!known.Contains(letter)) errors.Add(new($"ids[{i}]", "unknown", $"There is no dead letter {letter}. It may have been replayed or discarded meanwhile."));
        return errors;
    }
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
}

/// <summary>Which dead letters to act on.</summary>
internal sealed record DeadLetterInput
{
    /// <summary>These dead letters.</summary>
    [MaxLength(500, ErrorMessage = "{0} must hold at most {1} ids; use all with reason for more.")]
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>All dead letters of the integration.</summary>
    public bool All { get; init; }

    /// <summary>Of these, only those with this reason.</summary>
    public string? Reason { get; init; }

    /// <summary>An edited event to send in place of the stored one; goes with exactly one id. Replay only.</summary>
    public JsonElement? Event { get; init; }
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
