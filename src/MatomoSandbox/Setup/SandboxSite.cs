namespace MatomoSandbox;

/// <summary>A site of the sandbox.</summary>
/// <param name="Id">The number sent as <c>idsite</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Urls">Its addresses; they decide what is a direct entry and, with <see cref="ExcludeUnknownUrls"/>, what is recorded.</param>
public sealed record SandboxSite(int Id, string Name, params string[] Urls)
{
    /// <summary>ISO code of the one currency all money of the site is taken in.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>IANA name; a visit ends at this zone's midnight.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Shown by <c>SitesManager.getSiteFromId</c>; the tracker stores orders either way.</summary>
    public bool Ecommerce { get; init; }

    /// <summary>Records only hits whose <c>url</c> belongs to <see cref="Urls"/>.</summary>
    public bool ExcludeUnknownUrls { get; init; }

    /// <summary>Turns <c>search</c>, and search words in addresses, into site searches.</summary>
    public bool SiteSearch { get; init; } = true;

    /// <summary>Keeps what follows <c>#</c> in recorded addresses.</summary>
    public bool KeepUrlFragment { get; init; }

    /// <summary>Addresses never recorded: one, a CIDR range, or with <c>*</c> for trailing parts.</summary>
    public IReadOnlyList<string> ExcludedIps { get; init; } = [];

    /// <summary>Parts of user agents never recorded.</summary>
    public IReadOnlyList<string> ExcludedUserAgents { get; init; } = [];

    /// <summary>Further query parameters removed from recorded addresses.</summary>
    public IReadOnlyList<string> ExcludedParameters { get; init; } = [];
}
