using System.Security.Cryptography;
using System.Text;

namespace Signal.Destinations.Matomo;

/// <summary>Matomo's visitor ids: 16 hexadecimal characters, the same for the same visitor for ever.</summary>
internal static class VisitorIds
{
    private const int Length = 16;

    /// <summary>The first 16 characters of the anonymous id without dashes; of its SHA-256 where it is shorter or not hexadecimal, since Matomo would take all such visitors for one.</summary>
    internal static string Of(string anonymousId)
    {
        var bare = anonymousId.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        return bare.Length >= Length && bare.All(char.IsAsciiHexDigitLower) ? bare[..Length] : Hash(anonymousId);
    }

    /// <summary>The first 16 characters of the text's SHA-256.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Length];
}
