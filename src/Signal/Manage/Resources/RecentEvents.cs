using Signal.Configure;
using Signal.Manage.Http;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations/{id}/events</c></summary>
internal static class RecentEvents
{
    public static void MapRecentEvents(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/integrations/{id}/events", ListAsync).WithTags("Integrations")
            .Says<Page<RecordView>>("listIntegrationEvents", "Lists what became of events for this integration, newest first.");

    private static async Task<IResult> ListAsync(string id, Query<RecordQuery> query, IConfigurationFeed feed, IDeliveryStore store, CancellationToken stop)
    {
        if (!feed.Current.Integrations.ContainsKey(id)) return Answer.NotFound($"integration {id}");
        var q = query.Value;
        if (!Paging.TryRead<RecordPosition>(q.Cursor, out var before)) return Paging.BadCursor();
        var page = await store.PageAsync(
            new RecordFilter(id, q.Outcome, q.Event, q.Visitor, q.MessageId, q.EventId, q.Reason, q.Text, q.From, q.To, before, Limit: q.Limit),
            stop);
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
