using System.Text.Json.Nodes;

namespace Signal.Manage.Documents;

/// <summary>A body that works, for the operations people try first. DocumentTests checks each against its schema's type.</summary>
internal static class Examples
{
    /// <summary>Operation id to body.</summary>
    public static readonly IReadOnlyDictionary<string, string> Bodies = new Dictionary<string, string>
    {
        ["login"] = """{"email": "ada@example.com", "password": "correct horse battery"}""",
        ["refresh"] = """{"refresh_token": "rt_…"}""",
        ["createSource"] = """{"name": "Web shop", "domain": "shop.example.com", "consent": {"mode": "opt_out"}, "allowed_origins": ["https://www.example.org"], "rate_limit": 1000}""",
        ["rotateSourceKey"] = """{"rotate": "key", "grace_seconds": 86400}""",
        ["createIntegration"] = """
            {
              "source_id": "src_abc123",
              "vendor": "matomo",
              "name": "Matomo Production",
              "enabled": true,
              "config": {"matomo_url": "https://analytics.example.com", "site_id": "1", "token_auth": "0123456789abcdef0123456789abcdef"},
              "consent_categories": ["analytics"],
              "mappings": [{"event": "Signed Up", "target": "idgoal", "value": "3"}]
            }
            """,
        ["updateIntegration"] = """{"enabled": false, "note": "The site moves this week"}""",
        ["previewIntegration"] = """{"event": {"type": "track", "event": "Signed Up", "anonymousId": "a1b2c3d4e5f60718", "properties": {"url": "https://shop.example.com/signup"}}}""",
        ["rollBackIntegration"] = """{"revision": 2, "note": "The new mapping was wrong"}""",
        ["replayDeadLetters"] = """{"all": true, "reason": "refused_by_destination"}""",
        ["startReplay"] = """{"from": "2026-01-31T00:00:00Z", "to": "2026-02-01T00:00:00Z", "filter": {"event": "Order Completed"}, "dry_run": true}""",
        ["createUser"] = """{"email": "bob@example.com", "name": "Bob", "role": "editor", "password": "a few words in a row"}""",
        ["createToken"] = """{"name": "deploy", "role": "editor", "expires_at": "2027-01-01T00:00:00Z"}""",
        ["exportVisitor"] = """{"user_id": "user-123"}""",
        ["eraseVisitor"] = """{"anonymous_id": "a1b2c3d4-e5f6-4718-9a0b-1c2d3e4f5a6b"}""",
    };

    /// <summary>The body of an operation; null for none.</summary>
    public static JsonNode? Of(string? operationId) => operationId is not null && Bodies.TryGetValue(operationId, out var body) ? JsonNode.Parse(body) : null;
}
