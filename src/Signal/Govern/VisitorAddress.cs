using System.Net;
using System.Net.Sockets;

namespace Signal.Govern;

/// <summary>Addresses as proxies, servers and people write them, made one plain address.</summary>
internal static class VisitorAddress
{
    /// <summary>One IPv4 or IPv6 address without brackets, port and scope, an IPv4-mapped one as IPv4; null when the text is none.</summary>
    internal static string? Normalise(string text) => Parse(text)?.ToString();

    /// <summary>As <see cref="Normalise"/>, parsed.</summary>
    internal static IPAddress? Parse(ReadOnlySpan<char> text)
    {
        text = WithoutPort(text.Trim().Trim('"').Trim());
        // A bare number such as "1" parses as 0.0.0.1; nobody means that.
        return text.IndexOfAny('.', ':') >= 0 && IPAddress.TryParse(text, out var address) && IsWhole(text, address) ? Plain(address) : null;
    }

    /// <summary>Without scope, and an IPv4-mapped address as IPv4.</summary>
    internal static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> text)
    {
        if (text is ['[', ..])
            return text.IndexOf(']') is var end and > 0 ? text[1..end] : text;
        return text.Count(':') == 1 ? text[..text.IndexOf(':')] : text;
    }

    private static bool IsWhole(ReadOnlySpan<char> text, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count('.') == 3;
}
