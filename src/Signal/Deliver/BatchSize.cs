namespace Signal.Deliver;

/// <summary>
/// How many hits the next bulk of an integration holds: grows while full bulks are answered fast, halves when answers
/// are slow or fail. Shared by the lanes of an integration.
/// </summary>
internal sealed class BatchSize
{
    /// <summary>An answer faster than this lets the size grow; a Matomo takes about 200 hits in it.</summary>
    internal static readonly TimeSpan Fast = TimeSpan.FromSeconds(1);

    /// <summary>An answer slower than this halves it, well before PHP's usual 30 s.</summary>
    internal static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private const int Start = 50;
    private readonly Lock _lock = new();
    private int _size = Start;

    /// <summary>The size now, from 1 to <paramref name="max"/>.</summary>
    public int Current(int max)
    {
        lock (_lock) return Math.Clamp(_size, 1, Math.Max(1, max));
    }

    /// <summary>A bulk of so many hits was answered.</summary>
    public void Answered(int hits, TimeSpan took, int max)
    {
        lock (_lock)
        {
            if (took > Slow) _size = Math.Max(1, Math.Min(_size, hits) / 2);
            else if (took < Fast && hits >= _size) _size = Math.Min(Math.Max(1, max), _size + Math.Max(1, _size / 2));
        }
    }

    /// <summary>A bulk of so many hits failed.</summary>
    public void Failed(int hits)
    {
        lock (_lock) _size = Math.Max(1, Math.Min(_size, Math.Max(1, hits)) / 2);
    }
}
