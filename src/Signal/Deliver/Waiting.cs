using System.IO.Hashing;
using System.Runtime.InteropServices;
using Signal.Record;

namespace Signal.Deliver;

/// <summary>
/// The visitors of whom something waits, each from an offset on, by a hash of their ids: two that share one only wait for each other.
/// A user id counts like an anonymous one: to a Matomo all its devices are one visitor. What was noted at an offset says nothing of
/// records before it, so that a run read again from its beginning is taken the same way.
/// </summary>
internal sealed class Waiting
{
    private readonly Dictionary<ulong, long> _since = [];

    /// <summary>Something of this visitor waits at an offset.</summary>
    public void Add(StoredVisitor visitor, long offset)
    {
        foreach (var key in Keys(visitor))
            if (!_since.TryGetValue(key, out var since) || offset < since) _since[key] = offset;
    }

    /// <summary>Whether something of this visitor waits before an offset or at it.</summary>
    public bool Has(StoredVisitor visitor, long offset) => Keys(visitor).Any(key => _since.TryGetValue(key, out var since) && since <= offset);

    private static IEnumerable<ulong> Keys(StoredVisitor visitor)
    {
        yield return Hash(visitor.AnonymousId, 0);
        if (visitor.UserId is { } user) yield return Hash(user, 1);
    }

    private static ulong Hash(string text, long kind) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), kind);
}
