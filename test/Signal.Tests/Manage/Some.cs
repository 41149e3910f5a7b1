using System.Text;
using System.Text.Json;
using Signal.Events;
using Signal.State;

namespace Signal.Tests.Manage;

/// <summary>Ready-made inputs.</summary>
internal static class Some
{
    public const string Token = "0123456789abcdef0123456789abcdef";

    /// <summary>The body of the seed's curl call, character by character.</summary>
    public const string SeedJson = """
        {
            "source_id": "src_abc123",
            "vendor": "matomo",
            "name": "Matomo Production",
            "enabled": true,
            "config": {
              "matomo_url": "https://analytics.example.com",
              "site_id": "1",
              "token_auth": "0123456789abcdef0123456789abcdef"
            },
            "consent_categories": ["analytics"]
          }
        """;

    public static StringContent SeedBody() => Json(SeedJson);

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static DateTimeOffset Noon { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An event of the seed's source.</summary>
    public static Event Event(string id, string visitor = "visitor-a", string? user = null, string source = "src_abc123") => new()
    {
        Id = id,
        SourceId = source,
        Type = EventType.Track,
        Name = "Order Completed",
        MessageId = $"m-{id}",
        AnonymousId = visitor,
        UserId = user,
        Time = Noon,
        ReceivedAt = Noon,
        Request = new RequestFacts("203.0.113.50", "Firefox", "de", false, false, false),
        Consent = new Dictionary<string, bool>(),
        Body = JsonSerializer.SerializeToElement(new { type = "track", @event = "Order Completed", properties = new { url = "https://shop.example.com/done" } }),
    };

    /// <summary>A delivered event of an integration.</summary>
    public static DeliveryRecord Record(string integration, string id, string visitor = "visitor-a") => new()
    {
        IntegrationId = integration,
        EventId = id,
        MessageId = $"m-{id}",
        Type = "track",
        Event = "Order Completed",
        AnonymousId = visitor,
        ReceivedAt = Noon,
        DeliveredAt = Noon.AddSeconds(1),
        Outcome = DeliveryOutcome.Delivered,
        StatusCode = 200,
        Attempts = 1,
        LatencyMs = 12,
        Revision = 1,
        Request = "idsite=1&token_auth=***",
        Response = "ok",
    };

    /// <summary>A dead letter of an integration.</summary>
    public static DeadLetter Letter(string integration, string id, string visitor = "visitor-a", string reason = "refused_by_destination") => new()
    {
        Id = id,
        IntegrationId = integration,
        EventId = $"evt_{id}",
        MessageId = $"m-{id}",
        Type = "track",
        Event = "Order Completed",
        AnonymousId = visitor,
        Reason = reason,
        Message = "Matomo refused it.",
        Attempts = 3,
        FailedAt = Noon,
        Request = "idsite=1&token_auth=***",
        Payload = EventCodec.Write(Event($"evt_{id}", visitor)),
    };
}
