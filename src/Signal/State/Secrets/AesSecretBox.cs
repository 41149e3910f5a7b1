using System.Security.Cryptography;
using System.Text;

namespace Signal.State.Secrets;

/// <summary>
/// AES-256-GCM under a ring of keys: the first seals, all of them open. A sealed text is
/// <c>v1.{key id}.{base64url of 12 bytes nonce, ciphertext, 16 bytes tag}</c>; version and key id are authenticated too.
/// </summary>
internal sealed class AesSecretBox : ISecretBox, IKeyDerivation
{
    private const string Version = "v1";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly MasterKey _current;
    private readonly Dictionary<string, MasterKey> _ring;

    /// <param name="current">Seals from now on.</param>
    /// <param name="older">Still open what they sealed.</param>
    public AesSecretBox(MasterKey current, params IEnumerable<MasterKey> older)
    {
        _current = current;
        _ring = older.Append(current).DistinctBy(k => k.Id).ToDictionary(k => k.Id);
    }

    public string Seal(string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var output = new byte[NonceSize + plain.Length + TagSize];
        var nonce = output.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_current.Key, TagSize);
        aes.Encrypt(nonce, plain, output.AsSpan(NonceSize, plain.Length), output.AsSpan(NonceSize + plain.Length), Header(_current.Id));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Version}.{_current.Id}.{System.Buffers.Text.Base64Url.EncodeToString(output)}";
    }

    public string Open(string @sealed)
    {
        var parts = @sealed.Split('.');
        if (parts.Length != 3 || parts[0] != Version) throw new CryptographicException("This is no text that Signal sealed.");
        if (!_ring.TryGetValue(parts[1], out var key))
            throw new CryptographicException($"The secret was sealed with the master key {parts[1]}, which is not at hand. List it among the old keys, or restore the key file.");

        try
        {
            var input = System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]);
            var plain = new byte[input.Length - NonceSize - TagSize];
            using var aes = new AesGcm(key.Key, TagSize);
            aes.Decrypt(input.AsSpan(0, NonceSize), input.AsSpan(NonceSize, plain.Length), input.AsSpan(input.Length - TagSize), plain, Header(key.Id));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is FormatException or OverflowException or AuthenticationTagMismatchException)
        {
            throw new CryptographicException($"A secret sealed with the master key {key.Id} is damaged.", e);
        }
    }

    /// <summary>The same secret under the current key, or null when it is that already.</summary>
    public string? Reseal(string @sealed) => @sealed.StartsWith($"{Version}.{_current.Id}.", StringComparison.Ordinal) ? null : Seal(Open(@sealed));

    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _current.Key, 32, info: Encoding.UTF8.GetBytes($"signal {purpose}"));

    private static byte[] Header(string keyId) => Encoding.ASCII.GetBytes($"{Version}.{keyId}");
}
