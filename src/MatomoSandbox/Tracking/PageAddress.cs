using System.Text.RegularExpressions;
using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>A page's address taken apart, and put together again the way Matomo stores it.</summary>
internal sealed partial record PageAddress(string Scheme, string Host, string Path, string Query, string Fragment)
{
    private const int MaximumBytes = 1024;

    private static readonly string[] NeverKept =
    [
        "ignore_referrer", "ignore_referer", "gclid", "fbclid", "msclkid", "twclid", "wbraid", "gbraid", "yclid", "fb_xd_fragment", "fb_comment_id",
        "phpsessid", "jsessionid", "sessionid", "aspsessionid", "doing_wp_cron", "sid", "pk_vid", .. Campaigns.Names, .. Campaigns.Keywords,
    ];

    /// <summary>Trimmed, on one line, 1024 bytes at most.</summary>
    public static string Clean(string text) =>
        PhpText.CutBytes(PhpText.Trim(text).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal), MaximumBytes);

    public static PageAddress Parse(string plain)
    {
        var match = Parts().Match(WithoutMatrix(Clean(plain)));
        return new PageAddress(
            match.Groups["scheme"].Value, match.Groups["host"].Value.ToLowerInvariant(), match.Groups["path"].Value,
            match.Groups["query"].Value, match.Groups["fragment"].Value);
    }

    public static bool LooksValid(string text) => Valid().Match(text) is { Success: true } match
        && !Script().IsMatch(match.Groups[1].Value);

    /// <summary>The address without campaigns, click ids and session ids; null when it is none.</summary>
    public static string? Stored(string plain, SandboxSite site)
    {
        var stored = Clean(Parse(plain).For(site).ToString());
        return LooksValid(stored) ? stored : null;
    }

    public PageAddress For(SandboxSite site) => this with
    {
        Query = Without(Query, site),
        Fragment = site.KeepUrlFragment ? Without(Fragment, site) : "",
    };

    public override string ToString()
    {
        var start = Scheme.Length > 0 ? $"{Scheme.ToLowerInvariant()}://{Host}" : Host.Length > 0 ? $"//{Host}" : "";
        return start + Path + (Query.Length > 0 ? "?" + Query : "") + (Fragment.Length > 0 ? "#" + Fragment : "");
    }

    /// <summary>The decoded value of a parameter of a query, or null.</summary>
    public static string? Value(string query, string name)
    {
        foreach (var pair in query.Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && string.Equals(pair[..equals], name, StringComparison.OrdinalIgnoreCase))
                return Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' '));
        }
        return null;
    }

    private static string Without(string query, SandboxSite site) => string.Join('&', query.Split('&').Where(pair => pair.Length > 0).Where(pair =>
    {
        var name = pair.Split('=')[0];
        return !NeverKept.Concat(site.ExcludedParameters).Contains(name, StringComparer.OrdinalIgnoreCase);
    }));

    // "/a;b=1;c=2" is read as "/a?b=1&c=2".
    private static string WithoutMatrix(string address)
    {
        var semicolon = address.IndexOf(';', StringComparison.Ordinal);
        var mark = address.IndexOf('?', StringComparison.Ordinal);
        if (semicolon < 0 || (mark >= 0 && mark < semicolon))
            return address;
        var single = mark < 0 ? address : address[..mark] + ";" + address[(mark + 1)..];
        return single[..semicolon] + "?" + single[(semicolon + 1)..].Replace(';', '&');
    }

    [GeneratedRegex(@"^((?<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(//(?<host>[^/?#]*))?(?<path>[^?#]*)(\?(?<query>[^#]*))?(#(?<fragment>.*))?$", RegexOptions.Singleline)]
    private static partial Regex Parts();

    [GeneratedRegex(@"^((?:[A-Za-z][A-Za-z0-9+.-]*)?:)?//.+$", RegexOptions.Singleline)]
    private static partial Regex Valid();

    [GeneratedRegex(@"^(javascript|vbscript|data):", RegexOptions.IgnoreCase)]
    private static partial Regex Script();
}
