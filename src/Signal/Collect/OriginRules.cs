using Signal.Configure;

namespace Signal.Collect;

/// <summary>
/// Which pages may send to a source: its domain and every sub-domain on any port, localhost unless the source says no, and the source's list. An entry of the list is
/// an origin (<c>https://shop.example</c>, <c>https://*.shop.example</c>), a host (any scheme and port), or <c>*</c> for all.
/// </summary>
internal sealed class OriginRules
{
    private readonly string _domain;
    private readonly bool _local;
    private readonly bool _all;
    private readonly List<(string? Scheme, string Host, int? Port, bool SubDomains)> _entries = [];

    internal OriginRules(Source source)
    {
        _domain = HostOf(source.Domain);
        _local = source.AllowLocalhost;
        foreach (var entry in source.AllowedOrigins)
        {
            if (entry.Trim() == "*") _all = true;
            else _entries.Add(Parse(entry.Trim()));
        }
    }

    /// <summary>Whether a page of this origin may send.</summary>
    internal bool Allows(string origin)
    {
        if (_all) return true;
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return false;
        var host = uri.IdnHost;
        return (_local && IsLocal(host)) || IsWithin(host, _domain) || _entries.Exists(e => Matches(e, uri, host));
    }

    private static bool Matches((string? Scheme, string Host, int? Port, bool SubDomains) entry, Uri uri, string host) =>
        (entry.Scheme is null || (entry.Scheme == uri.Scheme && (entry.Port ?? DefaultPort(uri)) == uri.Port))
        && (entry.Scheme is not null || entry.Port is null || entry.Port == uri.Port)
        && (entry.SubDomains ? host.EndsWith($".{entry.Host}", StringComparison.OrdinalIgnoreCase) : host.Equals(entry.Host, StringComparison.OrdinalIgnoreCase));

    private static (string? Scheme, string Host, int? Port, bool SubDomains) Parse(string entry)
    {
        var at = entry.IndexOf("://", StringComparison.Ordinal);
        var scheme = at < 0 ? null : entry[..at].ToLowerInvariant();
        var rest = (at < 0 ? entry : entry[(at + 3)..]).TrimEnd('/');
        var sub = rest.StartsWith("*.", StringComparison.Ordinal);
        return Uri.TryCreate($"{scheme ?? "http"}://{(sub ? rest[2..] : rest)}", UriKind.Absolute, out var uri)
            ? (scheme, uri.IdnHost, uri.IsDefaultPort ? null : uri.Port, sub)
            : (scheme, rest, null, sub);
    }

    private static int DefaultPort(Uri uri) => uri.Scheme == "https" ? 443 : 80;

    private static string HostOf(string domain) => Parse(domain.Trim()).Host;

    private static bool IsWithin(string host, string domain) =>
        domain.Length > 0 && (host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));

    private static bool IsLocal(string host) =>
        IsWithin(host, "localhost") || host is "127.0.0.1" or "::1" or "[::1]";
}
