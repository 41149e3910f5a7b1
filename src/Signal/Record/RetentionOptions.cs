namespace Signal.Record;

/// <summary>How long things are kept.</summary>
internal sealed record RetentionOptions
{
    /// <summary>Events in the log: how long a destination may be down without a loss.</summary>
    public TimeSpan Log { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Bytes of events in the log at most; null for no limit but the age.</summary>
    public long? LogMaxBytes { get; init; }

    /// <summary>Rows of recent deliveries.</summary>
    public TimeSpan Records { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The order ledger: an order that comes again within this is not counted again.</summary>
    public TimeSpan Orders { get; init; } = TimeSpan.FromDays(400);

    /// <summary>States of visitors not seen for so long; a cart lives in them.</summary>
    public TimeSpan Visitors { get; init; } = TimeSpan.FromDays(60);

    /// <summary>Counts by the minute, and replays that have ended.</summary>
    public TimeSpan Counts { get; init; } = TimeSpan.FromDays(35);

    /// <summary>Audit entries.</summary>
    public TimeSpan Audit { get; init; } = TimeSpan.FromDays(400);

    /// <summary>How often to look.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(10);
}
