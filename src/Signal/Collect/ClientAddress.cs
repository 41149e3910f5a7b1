using System.Net;
using Microsoft.Extensions.Primitives;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>The visitor's address and scheme, as trusted proxies report them.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The last address of <c>X-Forwarded-For</c> (or else <c>Forwarded</c>) that is not a trusted proxy, when the peer is one; else the peer's.
    /// Without port, brackets and scope; null when there is no peer address and nothing is reported.
    /// </summary>
    internal static string? Of(HttpContext http, IReadOnlyList<IPNetwork> trusted)
    {
        var peer = http.Connection.RemoteIpAddress is { } address ? VisitorAddress.Plain(address) : null;
        return (IsTrusted(peer, trusted) ? Reported(http.Request.Headers, trusted) ?? peer : peer)?.ToString();
    }

    /// <summary>Whether the visitor's own connection is encrypted: ours is, or a trusted proxy says theirs is.</summary>
    internal static bool IsHttps(HttpContext http, IReadOnlyList<IPNetwork> trusted)
    {
        if (http.Request.IsHttps) return true;
        var proto = http.Request.Headers["X-Forwarded-Proto"];
        var forwarded = http.Request.Headers["Forwarded"];
        if (StringValues.IsNullOrEmpty(proto) && StringValues.IsNullOrEmpty(forwarded)) return false;
        if (!IsTrusted(http.Connection.RemoteIpAddress is { } peer ? VisitorAddress.Plain(peer) : null, trusted)) return false;
        var scheme = StringValues.IsNullOrEmpty(proto) ? ForwardedParameter(First(forwarded.ToString()), "proto") : First(proto.ToString());
        return scheme.Trim().Equals("https", StringComparison.OrdinalIgnoreCase);
    }

    // A Unix socket has no address; only a proxy on this machine can be behind it.
    private static bool IsTrusted(IPAddress? address, IReadOnlyList<IPNetwork> trusted)
    {
        if (address is null) return true;
        foreach (var network in trusted)
            if (network.Contains(address)) return true;
        return false;
    }

    private static IPAddress? Reported(IHeaderDictionary headers, IReadOnlyList<IPNetwork> trusted)
    {
        var list = headers["X-Forwarded-For"];
        var standard = StringValues.IsNullOrEmpty(list);
        if (standard) list = headers["Forwarded"];
        if (StringValues.IsNullOrEmpty(list)) return null;

        var hops = list.ToString().Split(',');
        for (var i = hops.Length - 1; i >= 0; i--)
        {
            // A list may have empty places (RFC 9110, 5.6.1).
            if (string.IsNullOrWhiteSpace(hops[i])) continue;
            var hop = VisitorAddress.Parse(standard ? ForwardedParameter(hops[i], "for") : hops[i]);
            // What stands left of something unreadable was reported by nobody we can name.
            if (hop is null) return null;
            if (!IsTrusted(hop, trusted)) return hop;
        }

        return null;
    }

    private static ReadOnlySpan<char> First(string list) =>
        list.IndexOf(',', StringComparison.Ordinal) is var end and >= 0 ? list.AsSpan(0, end) : list;

    private static ReadOnlySpan<char> ForwardedParameter(ReadOnlySpan<char> element, ReadOnlySpan<char> name)
    {
        foreach (var range in element.Split(';'))
        {
            var pair = element[range];
            var equals = pair.IndexOf('=');
            if (equals > 0 && pair[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return pair[(equals + 1)..].Trim().Trim('"');
        }

        return [];
    }
}
