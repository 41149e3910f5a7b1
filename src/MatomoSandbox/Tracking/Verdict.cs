namespace MatomoSandbox.Tracking;

/// <summary>How the recording of one hit ended.</summary>
internal enum Verdict
{
    Recorded,

    /// <summary>Not recorded, yet answered as a success.</summary>
    Excluded,

    /// <summary>No such site: refused.</summary>
    UnknownSite,

    /// <summary>A parameter or token is refused.</summary>
    Invalid,

    /// <summary>The database said no; a bulk fails as a whole.</summary>
    DatabaseError,

    /// <summary>The lock-wait time-out a bulk skips over.</summary>
    LockTimeout,

    /// <summary>PHP died.</summary>
    Fatal,
}
