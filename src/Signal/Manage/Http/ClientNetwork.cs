using System.Net;

namespace Signal.Manage.Http;

/// <summary>What one client has for its own: an IPv4 address, or the /64 of an IPv6 address, in which it may take any.</summary>
internal static class ClientNetwork
{
    private const int Prefix = 8;

    /// <summary>As text, for counting; empty when the address is not known.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return bytes.Length > 4 ? Convert.ToHexString(bytes, 0, Prefix) : address.ToString();
    }

    /// <summary>The same of an address in text.</summary>
    public static string Of(string? address) => Of(IPAddress.TryParse(address, out var parsed) ? parsed : null);
}
