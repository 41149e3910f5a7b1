using System.Text;

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
}
