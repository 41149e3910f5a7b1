using Signal.Configure;
using Signal.Manage.Http;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations/{id}/events</c> and <c>/sources/{id}/events</c></summary>
internal static class RecentEvents
{
    public static void MapRecentEvents(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/integrations/{id}/events", ListAsync).WithTags("Integrations")
            .Says<Page<RecordView>>("listIntegrationEvents", "Lists what became of events for this integration, newest first.");
        admin.MapGet("/sources/{id}/events", ListOfSourceAsync).WithTags("Sources")
            .Says<Page<RecordView>>("listSourceEvents", "Lists what became of a source's events at each of its integrations, newest first. What the door dropped or rejected is in listEvents.");
    }

    private static Task<IResult> ListAsync(string id, Query<RecordQuery> query, IConfigurationFeed feed, IDeliveryStore store, CancellationToken stop) =>
        feed.Current.Integrations.ContainsKey(id)
            ? PageAsync(new RecordFilter(id), query.Value, store, stop)
            : Task.FromResult(Answer.NotFound($"integration {id}"));

    private static Task<IResult> ListOfSourceAsync(string id, Query<RecordQuery> query, IConfigurationFeed feed, IDeliveryStore store, CancellationToken stop) =>
        feed.Current.Sources.ContainsKey(id)
            ? PageAsync(new RecordFilter { Among = [.. feed.Current.IntegrationsBySource[id].Select(i => i.Id)] }, query.Value, store, stop)
            : Task.FromResult(Answer.NotFound($"source {id}"));

    private static async Task<IResult> PageAsync(RecordFilter of, RecordQuery q, IDeliveryStore store, CancellationToken stop)
    {
        if (!Paging.TryRead<RecordPosition>(q.Cursor, out var before)) return Paging.BadCursor();
        var filter = of with { Outcome = q.Outcome, Event = q.Event, Visitor = q.Visitor, MessageId = q.MessageId, EventId = q.EventId, Reason = q.Reason, Text = q.Text, From = q.From, To = q.To, Before = before, Limit = q.Limit };
        var page = await store.PageAsync(filter, stop);
        return Answer.Ok(Paging.Of(page.Rows, RecordView.Of, page.Next));
    }
}

/// <summary>Which recent events: every given part must match.</summary>
internal sealed record RecordQuery : PageQuery
{
    /// <summary>delivered, retrying, dead_letter or dropped.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>The event's name.</summary>
    public string? Event { get; init; }

    /// <summary>The visitor's anonymous id.</summary>
    public string? Visitor { get; init; }

    /// <summary>The sender's id.</summary>
    public string? MessageId { get; init; }

    /// <summary><c>evt_…</c></summary>
    public string? EventId { get; init; }

    /// <summary>A reason code.</summary>
    public string? Reason { get; init; }

    /// <summary>Stands somewhere in the request or the answer. Each page looks through some 50,000 rows: it may be short or empty while has_more is true, next_cursor goes on.</summary>
    public string? Text { get; init; }

    /// <summary>Received at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>What became of one event for one integration.</summary>
internal sealed record RecordView(
    string EventId,
    string MessageId,
    string IntegrationId,
    string Type,
    string? Event,
    string AnonymousId,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? DeliveredAt,
    DeliveryOutcome Outcome,
    string? Reason,
    int? StatusCode,
    int Attempts,
    int? LatencyMs,
    IReadOnlyList<string> Warnings,
    int Revision,
    string? Request,
    string? Response)
{
    public static RecordView Of(DeliveryRecord r) => new(
        r.EventId, r.MessageId, r.IntegrationId, r.Type, r.Event, r.AnonymousId, r.ReceivedAt, r.DeliveredAt, r.Outcome,
        r.Reason, r.StatusCode, r.Attempts, r.LatencyMs, r.Warnings, r.Revision, r.Request, r.Response);
}
