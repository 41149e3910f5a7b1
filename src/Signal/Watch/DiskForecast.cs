using Signal.State;

namespace Signal.Watch;

/// <summary>Where the data directory is going. Pure.</summary>
/// <param name="BytesPerDay">Its growth; 0 when it does not grow, null while too little was seen.</param>
/// <param name="FullInDays">When the disk is full; null when it is not to be at the present growth.</param>
/// <param name="LevelsOff">It grows, but the log's retention or its greatest size ends that before the disk is full.</param>
internal sealed record DiskForecast(long? BytesPerDay, double? FullInDays, bool LevelsOff)
{
    /// <summary>Growth is taken from so long; a day evens out the hours.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    private static readonly TimeSpan Enough = TimeSpan.FromHours(1);
    private const int FewSamples = 4;

    /// <summary>Nothing can be said yet.</summary>
    public static DiskForecast Unknown { get; } = new(null, null, false);

    /// <summary>Draws the line through the samples of the window and follows it.</summary>
    /// <param name="samples">Oldest first; those outside of the window do not count.</param>
    /// <param name="now">The newest, which counts too.</param>
    /// <param name="oldestEvent">When the oldest event of the log was received; null for an empty log.</param>
    /// <param name="retention">From that age on events are let go as fast as they come.</param>
    /// <param name="logRoom">How many bytes the log may still grow by its greatest size; null for no such limit. A log that has reached it is not what grows.</param>
    public static DiskForecast Of(IReadOnlyList<DiskSample> samples, DiskSample now, DateTimeOffset? oldestEvent, TimeSpan retention, long? logRoom = null)
    {
        DiskSample[] seen = [.. samples.Where(s => s.At > now.At - Window && s.At < now.At), now];
        if (seen.Length < FewSamples || now.At - seen[0].At < Enough) return Unknown;
        var perDay = Slope(seen);
        if (perDay < 1) return new DiskForecast(0, null, false);
        var full = now.FreeBytes / perDay;
        var growsFor = retention - (oldestEvent is { } oldest ? now.At - oldest : TimeSpan.Zero);
        var levels = (growsFor > TimeSpan.Zero && growsFor.TotalDays < full) || (logRoom > 0 && logRoom < now.FreeBytes);
        return new DiskForecast((long)perDay, levels ? null : full, levels);
    }

    // Least squares: a checkpoint or a vacuum moves single samples.
    private static double Slope(DiskSample[] seen)
    {
        var days = seen.Select(s => (s.At - seen[0].At).TotalDays).ToArray();
        var (x, y) = (days.Average(), seen.Average(s => (double)s.UsedBytes));
        var spread = days.Sum(d => (d - x) * (d - x));
        return seen.Zip(days, (s, d) => (d - x) * (s.UsedBytes - y)).Sum() / spread;
    }
}
