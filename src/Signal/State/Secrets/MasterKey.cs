using System.Security.Cryptography;
using System.Text;

namespace Signal.State.Secrets;

/// <summary>A 256-bit key and the id that sealed texts name it by.</summary>
internal sealed class MasterKey
{
    public const int Size = 32;

    private MasterKey(byte[] key)
    {
        Key = key;
        // Derived, so that nobody has to number keys; it tells nothing about the key.
        Id = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 4, info: "signal master key id"u8.ToArray()));
    }

    /// <summary>Eight hexadecimal digits.</summary>
    public string Id { get; }

    internal byte[] Key { get; }

    public static MasterKey FromBytes(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Size);
        return new MasterKey(key.ToArray());
    }

    /// <summary>From text: 32 bytes as base64, else any text of at least 32 characters.</summary>
    /// <exception cref="FormatException">Too short.</exception>
    public static MasterKey Parse(string text)
    {
        text = text.Trim();
        var bytes = new byte[Size + 1];
        if (Convert.TryFromBase64String(text, bytes, out var written) && written == Size) return FromBytes(bytes.AsSpan(0, Size));
        if (text.Length < 32)
            throw new FormatException("The master key is too short: give at least 32 characters, or 32 random bytes as base64 (openssl rand -base64 32).");
        return new MasterKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), Size, info: "signal master key"u8.ToArray()));
    }
}
