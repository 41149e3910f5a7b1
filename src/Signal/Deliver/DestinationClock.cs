namespace Signal.Deliver;

/// <summary>
/// The destination's clock as the <c>Date</c> of its answers shows it, smoothed. <c>Date</c> is cut to whole seconds, so this clock is
/// up to a second behind the true one and never ahead: a Matomo replaces a time in its future by its own now.
/// </summary>
internal sealed class DestinationClock
{
    private const double Weight = 0.2;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private TimeSpan? _offset;

    /// <summary>How far the destination is ahead of us; negative when behind; null before the first answer.</summary>
    public TimeSpan? Offset
    {
        get
        {
            lock (_lock) return _offset;
        }
    }

    /// <summary>The destination's now.</summary>
    public DateTimeOffset Now(DateTimeOffset ours) => ours + (Offset ?? TimeSpan.Zero);

    /// <summary>An answer that came at <paramref name="received"/> said it was <paramref name="date"/>.</summary>
    public void Learn(DateTimeOffset? date, DateTimeOffset received)
    {
        if (date is not { } theirs) return;
        var seen = theirs - received;
        lock (_lock)
        {
            // A jump is a corrected clock, not noise: smoothing would be wrong for minutes.
            _offset = _offset is not { } known || (seen - known).Duration() > Step ? seen : known + (seen - known) * Weight;
        }
    }
}
