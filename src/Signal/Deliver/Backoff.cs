namespace Signal.Deliver;

/// <summary>How long to pause after failures: exponential with full jitter. Pure; the random number is given.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(50);

    /// <summary>The pause after the <paramref name="failures"/>-th failure in a row (from 1). The destination's own wish wins.</summary>
    /// <param name="failures">Failures in a row, from 1.</param>
    /// <param name="random">From 0 to 1.</param>
    /// <param name="wish"><c>Retry-After</c>, or null.</param>
    public TimeSpan After(int failures, double random, TimeSpan? wish = null)
    {
        if (wish is { } after && after > TimeSpan.Zero) return after;
        var pause = Ceiling(failures) * random;
        return pause < Floor ? Floor : pause;
    }

    /// <summary>The longest pause jitter may choose after so many failures.</summary>
    public TimeSpan Ceiling(int failures)
    {
        var ratio = Math.Pow(2, Math.Clamp(failures - 1, 0, 60));
        return ratio >= longest / first ? longest : first * ratio;
    }
}
