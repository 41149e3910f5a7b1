using System.Net;

namespace MatomoSandbox.Tracking;

/// <summary>Internet addresses: read, matched and masked.</summary>
internal static class Address
{
    private static readonly string[] RobotRanges =
    [
        "216.239.32.0/19", "64.233.160.0/19", "66.249.80.0/20", "72.14.192.0/18", "209.85.128.0/17", "66.102.0.0/20", "74.125.0.0/16",
        "64.18.0.0/20", "207.126.144.0/20", "173.194.0.0/16", "64.4.0.0/18", "65.52.0.0/14", "157.54.0.0/15", "157.56.0.0/14", "157.60.0.0/16",
        "207.46.0.0/16", "207.68.128.0/18", "207.68.192.0/20", "131.253.16.0/20", "72.30.192.0/20", "98.137.192.0/20", "1.202.218.8/32",
    ];

    /// <summary>Null for anything but one plain address: ports, brackets and lists included.</summary>
    public static IPAddress? Read(string text)
    {
        var plain = text.Length > 0 && !text.Contains('[', StringComparison.Ordinal) && !text.Contains('%', StringComparison.Ordinal);
        if (!plain || !IPAddress.TryParse(text, out var address))
            return null;
        var isDotted = text.Count(letter => letter == '.') == 3 || text.Contains(':', StringComparison.Ordinal);
        return !isDotted ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    public static bool IsRobot(IPAddress? address) => address is not null && RobotRanges.Any(range => Matches(address, range));

    /// <summary>The range is one address, CIDR, or has <c>*</c> for trailing parts.</summary>
    public static bool Matches(IPAddress address, string range)
    {
        if (range.Contains('*', StringComparison.Ordinal))
            return address.ToString().StartsWith(range[..range.IndexOf('*', StringComparison.Ordinal)], StringComparison.Ordinal);
        if (!range.Contains('/', StringComparison.Ordinal))
            return IPAddress.TryParse(range, out var one) && one.Equals(address);
        var parts = range.Split('/');
        if (!IPAddress.TryParse(parts[0], out var start) || !int.TryParse(parts[1], out var bits) || start.AddressFamily != address.AddressFamily)
            return false;
        return Masked(start, bits).Equals(Masked(address, bits));
    }

    /// <summary>What is stored: two bytes of four, eight of sixteen.</summary>
    public static string? Stored(IPAddress? address)
    {
        if (address is null)
            return null;
        var masked = Masked(address, address.GetAddressBytes().Length == 4 ? 16 : 64).ToString();
        return masked == "0.0.0.0" ? null : masked;
    }

    private static IPAddress Masked(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var index = 0; index < bytes.Length; index++)
        {
            var kept = Math.Clamp(bits - index * 8, 0, 8);
            bytes[index] &= (byte)(0xFF << (8 - kept));
        }
        return new IPAddress(bytes);
    }
}
