namespace MatomoSandbox;

/// <summary>How a sandbox is set up: its sites, goals, dimensions, tokens and clock. Immutable; start another sandbox to change it.</summary>
public sealed record SandboxOptions
{
    private const string Shop = "https://shop.example.com";

    /// <summary>Addresses to listen on, as Kestrel takes them. Port 0 picks a free one, see <see cref="SandboxServer.BaseAddress"/>.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Sites that may be tracked.</summary>
    public IReadOnlyList<SandboxSite> Sites { get; init; } = [];

    /// <summary>Goals of all sites.</summary>
    public IReadOnlyList<SandboxGoal> Goals { get; init; } = [];

    /// <summary>Custom dimensions of all sites.</summary>
    public IReadOnlyList<SandboxDimension> Dimensions { get; init; } = [];

    /// <summary>Tokens that are known; any other value is nobody's.</summary>
    public IReadOnlyList<SandboxToken> Tokens { get; init; } = [];

    /// <summary>The clock; tests hand in their own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How far the sandbox's clock runs ahead of <see cref="TimeProvider"/>; shows in the <c>Date</c> header too.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>Whether an address is blocked after more than twenty refused tokens within an hour, as a real Matomo does. Off unless asked for.</summary>
    public bool BruteForceProtection { get; init; }

    /// <summary><c>enable_userid_overwrites_visitorid</c>: a user id decides the visitor id. On as installed.</summary>
    public bool UserIdOverwritesVisitorId { get; init; } = true;

    /// <summary><c>trust_visitors_cookies</c>: an id is looked up alone, never the fingerprint beside it. Off as installed.</summary>
    public bool TrustVisitorsCookies { get; init; }

    /// <summary>Whether the reporting API finds a place for an address. Visits are placed by their language all the same, as in a Matomo as installed.</summary>
    public bool LocationDatabase { get; init; }

    /// <summary>Addresses that no site records: one, a CIDR range, or with <c>*</c> for trailing parts.</summary>
    public IReadOnlyList<string> ExcludedIps { get; init; } = [];

    /// <summary>Parts of user agents that no site records.</summary>
    public IReadOnlyList<string> ExcludedUserAgents { get; init; } = [];

    /// <summary>A file to keep what was tracked in, for the next start; null keeps it in memory only.</summary>
    public string? JournalPath { get; init; }

    /// <summary>What <c>API.getMatomoVersion</c> answers.</summary>
    public string Version { get; init; } = "5.2.0-b5";

    /// <summary>The receiver that the recorded answers were taken from: a shop, a site without ecommerce, a strict site, and five tokens.</summary>
    public static SandboxOptions Recorded { get; } = new()
    {
        Sites =
        [
            new(1, "Shop", Shop) { Ecommerce = true },
            new(2, "Plain", "https://plain.example.com"),
            new(3, "Strict", "https://strict.example.com") { ExcludeUnknownUrls = true },
        ],
        Goals =
        [
            new(1, 1, "Signed up") { Revenue = 5 },
            new(1, 2, "Thank-you page") { Revenue = 7.5, Match = GoalMatch.Address, Pattern = "thank" },
            new(1, 3, "Brochure") { Revenue = 2, SeveralPerVisit = true },
        ],
        Dimensions =
        [
            new(1, 1, DimensionScope.Visit),
            new(1, 2, DimensionScope.Visit),
            new(1, 3, DimensionScope.Action),
            new(1, 4, DimensionScope.Action),
        ],
        Tokens =
        [
            new("0123456789abcdef0123456789abcdef", TokenKind.Superuser),
            new(new string('a', 32), TokenKind.Superuser) { SecureOnly = true },
            new(new string('b', 32), TokenKind.View) { Sites = [1] },
            new(new string('c', 32), TokenKind.Write) { Sites = [1] },
            new(new string('9', 32), TokenKind.Admin) { Sites = [1] },
        ],
    };

    /// <summary>One shop (site 1, euro) whose administrator the given token is, with goals and dimensions to play with.</summary>
    public static SandboxOptions Demo(string token) => Recorded with
    {
        Sites = [new(1, "Demo shop", Shop) { Ecommerce = true }],
        Tokens = [new(token, TokenKind.Admin) { Sites = [1] }],
    };
}
