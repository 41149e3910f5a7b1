namespace Signal.State;

/// <summary>Encrypts secrets before they reach a disk. Authenticated encryption; the key never leaves the process.</summary>
public interface ISecretBox
{
    /// <summary>Encrypts; the text holds a key id, so that keys can be rotated.</summary>
    string Seal(string secret);

    /// <summary>Decrypts. Throws <see cref="System.Security.Cryptography.CryptographicException"/> with a message that names the key id when the key is not at hand.</summary>
    string Open(string @sealed);
}
