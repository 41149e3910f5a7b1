using System.Text.Json.Serialization;

namespace MatomoSandbox;

/// <summary>
/// What is wrong with the sandbox. Immutable: hand a changed copy to <see cref="SandboxMatomo.Faults"/>, or POST the
/// JSON names (snake case) to <c>/sandbox/faults</c>. Faults apply to the tracker's endpoints.
/// </summary>
public sealed record SandboxFaults
{
    /// <summary><c>record_statistics=0</c>: nothing is recorded; 503, or 204 when no image is wanted.</summary>
    public bool Maintenance { get; init; }

    /// <summary>The QueuedTracking plugin: acknowledged unread, recorded afterwards up to the first entry that fails.</summary>
    public bool QueuedTracking { get; init; }

    /// <summary><c>bulk_requests_require_authentication=1</c>.</summary>
    public bool BulkRequiresAuthentication { get; init; }

    /// <summary>No database: singles 400, bulks 500.</summary>
    public bool DatabaseDown { get; init; }

    /// <summary>The Do-Not-Track setting is on: hits of requests with such a header are not recorded.</summary>
    public bool Dnt { get; init; }

    /// <summary>Further excluded addresses of all sites: one, a CIDR range, or with <c>*</c>.</summary>
    public IReadOnlyList<string> ExcludedIps { get; init; } = [];

    /// <summary>Tokens that are good for nothing any more; <c>*</c> for all.</summary>
    public IReadOnlyList<string> RevokedTokens { get; init; } = [];

    /// <summary>Answers a status of your choice.</summary>
    public StatusFault? Status { get; init; }

    /// <summary>Answers 200 with a page of HTML, as a login page or a proxy does.</summary>
    public Fault? Html { get; init; }

    /// <summary>Answers 500 without a word.</summary>
    [JsonPropertyName("empty_500")]
    public Fault? Empty500 { get; init; }

    /// <summary>Waits before the request is processed; or, with <see cref="Fault.After"/>, before it is answered, until the sender hangs up.</summary>
    public DelayFault? Delay { get; init; }

    /// <summary>Hangs up without processing the request.</summary>
    public Fault? DropBefore { get; init; }

    /// <summary>Hangs up after the request was recorded: an unknown outcome.</summary>
    public Fault? DropAfter { get; init; }

    /// <summary>One entry of a bulk runs into a lock-wait time-out: neither tracked nor invalid.</summary>
    public LockWaitFault? LockWait { get; init; }

    /// <summary>A hit that says this anywhere is one the database can't take: a single 400, a bulk 500 and rolled back. Null for none.</summary>
    public string? Poison { get; init; }

    internal bool Revokes(string token) => RevokedTokens.Contains(token) || RevokedTokens.Contains("*");
}
