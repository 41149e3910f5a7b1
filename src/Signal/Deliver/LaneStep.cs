namespace Signal.Deliver;

/// <summary>What a lane wants next.</summary>
internal enum LaneWait
{
    /// <summary>Step again at once.</summary>
    None,

    /// <summary>Something to read, or a change of the target.</summary>
    Data,

    /// <summary>A time, or a change of the target.</summary>
    Time,
}

/// <summary>A step of a lane is over.</summary>
/// <param name="Wait">What to wait for.</param>
/// <param name="Until">Until when at the latest; null for no end.</param>
internal readonly record struct LaneStep(LaneWait Wait, DateTimeOffset? Until = null)
{
    public static LaneStep Again { get; } = new(LaneWait.None);

    public static LaneStep ForData(DateTimeOffset? until = null) => new(LaneWait.Data, until);

    public static LaneStep ForTime(DateTimeOffset? until) => new(LaneWait.Time, until);
}
