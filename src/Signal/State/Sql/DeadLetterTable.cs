using System.Data.Common;
using System.Text.Json;
using Signal.Events;

namespace Signal.State.Sql;

/// <summary>Events that can't be delivered as they are. Their ids grow with time, so newest first is by id.</summary>
internal static class DeadLetterTable
{
    private const string Columns =
        "id, integration_id, event_id, message_id, type, event, anonymous_id, reason, message, attempts, failed_at, request, response, payload, hits";

    public static Task SaveAsync(this SqlSession session, DeadLetter d) => session.ExecuteAsync(
        $"""
        INSERT INTO dead_letters({Columns}) VALUES(@id, @integration, @event_id, @message_id, @type, @event, @anonymous, @reason, @message,
            @attempts, @failed, @request, @response, @payload, @hits)
        ON CONFLICT(id) DO UPDATE SET reason=excluded.reason, message=excluded.message, attempts=excluded.attempts, failed_at=excluded.failed_at,
            request=excluded.request, response=excluded.response, payload=excluded.payload, hits=excluded.hits
        """,
        ("@id", d.Id), ("@integration", d.IntegrationId), ("@event_id", d.EventId), ("@message_id", d.MessageId), ("@type", d.Type),
        ("@event", d.Event), ("@anonymous", d.AnonymousId), ("@reason", d.Reason), ("@message", d.Message), ("@attempts", d.Attempts),
        ("@failed", d.FailedAt.Ms()), ("@request", d.Request), ("@response", d.Response), ("@payload", d.Payload),
        ("@hits", d.Hits.Count == 0 ? null : JsonSerializer.Serialize(d.Hits)));

    public static async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(this SqlSession session, DeadLetterFilter f)
    {
        if (f.Ids is not { } ids) return await PageAsync(session, f, Columns, Read);

        var rows = await session.QueryInAsync(
            $"SELECT {Columns} FROM dead_letters WHERE integration_id=@integration AND id IN {{in}}", ids, Read, ("@integration", f.IntegrationId));
        return
        [
            .. rows
                .Where(f.Matches)
                .OrderByDescending(d => d.Id, StringComparer.Ordinal)
                .Take(f.Limit),
        ];
    }

    public static async Task<IReadOnlyList<DeadLetterKey>> DeadLetterKeysAsync(this SqlSession session, DeadLetterFilter f) => f.Ids is null
        ? await PageAsync(session, f, "id, event_id, anonymous_id", row => new DeadLetterKey(row.GetString(0), row.GetString(1), row.GetString(2)))
        : [.. (await session.DeadLettersAsync(f)).Select(d => new DeadLetterKey(d.Id, d.EventId, d.AnonymousId))];

    public static Task<List<DeadLetter>> DeadLettersOfAsync(this SqlSession session, string integrationId, string anonymousId) =>
        session.QueryAsync(
            $"SELECT {Columns} FROM dead_letters WHERE anonymous_id=@anonymous AND integration_id=@integration ORDER BY id",
            Read, ("@anonymous", anonymousId), ("@integration", integrationId));

    /// <summary>The visitors of dead letters that carry a user id: a letter may be all that is left of a visitor.</summary>
    public static async Task<IReadOnlySet<string>> DeadLettersWithUserAsync(this SqlSession session, string integrationId, string userId)
    {
        const int Page = 500;
        var needle = JsonEncodedText.Encode(userId).EncodedUtf8Bytes.ToArray();
        var found = new HashSet<string>();
        for (var after = ""; ;)
        {
            var rows = await session.QueryAsync(
                $"SELECT id, anonymous_id, payload FROM dead_letters WHERE integration_id=@integration AND id>@after ORDER BY id LIMIT {Page}",
                row => (Id: row.GetString(0), Visitor: row.GetString(1), Payload: row.GetFieldValue<byte[]>(2)),
                ("@integration", integrationId), ("@after", after));
            found.UnionWith(rows.Where(r => r.Payload.AsSpan().IndexOf(needle) >= 0 && EventCodec.TryRead(r.Payload)?.UserId == userId).Select(r => r.Visitor));
            if (rows.Count < Page) return found;
            after = rows[^1].Id;
        }
    }

    private static Task<List<T>> PageAsync<T>(SqlSession session, DeadLetterFilter f, string columns, Func<DbDataReader, T> read) => new Where()
        .Equal("integration_id", f.IntegrationId)
        .Equal("reason", f.Reason)
        .Equal("event", f.Event)
        .Equal("anonymous_id", f.Visitor)
        .And("failed_at>=@from", "@from", f.From?.Ms())
        .And("failed_at<@to", "@to", f.To?.Ms())
        .And("id<@before", "@before", f.Before)
        .QueryAsync(session, $"SELECT {columns} FROM dead_letters", "ORDER BY id DESC", f.Limit, read);

    private static DeadLetter Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        IntegrationId = row.GetString(1),
        EventId = row.GetString(2),
        MessageId = row.GetString(3),
        Type = row.GetString(4),
        Event = row.TextOrNull(5),
        AnonymousId = row.GetString(6),
        Reason = row.GetString(7),
        Message = row.GetString(8),
        Attempts = row.GetInt32(9),
        FailedAt = row.Time(10),
        Request = row.TextOrNull(11),
        Response = row.TextOrNull(12),
        Payload = row.GetFieldValue<byte[]>(13),
        Hits = row.TextOrNull(14) is { } hits ? JsonSerializer.Deserialize<int[]>(hits)! : [],
    };
}
