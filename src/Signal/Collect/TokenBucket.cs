namespace Signal.Collect;

/// <summary>Holds two seconds of events and fills at the rate of one second. Safe for use by many threads at once.</summary>
internal sealed class TokenBucket
{
    private const double Seconds = 2;

    private readonly Lock _lock = new();
    private double _tokens = double.MaxValue;
    private long _filledAt;

    /// <summary>
    /// Takes <paramref name="events"/>, or nothing and answers after how many whole seconds to come again. A call larger than the whole
    /// bucket passes a full one and leaves a debt, so that it can pass at all and the rate still holds over time.
    /// </summary>
    internal int? Take(int events, int rate, long now, long frequency)
    {
        lock (_lock)
        {
            var capacity = rate * Seconds;
            var filled = _tokens == double.MaxValue ? capacity : _tokens + ((now - _filledAt) / (double)frequency * rate);
            _tokens = Math.Min(capacity, filled);
            _filledAt = now;
            var needed = Math.Min(events, capacity);
            if (_tokens < needed) return rate <= 0 ? 60 : Math.Max(1, (int)Math.Ceiling((needed - _tokens) / rate));
            _tokens -= events;
            return null;
        }
    }
}
