using System.Net;

namespace Signal.Collect;

/// <summary>What the operator may set about collection.</summary>
public sealed record CollectOptions
{
    /// <summary>The largest event, in bytes after decompression.</summary>
    public int MaxEventBytes { get; init; } = 64 * 1024;

    /// <summary>The largest batch, in bytes after decompression.</summary>
    public int MaxBatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The most events of a batch.</summary>
    public int MaxBatchEvents { get; init; } = 500;

    /// <summary>How far <c>X-Timestamp</c> of a signed call may be from now, either way.</summary>
    public TimeSpan SignatureWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many signatures are remembered against replay; beyond it signed calls answer 429 until old ones expire. 16 bytes and some overhead each.</summary>
    public int MaxRememberedSignatures { get; init; } = 1_000_000;

    /// <summary>Proxies whose <c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c> and <c>Forwarded</c> are believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>The <c>Retry-After</c> of a 503.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long browsers and caches may keep the SDK before they ask again.</summary>
    public TimeSpan ScriptMaxAge { get; init; } = TimeSpan.FromMinutes(10);
}
