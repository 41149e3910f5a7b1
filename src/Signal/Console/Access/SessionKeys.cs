using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Signal.Manage;

namespace Signal.Console.Access;

/// <summary>
/// The key that protects sessions and forms, derived from the management side's signing key: sessions outlive a restart
/// and hold on every instance, without key files of their own.
/// </summary>
internal sealed class SessionKeys(ManageOptions options, ILoggerFactory logs) : IKeyManager
{
    private readonly IKey[] _keys = [new DerivedKey(options.SigningKey, logs)];

    public IReadOnlyCollection<IKey> GetAllKeys() => _keys;

    public CancellationToken GetCacheExpirationToken() => CancellationToken.None;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => throw Derived();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => throw Derived();

    public void RevokeKey(Guid keyId, string? reason = null) => throw Derived();

    private static NotSupportedException Derived() => new("The console's key is derived from the master key; rotate that.");

    private sealed class DerivedKey(byte[] signingKey, ILoggerFactory logs) : IKey
    {
        private readonly byte[] _master = HKDF.DeriveKey(HashAlgorithmName.SHA256, signingKey, 64, info: "signal console sessions"u8.ToArray());

        public Guid KeyId { get; } = new(SHA256.HashData(HKDF.DeriveKey(HashAlgorithmName.SHA256, signingKey, 16, info: "signal console key id"u8.ToArray())).AsSpan(0, 16));

        public DateTimeOffset ActivationDate => CreationDate;

        public DateTimeOffset CreationDate => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public DateTimeOffset ExpirationDate => CreationDate.AddYears(100);

        public bool IsRevoked => false;

        public IAuthenticatedEncryptorDescriptor Descriptor => new AuthenticatedEncryptorDescriptor(new AuthenticatedEncryptorConfiguration(), new Secret(_master));

        public IAuthenticatedEncryptor? CreateEncryptor() => new AuthenticatedEncryptorFactory(logs).CreateEncryptorInstance(this);
    }
}
