using Signal.Configure;

namespace Signal.Manage.Changes;

/// <summary>A source as people see it.</summary>
internal sealed record SourceView
{
    /// <summary><c>src_…</c></summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The site's host name.</summary>
    public required string Domain { get; init; }

    /// <summary>Public; it stands in pages.</summary>
    public required string PipelineKey { get; init; }

    /// <summary>Keys rotated away that still work.</summary>
    public required IReadOnlyList<RetiredKey> RetiredKeys { get; init; }

    /// <summary>The HMAC secret: shown in the answer that made it, then <c>***</c>.</summary>
    public required string Secret { get; init; }

    /// <summary>Whether it collects.</summary>
    public required bool Enabled { get; init; }

    /// <summary>What counts as consent here.</summary>
    public required ConsentPolicy Consent { get; init; }

    /// <summary>Origins allowed besides the domain and its sub-domains.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    /// <summary>Pages of localhost may send too.</summary>
    public required bool AllowLocalhost { get; init; }

    /// <summary>Events a second.</summary>
    public required int RateLimit { get; init; }

    /// <summary>Drop events of known bots.</summary>
    public required bool FilterBots { get; init; }

    /// <summary>The visitor cookie.</summary>
    public required CookieSettings Cookie { get; init; }

    /// <summary>The browser SDK as this source serves it.</summary>
    public required SdkSettings Sdk { get; init; }

    /// <summary>Counts the changes; the <c>ETag</c>.</summary>
    public required int Revision { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The view, the secret masked unless it is to be shown this once.</summary>
    public static SourceView Of(Source s, bool showSecret = false) => new()
    {
        Id = s.Id,
        Name = s.Name,
        Domain = s.Domain,
        PipelineKey = s.PipelineKey,
        RetiredKeys = s.RetiredKeys,
        Secret = showSecret ? s.Secret : Mask.Text,
        Enabled = s.Enabled,
        Consent = s.Consent,
        AllowedOrigins = s.AllowedOrigins,
        AllowLocalhost = s.AllowLocalhost,
        RateLimit = s.RateLimit,
        FilterBots = s.FilterBots,
        Cookie = s.Cookie,
        Sdk = s.Sdk,
        Revision = s.Revision,
        CreatedAt = s.CreatedAt,
        UpdatedAt = s.UpdatedAt,
    };

    /// <summary>The part people may state, for a partial change.</summary>
    public SourceInput ToInput() => new()
    {
        Name = Name,
        Domain = Domain,
        Enabled = Enabled,
        Consent = Consent,
        AllowedOrigins = AllowedOrigins,
        AllowLocalhost = AllowLocalhost,
        RateLimit = RateLimit,
        FilterBots = FilterBots,
        Cookie = Cookie,
        Sdk = Sdk,
    };
}
