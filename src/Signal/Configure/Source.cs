using System.Text.Json.Serialization;

namespace Signal.Configure;

/// <summary>A tracked site or app with its pipeline key. Immutable; a change is a new value.</summary>
public sealed record Source
{
    /// <summary><c>src_…</c></summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The site's host name, <c>shop.example.com</c>.</summary>
    public required string Domain { get; init; }

    /// <summary><c>dk_live_…</c> or <c>dk_test_…</c>; public, it stands in pages.</summary>
    public required string PipelineKey { get; init; }

    /// <summary>Rotated keys that still work, each until its time.</summary>
    public IReadOnlyList<RetiredKey> RetiredKeys { get; init; } = [];

    /// <summary>The HMAC secret <c>sk_…</c> as plain text. In memory only: stores keep it encrypted, answers show <c>***</c>.</summary>
    public required string Secret { get; init; }

    /// <summary>A disabled source answers as if its key were unknown.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What counts as consent here.</summary>
    public ConsentPolicy Consent { get; init; } = new();

    /// <summary>Origins allowed besides the domain itself (any sub-domain of it too); <c>*</c> allows all.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Pages of localhost may send too, on any port.</summary>
    public bool AllowLocalhost { get; init; } = true;

    /// <summary>Events a second; the bucket holds two seconds.</summary>
    public int RateLimit { get; init; } = 1000;

    /// <summary>Drop events of known bots.</summary>
    public bool FilterBots { get; init; } = true;

    /// <summary>The visitor cookie.</summary>
    public CookieSettings Cookie { get; init; } = new();

    /// <summary>The browser SDK as this source serves it.</summary>
    public SdkSettings Sdk { get; init; } = new();

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts the changes, from 1; the <c>ETag</c>.</summary>
    public int Revision { get; init; } = 1;
}

/// <summary>A key that was rotated away.</summary>
/// <param name="Key">The old pipeline key.</param>
/// <param name="Until">It works until then.</param>
public sealed record RetiredKey(string Key, DateTimeOffset Until);

/// <summary>The visitor cookie of a source.</summary>
public sealed record CookieSettings
{
    /// <summary>The cookie's name.</summary>
    public string Name { get; init; } = "_dfid";

    /// <summary>The <c>Domain</c> attribute; null leaves it out (host-only).</summary>
    public string? Domain { get; init; }

    /// <summary>Seconds; 400 days, the longest browsers keep one.</summary>
    public int MaxAge { get; init; } = 34_560_000;

    /// <summary>False: cookieless, no cookie is ever set or read, and nothing is stored with the visitor.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What tells visitors apart where <see cref="Enabled"/> is false.</summary>
    public CookielessVisitor Cookieless { get; init; } = CookielessVisitor.Daily;
}

/// <summary>What tells visitors apart without a cookie.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CookielessVisitor>))]
public enum CookielessVisitor
{
    /// <summary>An id made of address, browser and a secret that changes every day and is then forgotten: one visitor a day.</summary>
    [JsonStringEnumMemberName("daily")] Daily,

    /// <summary>An id that lives as long as the page: each page load is a visitor of its own.</summary>
    [JsonStringEnumMemberName("page")] Page,
}

/// <summary>Settings built into the script a source serves.</summary>
public sealed record SdkSettings
{
    /// <summary>A path of the source's own for the script, such as <c>/js/shop.js</c>; null for none.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>A prefix of the source's own for the collection routes in place of <c>/v1</c>, such as <c>/c</c>; null for none.</summary>
    public string? CollectPrefix { get; init; }

    /// <summary>Further settings of the SDK, as its documentation names them; a JSON object.</summary>
    public System.Text.Json.JsonElement? Options { get; init; }
}
