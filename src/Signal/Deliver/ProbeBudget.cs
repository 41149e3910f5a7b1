namespace Signal.Deliver;

/// <summary>
/// Keeps refused credentials below what makes a Matomo block the sender's address (twenty refusals an hour).
/// Probes of our own accord get a small share, so that people trying one token after another have the rest.
/// </summary>
internal sealed class ProbeBudget
{
    /// <summary>Refusals an hour after which nothing is tried at all.</summary>
    internal const int Hard = 12;

    /// <summary>Refusals an hour after which nothing is probed of our own accord.</summary>
    internal const int Own = 5;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Spacing = TimeSpan.FromMinutes(10);
    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _refused = new();

    /// <summary>Credentials were refused now.</summary>
    public void Refused(DateTimeOffset now)
    {
        lock (_lock) _refused.Enqueue(now);
    }

    /// <summary>When to probe next of our own accord, the configuration being as it was.</summary>
    public DateTimeOffset NextProbe(DateTimeOffset now)
    {
        var free = Free(now, Own);
        return free > now + Spacing ? free : now + Spacing;
    }

    /// <summary>When a request may be tried after the configuration changed: at once, unless it changed too often.</summary>
    public DateTimeOffset NextTrial(DateTimeOffset now) => Free(now, Hard);

    private DateTimeOffset Free(DateTimeOffset now, int limit)
    {
        lock (_lock)
        {
            while (_refused.TryPeek(out var oldest) && oldest + Window <= now) _refused.Dequeue();
            return _refused.Count < limit ? now : _refused.ElementAt(_refused.Count - limit) + Window;
        }
    }
}
