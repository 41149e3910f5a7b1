using System.Text.Json.Serialization;
using MatomoSandbox.Tracking;

namespace MatomoSandbox;

/// <summary>A request the sandbox has seen, tokens masked.</summary>
public sealed record RequestLine
{
    private readonly List<string> outcomes = [];

    /// <summary>Number of the request, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Epoch seconds by the sandbox's clock.</summary>
    public required long At { get; init; }

    /// <summary>HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query, tokens masked.</summary>
    public required string Target { get; init; }

    /// <summary><c>single</c>, <c>bulk</c> or <c>api</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Entries of a bulk, else 1.</summary>
    public int Entries { get; init; }

    /// <summary>Sender's address.</summary>
    public string Address { get; init; } = "";

    /// <summary>Sender's user agent.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>The body's beginning, tokens masked.</summary>
    public string Body { get; init; } = "";

    /// <summary>Status answered; 0 when the connection was dropped.</summary>
    public int Status { get; internal set; }

    /// <summary>The name of the fault that struck, if one did.</summary>
    public string? Fault { get; internal set; }

    /// <summary>The bulk was rolled back: nothing of it stayed.</summary>
    public bool RolledBack { get; internal set; }

    /// <summary>One word an entry: recorded, excluded, unknown_site, invalid, database_error, lock_timeout, fatal.</summary>
    public IReadOnlyList<string> Outcomes => outcomes;

    [JsonIgnore]
    internal int Tracked { get; private set; }

    internal void Add(Verdict verdict)
    {
        outcomes.Add(verdict switch
        {
            Verdict.Recorded => "recorded",
            Verdict.Excluded => "excluded",
            Verdict.UnknownSite => "unknown_site",
            Verdict.Invalid => "invalid",
            Verdict.DatabaseError => "database_error",
            Verdict.LockTimeout => "lock_timeout",
            _ => "fatal",
        });
        Tracked += verdict == Verdict.Recorded ? 1 : 0;
    }
}
