using System.Collections.Concurrent;

namespace Signal.State.Sql;

/// <summary>
/// What was asked last about consent, because every event asks. Bounded: when the younger half is full, the older half is
/// forgotten. Absence is remembered too: most visitors have never said anything.
/// </summary>
/// <param name="capacity">Visitors remembered at most.</param>
internal sealed class ConsentCache(int capacity = 200_000)
{
    private readonly long[] _stamps = new long[1024];
    private readonly Lock _turning = new();
    private int _added;
    private ConcurrentDictionary<(string, string), VisitorConsent> _young = new();
    private ConcurrentDictionary<(string, string), VisitorConsent> _old = new();

    public VisitorConsent? Find(string sourceId, string anonymousId)
    {
        var key = (sourceId, anonymousId);
        if (_young.TryGetValue(key, out var known)) return known;
        var stamp = Stamp(key);
        if (!_old.TryGetValue(key, out known)) return null;
        Remember(sourceId, anonymousId, known, stamp);
        return known;
    }

    /// <summary>Take it before reading from the store; <see cref="Remember"/> then refuses what a write has overtaken.</summary>
    public long StampOf(string sourceId, string anonymousId) => Stamp((sourceId, anonymousId));

    public void Remember(string sourceId, string anonymousId, VisitorConsent known, long stamp)
    {
        var key = (sourceId, anonymousId);
        if (Stamp(key) != stamp) return;
        // Counted here: to ask a concurrent dictionary for its count stops everybody.
        if (Volatile.Read(ref _added) >= capacity / 2) Turn();
        if (_young.TryAdd(key, known)) Interlocked.Increment(ref _added);
        else _young[key] = known;
        // A write that came between the question and the line above has removed too early.
        if (Stamp(key) != stamp) _young.TryRemove(key, out _);
    }

    /// <summary>Call after a write is durable, and before its caller is told.</summary>
    public void Forget(string sourceId, string anonymousId)
    {
        var key = (sourceId, anonymousId);
        Interlocked.Increment(ref _stamps[Stripe(key)]);
        _young.TryRemove(key, out _);
        _old.TryRemove(key, out _);
    }

    /// <summary>Forgets everybody.</summary>
    public void Clear()
    {
        for (var i = 0; i < _stamps.Length; i++) Interlocked.Increment(ref _stamps[i]);
        _young.Clear();
        _old.Clear();
    }

    private void Turn()
    {
        lock (_turning)
        {
            if (Volatile.Read(ref _added) < capacity / 2) return;
            (_old, _young) = (_young, new());
            Volatile.Write(ref _added, 0);
        }
    }

    private long Stamp((string, string) key) => Volatile.Read(ref _stamps[Stripe(key)]);

    private int Stripe((string, string) key) => key.GetHashCode() & (_stamps.Length - 1);
}
