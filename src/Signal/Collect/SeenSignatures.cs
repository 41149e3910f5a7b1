using Signal.Govern;

namespace Signal.Collect;

/// <summary>
/// Remembers signatures for as long as their timestamp would still be taken. Bounded: when full it refuses rather than forget one too early.
/// Kept per minute of expiry, so that forgetting costs nothing. Safe for use by many threads at once.
/// </summary>
internal sealed class SeenSignatures(CollectOptions options)
{
    private const long Minute = 60_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, HashSet<UInt128>> _byMinute = [];
    private int _count;

    /// <summary>Remembers a signature until it expires; refuses one that is remembered already.</summary>
    internal Refusal? Remember(UInt128 signature, long expires, long now)
    {
        lock (_lock)
        {
            DropExpired(now);
            if (_count >= options.MaxRememberedSignatures) return new Refusal(
                StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, "Too many signed calls within the last minutes: send events in batches.", 60);
            if (!_byMinute.TryGetValue(expires / Minute, out var minute)) _byMinute[expires / Minute] = minute = [];
            if (!minute.Add(signature)) return Refusal.Unauthorised(
                ErrorCodes.ReplayedSignature, "This signature was used before: sign every call anew, with a new X-Timestamp.");
            _count++;
            return null;
        }
    }

    /// <summary>Forgets one, because its call achieved nothing.</summary>
    internal void Forget(UInt128 signature, long expires)
    {
        lock (_lock)
        {
            if (_byMinute.TryGetValue(expires / Minute, out var minute) && minute.Remove(signature)) _count--;
        }
    }

    private void DropExpired(long now)
    {
        // At most a dozen minutes are held, so looking at all of them is cheap.
        foreach (var minute in _byMinute.Keys)
        {
            if ((minute + 1) * Minute > now) continue;
            _count -= _byMinute[minute].Count;
            _byMinute.Remove(minute);
        }
    }
}
