using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Signal.Events;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.Record;

namespace Signal.Manage.Resources;

/// <summary><c>/events</c></summary>
internal static class LiveEvents
{
    public static void MapLiveEvents(this IEndpointRouteBuilder admin)
    {
        var events = admin.MapGroup("/events").WithTags("Events");
        events.MapGet("", List).Says<Page<FeedItem>>("listEvents", "Lists what just happened to events, newest first; from memory.");
        events.MapGet("/stream", Stream).WithMetadata(new TakesLastEventId()).WithName("streamEvents").WithSummary("The same, live, as server-sent events named after their stage; with Last-Event-ID from there on.").Produces<string>(200, "text/event-stream");
        events.MapGet("/{id}", ReadAsync).Says<EventView>("getEvent", "Shows an event's whole way: as received, and what became of it for each integration.");
    }

    private static IResult List(Query<FeedQuery> query, IEventFeed feed)
    {
        if (!Paging.TryRead<long?>(query.Value.Cursor, out var before)) return Paging.BadCursor();
        var rows = feed.Recent(query.Value.Limit + 1, i => (before is null || i.Sequence < before) && query.Value.Matches(i));
        return Answer.Ok(Paging.Of(rows, query.Value.Limit, i => i, i => i.Sequence));
    }

    private static EventStream Stream(Query<FeedQuery> query, IEventFeed feed, Bearers bearers, ManageOptions options, TimeProvider time, IHostApplicationLifetime life) =>
        new(feed, query.Value, bearers, options.StreamHeartbeat, time, life.ApplicationStopping);

    private static async Task<IResult> ReadAsync(string id, StoredEvents stored, CancellationToken stop)
    {
        var (found, deliveries) = await stored.FindAsync(id, stop);
        return found is null && deliveries.Count == 0
            ? Answer.NotFound($"event {id} that reached an integration")
            : Answer.Ok(new EventView(id, found is null ? null : ReceivedView.Of(found), [.. deliveries.Select(RecordView.Of)]));
    }

    private sealed class EventStream(IEventFeed feed, FeedQuery query, Bearers bearers, TimeSpan heartbeat, TimeProvider time, CancellationToken ending) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, ending);
            httpContext.Response.ContentType = "text/event-stream";
            httpContext.Response.Headers["X-Accel-Buffering"] = "no";
            try
            {
                var after = long.TryParse(httpContext.Request.Headers["Last-Event-ID"], out var last) ? last : (long?)null;
                await WriteAllAsync(httpContext, after, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The reader left, or the program ends: nothing is owed to anybody.
            }
        }

        private async Task WriteAllAsync(HttpContext http, long? after, CancellationTokenSource end)
        {
            var (response, stop, asked) = (http.Response, end.Token, time.GetTimestamp());
            await using var items = feed.Subscribe(query.Matches, stop, after).GetAsyncEnumerator(stop);
            var next = items.MoveNextAsync().AsTask();
            try
            {
                await WriteAsync(response, ": connected\n\n", stop);
                while (true)
                {
                    var arrived = await ArrivesAsync(next, stop);
                    // A stream outlives the request's own look at the token: whoever was shut out meanwhile reads no further.
                    if (time.GetElapsedTime(asked) >= heartbeat)
                    {
                        if (!await MayReadOnAsync(http, stop)) await end.CancelAsync();
                        asked = time.GetTimestamp();
                    }

                    if (!arrived) await WriteAsync(response, ": still here\n\n", stop);
                    else if (!await next) return;
                    else
                    {
                        await WriteAsync(response, $"id: {items.Current.Sequence}\nevent: {items.Current.Stage}\ndata: {JsonSerializer.Serialize(items.Current, ApiJson.Options)}\n\n", stop);
                        next = items.MoveNextAsync().AsTask();
                    }
                }
            }
            finally
            {
                // An enumerator must not be disposed of while it moves.
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private async Task<bool> MayReadOnAsync(HttpContext http, CancellationToken stop) =>
            Bearers.TokenIn(http.Request.Headers.Authorization.ToString()) is { } token && await bearers.ReadAsync(token, stop) is not null;

        private async Task<bool> ArrivesAsync(Task<bool> next, CancellationToken stop)
        {
            try
            {
                await next.WaitAsync(heartbeat, time, stop);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        private static async Task WriteAsync(HttpResponse response, string text, CancellationToken stop)
        {
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
            await response.Body.FlushAsync(stop);
        }
    }
}

/// <summary>Which events: every given part must match.</summary>
internal sealed record FeedQuery : PageQuery
{
    /// <summary>The source.</summary>
    public string? SourceId { get; init; }

    /// <summary>The integration.</summary>
    public string? IntegrationId { get; init; }

    /// <summary>accepted, dropped, rejected, delivered, retrying or dead_letter.</summary>
    [AllowedValues("accepted", "dropped", "rejected", "delivered", "retrying", "dead_letter", ErrorMessage = "{0} must be accepted, dropped, rejected, delivered, retrying or dead_letter.")]
    public string? Stage { get; init; }

    /// <summary>The same as stage, under the name that an integration's recent events have it by.</summary>
    [AllowedValues("accepted", "dropped", "rejected", "delivered", "retrying", "dead_letter", ErrorMessage = "{0} must be accepted, dropped, rejected, delivered, retrying or dead_letter.")]
    public string? Outcome { get; init; }

    /// <summary>The event's name.</summary>
    public string? Event { get; init; }

    /// <summary>The visitor's anonymous id.</summary>
    public string? Visitor { get; init; }

    /// <summary>The sender's id.</summary>
    public string? MessageId { get; init; }

    /// <summary>A reason code.</summary>
    public string? Reason { get; init; }

    /// <summary>Stands in the event's name, type, IDs, reason or detail.</summary>
    public string? Text { get; init; }

    /// <summary>Whether an item is one of them.</summary>
    public bool Matches(FeedItem i) =>
        (SourceId is null || i.SourceId == SourceId)
        && (IntegrationId is null || i.IntegrationId == IntegrationId)
        && (Stage is null || i.Stage == Stage)
        && (Outcome is null || i.Stage == Outcome)
        && (Event is null || string.Equals(i.Event, Event, StringComparison.OrdinalIgnoreCase))
        && (Visitor is null || i.AnonymousId == Visitor)
        && (MessageId is null || i.MessageId == MessageId)
        && (Reason is null || i.Reason == Reason)
        && (Text is null || $"{i.Event} {i.Type} {i.EventId} {i.MessageId} {i.AnonymousId} {i.Reason} {i.Detail}".Contains(Text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>An event's whole way.</summary>
/// <param name="Id"><c>evt_…</c></param>
/// <param name="Received">As it was accepted; null when the log does not hold it any more.</param>
/// <param name="Deliveries">What became of it for each integration.</param>
internal sealed record EventView(string Id, ReceivedView? Received, IReadOnlyList<RecordView> Deliveries);

/// <summary>An event as it was accepted.</summary>
internal sealed record ReceivedView(
    string SourceId,
    EventType Type,
    string? Event,
    string MessageId,
    string AnonymousId,
    string? UserId,
    DateTimeOffset Time,
    DateTimeOffset ReceivedAt,
    RequestFacts Request,
    IReadOnlyDictionary<string, bool> Consent,
    JsonElement Body)
{
    public static ReceivedView Of(Event e) => new(e.SourceId, e.Type, e.Name, e.MessageId, e.AnonymousId, e.UserId, e.Time, e.ReceivedAt, e.Request, e.Consent, e.Body);
}
