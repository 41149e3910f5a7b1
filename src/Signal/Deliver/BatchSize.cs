namespace Signal.Deliver;

/// <summary>
/// How many hits the next bulk of an integration holds: grows while full bulks are answered fast, halves when answers
/// are slow or fail, never again reaches what was refused for its size, and is one for a while when a bulk's answer did not say which
/// hits were refused. Shared by the lanes of an integration.
/// </summary>
internal sealed class BatchSize
{
    /// <summary>An answer faster than this lets the size grow; a Matomo takes about 200 hits in it.</summary>
    internal static readonly TimeSpan Fast = TimeSpan.FromSeconds(1);

    /// <summary>An answer slower than this halves it, well before PHP's usual 30 s.</summary>
    internal static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    /// <summary>How long hits go one by one after an answer that did not say which were refused, or after the last that was then found.</summary>
    internal static readonly TimeSpan Careful = TimeSpan.FromMinutes(1);

    private const int Start = 50;
    private readonly Lock _lock = new();
    private int _size = Start;
    private int _most = int.MaxValue;
    private DateTimeOffset _aloneUntil = DateTimeOffset.MinValue;

    /// <summary>The size now, from 1 to <paramref name="max"/>.</summary>
    public int Current(int max, DateTimeOffset now)
    {
        lock (_lock) return now < _aloneUntil ? 1 : Math.Clamp(Math.Min(_size, _most), 1, Math.Max(1, max));
    }

    /// <summary>A bulk of so many hits was answered.</summary>
    public void Answered(int hits, TimeSpan took, int max)
    {
        lock (_lock)
        {
            if (took > Slow) _size = Math.Max(1, Math.Min(_size, hits) / 2);
            else if (took < Fast && hits >= _size) _size = Math.Min(Math.Min(Math.Max(1, max), _most), _size + Math.Max(1, _size / 2));
        }
    }

    /// <summary>A bulk of so many hits failed.</summary>
    public void Failed(int hits)
    {
        lock (_lock) _size = Math.Max(1, Math.Min(_size, Math.Max(1, hits)) / 2);
    }

    /// <summary>A bulk of so many hits was refused for its size; none will be as large again.</summary>
    public void TooLarge(int hits)
    {
        lock (_lock) _size = _most = Math.Max(1, Math.Min(_most, hits / 2));
    }

    /// <summary>Some hits of a bulk were refused, and nobody knows which.</summary>
    public void Vague(DateTimeOffset now)
    {
        lock (_lock) _aloneUntil = now + Careful;
    }

    /// <summary>A hit was refused that went alone: there may be more of its kind.</summary>
    public void RefusedAlone(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now < _aloneUntil) _aloneUntil = now + Careful;
        }
    }
}
