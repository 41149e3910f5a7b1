using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Signal.Manage.Changes;

/// <summary>Makes keys and secrets that can't be guessed.</summary>
internal static class Keys
{
    /// <summary>A pipeline key; public.</summary>
    public static string Pipeline() => $"dk_live_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    /// <summary>A source's HMAC secret.</summary>
    public static string Secret() => $"sk_{RandomNumberGenerator.GetHexString(64, lowercase: true)}";

    /// <summary>A token of 256 random bits after a prefix that says what it is.</summary>
    public static string Token(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of a token. It is random, so a plain hash suffices.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
