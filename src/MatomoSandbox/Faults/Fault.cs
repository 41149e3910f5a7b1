namespace MatomoSandbox;

/// <summary>A fault that strikes for a number of requests.</summary>
public record Fault
{
    /// <summary>Requests still to strike; null until switched off.</summary>
    public int? Times { get; init; }

    /// <summary>Process and record the request first, then strike.</summary>
    public bool After { get; init; }

    internal bool Strikes => Times is null or > 0;
}

/// <summary>Answers with a status.</summary>
public sealed record StatusFault : Fault
{
    /// <summary>The status.</summary>
    public int Code { get; init; } = 502;

    /// <summary>Seconds in a <c>Retry-After</c> header; none when null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Body, plain text.</summary>
    public string Body { get; init; } = "";
}

/// <summary>Waits.</summary>
public sealed record DelayFault : Fault
{
    /// <summary>Milliseconds.</summary>
    public int Ms { get; init; } = 1000;
}

/// <summary>A lock-wait time-out inside a bulk.</summary>
public sealed record LockWaitFault : Fault
{
    /// <summary>Position of the entry, from 0.</summary>
    public int Entry { get; init; }
}
