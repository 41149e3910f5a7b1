using System.Data.Common;
using System.Text.Json;

namespace Signal.State.Sql;

/// <summary>Rows of recent deliveries. Requests and answers stay plain text, so that people can search in them.</summary>
internal static class RecordTable
{
    private const string Columns =
        "integration_id, event_id, message_id, type, event, anonymous_id, received_at, delivered_at, outcome, reason, " +
        "status_code, attempts, latency_ms, warnings, revision, request, response";

    public static Task SaveAsync(this SqlSession session, DeliveryRecord r) => session.ExecuteAsync(
        $"""
        INSERT INTO records({Columns}) VALUES(@integration, @id, @message, @type, @event, @anonymous, @received, @delivered, @outcome, @reason,
            @status, @attempts, @latency, @warnings, @revision, @request, @response)
        ON CONFLICT(integration_id, event_id) DO UPDATE SET delivered_at=excluded.delivered_at, outcome=excluded.outcome, reason=excluded.reason,
            status_code=excluded.status_code, attempts=excluded.attempts, latency_ms=excluded.latency_ms, warnings=excluded.warnings,
            revision=excluded.revision, request=excluded.request, response=excluded.response
        """,
        ("@integration", r.IntegrationId), ("@id", r.EventId), ("@message", r.MessageId), ("@type", r.Type), ("@event", r.Event),
        ("@anonymous", r.AnonymousId), ("@received", r.ReceivedAt.Ms()), ("@delivered", r.DeliveredAt.Ms()), ("@outcome", (int)r.Outcome),
        ("@reason", r.Reason), ("@status", r.StatusCode), ("@attempts", r.Attempts), ("@latency", r.LatencyMs),
        ("@warnings", r.Warnings.Count == 0 ? null : JsonSerializer.Serialize(r.Warnings)), ("@revision", r.Revision),
        ("@request", r.Request), ("@response", r.Response));

    public static async Task<IReadOnlyList<DeliveryRecord>> RecordsAsync(this SqlSession session, RecordFilter filter)
    {
        if (filter.IntegrationId is not null) return await PageAsync(session, filter);

        // A page of every integration is the best of one page of each: each is a walk along its own index.
        var rows = new List<DeliveryRecord>();
        foreach (var integration in await IntegrationsAsync(session, filter.Among)) rows.AddRange(await PageAsync(session, filter with { IntegrationId = integration }));
        return [.. rows.OrderByDescending(r => r.ReceivedAt).ThenByDescending(r => r.EventId, StringComparer.Ordinal)
            .ThenByDescending(r => r.IntegrationId, StringComparer.Ordinal).Take(filter.Limit)];
    }

    public static async Task<RecordPosition?> PlaceAsync(this SqlSession session, RecordFilter filter, int rows)
    {
        if (filter.IntegrationId is not null) return await PlaceOfOneAsync(session, filter, rows);

        // As far back as every one of them was looked through.
        var integrations = await IntegrationsAsync(session, filter.Among);
        var places = new List<RecordPosition>();
        foreach (var integration in integrations)
            if (await PlaceOfOneAsync(session, filter with { IntegrationId = integration }, Math.Max(1, rows / integrations.Count)) is { } place) places.Add(place);
        return places.OrderByDescending(p => p.ReceivedAt).ThenByDescending(p => p.EventId, StringComparer.Ordinal).FirstOrDefault();
    }

    public static Task<List<DeliveryRecord>> RecordsOfAsync(this SqlSession session, string integrationId, string anonymousId) =>
        session.QueryAsync(
            $"SELECT {Columns} FROM records WHERE anonymous_id=@anonymous AND integration_id=@integration ORDER BY received_at",
            Read, ("@anonymous", anonymousId), ("@integration", integrationId));

    private static Task<List<DeliveryRecord>> PageAsync(SqlSession session, RecordFilter f) =>
        Of(f).QueryAsync(session, $"SELECT {Columns} FROM records", "ORDER BY received_at DESC, event_id DESC", f.Limit, Read);

    private static async Task<RecordPosition?> PlaceOfOneAsync(SqlSession session, RecordFilter f, int rows) =>
        (await Of(f with { Text = null }).QueryAsync(
            session, "SELECT received_at, event_id FROM records", "ORDER BY received_at DESC, event_id DESC", 1, row => new RecordPosition(row.Time(0), row.GetString(1)), rows - 1)).FirstOrDefault();

    private static Where Of(RecordFilter f) => new Where()
        .Equal("integration_id", f.IntegrationId)
        .Equal("outcome", f.Outcome is { } outcome ? (int)outcome : null)
        .Equal("event", f.Event)
        .Equal("anonymous_id", f.Visitor)
        .Equal("message_id", f.MessageId)
        .Equal("event_id", f.EventId)
        .Equal("reason", f.Reason)
        .Contains(["event", "message_id", "event_id", "anonymous_id", "reason", "response"], "request", f.Text)
        .And("received_at>=@from", "@from", f.From.Ms())
        .And("received_at<@to", "@to", f.To.Ms())
        .And("received_at<=@beforeAt", "@beforeAt", f.Before?.ReceivedAt.Ms())
        .And($"(received_at, event_id){(IsLater(f) ? "<=" : "<")}(@beforeAt, @beforeId)", "@beforeId", f.Before?.EventId)
        .And("received_at>=@untilAt", "@untilAt", f.Until?.ReceivedAt.Ms())
        .And("(received_at, event_id)>=(@untilAt, @untilId)", "@untilId", f.Until?.EventId)
        // The constant lets SQLite see that the partial index over what was not delivered applies.
        .When(f.Outcome is not (null or DeliveryOutcome.Delivered), "outcome<>0");

    // Its row of the event the page before ended with is still to come.
    private static bool IsLater(RecordFilter f) => f.Before?.IntegrationId is { } last && string.CompareOrdinal(f.IntegrationId, last) < 0;

    private static async Task<List<string>> IntegrationsAsync(SqlSession session, IReadOnlyCollection<string>? among)
    {
        if (among is not null) return [.. among.Order(StringComparer.Ordinal)];
        var found = new List<string>();
        for (var last = ""; await NextAsync(session, last) is { } next; last = next) found.Add(next);
        return found;
    }

    private static Task<string?> NextAsync(SqlSession session, string last) => session.FirstAsync(
        "SELECT min(integration_id) FROM records WHERE integration_id>@last", row => row.TextOrNull(0), ("@last", last));

    private static DeliveryRecord Read(DbDataReader row) => new()
    {
        IntegrationId = row.GetString(0),
        EventId = row.GetString(1),
        MessageId = row.GetString(2),
        Type = row.GetString(3),
        Event = row.TextOrNull(4),
        AnonymousId = row.GetString(5),
        ReceivedAt = row.Time(6),
        DeliveredAt = row.TimeOrNull(7),
        Outcome = (DeliveryOutcome)row.GetInt32(8),
        Reason = row.TextOrNull(9),
        StatusCode = row.IntOrNull(10),
        Attempts = row.GetInt32(11),
        LatencyMs = row.IntOrNull(12),
        Warnings = row.TextOrNull(13) is { } warnings ? JsonSerializer.Deserialize<string[]>(warnings)! : [],
        Revision = row.GetInt32(14),
        Request = row.TextOrNull(15),
        Response = row.TextOrNull(16),
    };
}
