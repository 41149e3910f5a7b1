using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Signal.Collect.Scripts;

/// <summary>A script in every encoding it is served in, with the tag that names its content.</summary>
/// <param name="Tag">The same for every encoding.</param>
/// <param name="Plain">As it is.</param>
/// <param name="Gzip">With gzip.</param>
/// <param name="Brotli">With br.</param>
internal sealed record CompressedScript(string Tag, byte[] Plain, byte[] Gzip, byte[] Brotli)
{
    internal static CompressedScript Of(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        return new CompressedScript(
            Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8)),
            plain,
            Squeeze(plain, to => new GZipStream(to, CompressionLevel.SmallestSize, leaveOpen: true)),
            Squeeze(plain, to => new BrotliStream(to, CompressionLevel.SmallestSize, leaveOpen: true)));
    }

    /// <summary>The bytes in the best encoding the client takes, and its name; null for none.</summary>
    internal (byte[] Bytes, string? Encoding) For(string acceptEncoding)
    {
        if (Takes(acceptEncoding, "br")) return (Brotli, "br");
        return Takes(acceptEncoding, "gzip") ? (Gzip, "gzip") : (Plain, null);
    }

    private static bool Takes(string acceptEncoding, string encoding)
    {
        foreach (var offered in acceptEncoding.Split(','))
        {
            var parts = offered.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Trim().Equals(encoding, StringComparison.OrdinalIgnoreCase)) return parts.Length < 2 || parts[1] is not ("q=0" or "q=0.0" or "q=0.00" or "q=0.000");
        }

        return false;
    }

    private static byte[] Squeeze(byte[] plain, Func<Stream, Stream> encoder)
    {
        using var squeezed = new MemoryStream();
        using (var encoding = encoder(squeezed)) encoding.Write(plain);
        return squeezed.ToArray();
    }
}
