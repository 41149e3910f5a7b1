namespace Signal.Deliver;

/// <summary>
/// Decides when a hit that fails alone is to blame rather than the destination. A destination whose disk is full answers probes
/// and fails every hit: giving up each event it fails would empty the log into the dead letters. So a hit is given up at once only
/// when others were recorded since it first failed; otherwise only after a patience that doubles with every such decision.
/// One for each integration.
/// </summary>
internal sealed class PoisonJury
{
    // Fewer could be a destination that fails now and then.
    private const int EnoughAlone = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(2);
    private readonly Lock _lock = new();
    private DateTimeOffset _lastRecorded = DateTimeOffset.MinValue;
    private DateTimeOffset _lastGivenUp = DateTimeOffset.MinValue;
    private int _withoutEvidence;

    /// <summary>Something was recorded.</summary>
    public void Recorded(DateTimeOffset now)
    {
        lock (_lock)
        {
            _lastRecorded = now;
            _withoutEvidence = 0;
        }
    }

    /// <summary>Whether to give the hit up now.</summary>
    /// <param name="alone">How often it has failed alone.</param>
    /// <param name="since">When it, or a batch that held it, first failed.</param>
    /// <param name="now">Now.</param>
    public bool GivesUp(int alone, DateTimeOffset since, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (alone < EnoughAlone) return false;
            if (_lastRecorded > since) return true;
            var patience = Patience * Math.Pow(2, Math.Min(_withoutEvidence, 20));
            var from = since > _lastGivenUp ? since : _lastGivenUp;
            if (now - from < (patience > LongestPatience ? LongestPatience : patience)) return false;
            _withoutEvidence++;
            _lastGivenUp = now;
            return true;
        }
    }
}
