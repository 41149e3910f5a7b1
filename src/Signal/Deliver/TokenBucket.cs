namespace Signal.Deliver;

/// <summary>Limits hits a second for one integration; holds one second's worth. A bulk larger than that goes into debt. Pure but for its lock.</summary>
internal sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private double? _perSecond;
    private double _tokens;
    private DateTimeOffset _at = DateTimeOffset.MinValue;

    /// <summary>The limit; null for none.</summary>
    public void Limit(double? perSecond)
    {
        lock (_lock) _perSecond = perSecond is > 0 ? perSecond : null;
    }

    /// <summary>Takes so many and answers zero, or takes none and answers how long to wait.</summary>
    public TimeSpan Take(int hits, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_perSecond is not { } rate) return TimeSpan.Zero;
            var burst = Math.Max(1, rate);
            _tokens = _at == DateTimeOffset.MinValue
                ? burst
                : Math.Min(burst, _tokens + Math.Max(0, (now - _at).TotalSeconds) * rate);
            _at = now;
            var needed = Math.Min(hits, burst);
            if (_tokens < needed - 1e-9) return TimeSpan.FromSeconds((needed - _tokens) / rate) + TimeSpan.FromMilliseconds(1);
            _tokens -= hits;
            return TimeSpan.Zero;
        }
    }
}
