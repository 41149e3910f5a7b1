using System.Text.RegularExpressions;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;

namespace Signal.Manage.Changes;

/// <summary>What a source must be, beyond what its input's type says.</summary>
internal static partial class SourceRules
{
    private const int MaxCookieAge = 34_560_000;

    /// <summary>Every error of a source at once; <paramref name="others"/> are the other sources.</summary>
    public static IReadOnlyList<FieldError> Check(Source source, IEnumerable<Source> others)
    {
        var errors = new List<FieldError>();
        if (!IsHost(source.Domain))
            errors.Add(new("domain", "format", "domain must be a host name such as shop.example.com, without https:// and without a path."));
        foreach (var (i, origin) in source.AllowedOrigins.Index())
            if (origin != "*" && !IsOrigin(origin))
                errors.Add(new($"allowed_origins[{i}]", "format", $"allowed_origins[{i}] must be an origin such as https://www.example.org (scheme and host, no path), or *."));
        Consent(source.Consent, errors);
        Cookie(source, errors);
        Script(source.Sdk, [.. others], errors);
        return errors;
    }

    private static void Consent(ConsentPolicy consent, List<FieldError> errors)
    {
        foreach (var (code, category) in consent.Categories)
            if (!ConsentCategories.All.Contains(category))
                errors.Add(new($"consent.categories.{code}", "one_of", $"consent.categories.{code} must be one of {string.Join(", ", ConsentCategories.All)}."));
    }

    private static void Cookie(Source source, List<FieldError> errors)
    {
        var cookie = source.Cookie;
        if (!CookieName().IsMatch(cookie.Name))
            errors.Add(new("cookie.name", "format", "cookie.name must be made of letters, digits, - and _, 64 at most."));
        if (cookie.MaxAge is < 60 or > MaxCookieAge)
            errors.Add(new("cookie.max_age", "range", $"cookie.max_age must be between 60 and {MaxCookieAge} seconds (400 days, the longest browsers keep one)."));
        if (cookie.Domain is { } domain && !IsHost(domain.TrimStart('.')))
            errors.Add(new("cookie.domain", "format", "cookie.domain must be a host name such as example.com, or null for the collection host only."));
    }

    private static void Script(SdkSettings sdk, List<Source> others, List<FieldError> errors)
    {
        Path("sdk.script_path", sdk.ScriptPath, s => s.ScriptPath, "/js/shop.js");
        Path("sdk.collect_prefix", sdk.CollectPrefix, s => s.CollectPrefix, "/c");
        if (sdk.Options is { ValueKind: not System.Text.Json.JsonValueKind.Object })
            errors.Add(new("sdk.options", "type", "sdk.options must be an object."));

        void Path(string field, string? path, Func<SdkSettings, string?> same, string example)
        {
            if (path is null) return;
            if (!UrlPath().IsMatch(path))
                errors.Add(new(field, "format", $"{field} must be a path such as {example}: it starts with / and holds letters, digits, - _ . and / only."));
            else if (Reserved.Any(r => path == r || path.StartsWith(r + "/", StringComparison.Ordinal)))
                errors.Add(new(field, "reserved", $"{field} must not be {path}: Signal answers there itself. Choose another path."));
            else if (others.Find(o => same(o.Sdk) == path) is { } other)
                errors.Add(new(field, "taken", $"{field} {path} belongs to the source {other.Name} ({other.Id}). Choose another path."));
        }
    }

    private static readonly string[] Reserved = ["/v1", "/d", "/d.js", "/datafly.js", "/healthz", "/readyz", "/metrics", "/openapi", "/docs"];

    private static bool IsHost(string text) =>
        text.Length is > 0 and <= 253 && Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 && !text.EndsWith('.');

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && (uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase) || WithPort().IsMatch(text))
        && uri.UserInfo.Length == 0;

    [GeneratedRegex(@"^https?://[^/?#@]+:\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex WithPort();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex CookieName();

    [GeneratedRegex("^/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$")]
    private static partial Regex UrlPath();
}
