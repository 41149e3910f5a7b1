using System.Text;

namespace MatomoSandbox;

/// <summary>What the faults do to one request.</summary>
internal sealed class FaultPlan
{
    private static readonly TrackerAnswer Hangup = new(0, "", default) { Dropped = true };
    private readonly SandboxFaults faults;
    private readonly string? name;
    private readonly bool after;
    private readonly TrackerAnswer? answer;

    public FaultPlan(SandboxFaults faults)
    {
        this.faults = faults;
        (name, after, answer) = faults switch
        {
            { DropBefore.Strikes: true } => ("drop_before", false, Hangup),
            { Status: { Strikes: true } status } => ("status", status.After, Status(status)),
            { Html: { Strikes: true } html } => ("html", html.After, Page()),
            { Empty500: { Strikes: true } empty } => ("empty_500", empty.After, new TrackerAnswer(500, "text/html; charset=UTF-8", default)),
            { DropAfter.Strikes: true } => ("drop_after", true, Hangup),
            _ => ((string?)null, false, (TrackerAnswer?)null),
        };
    }

    public string? Struck => name ?? (faults.LockWait is { Strikes: true } ? "lock_wait" : null);

    /// <summary>The answer that keeps the request from being processed.</summary>
    public TrackerAnswer? Before => after ? null : answer;

    /// <summary>The answer that hides the one the tracker gave.</summary>
    public TrackerAnswer After(TrackerAnswer given) => after && answer is not null ? answer : given;

    /// <summary>The faults with one strike less.</summary>
    public SandboxFaults Spent(bool bulk) => name switch
    {
        "drop_before" => faults with { DropBefore = Less(faults.DropBefore!) },
        "status" => faults with { Status = Less(faults.Status!) },
        "html" => faults with { Html = Less(faults.Html!) },
        "empty_500" => faults with { Empty500 = Less(faults.Empty500!) },
        "drop_after" => faults with { DropAfter = Less(faults.DropAfter!) },
        null when bulk && faults.LockWait is { Strikes: true } wait => faults with { LockWait = Less(wait) },
        _ => faults,
    };

    public static TFault? Less<TFault>(TFault fault)
        where TFault : Fault => fault.Times switch
        {
            null => fault,
            <= 1 => null,
            _ => fault with { Times = fault.Times - 1 },
        };

    private static TrackerAnswer Status(StatusFault fault)
    {
        var answer = new TrackerAnswer(fault.Code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(fault.Body));
        return fault.RetryAfter is { } seconds ? answer.With("Retry-After", seconds.ToString()) : answer;
    }

    private static TrackerAnswer Page() =>
        new(200, "text/html; charset=UTF-8", Encoding.UTF8.GetBytes("<!doctype html><title>Please sign in</title><p>This is not the answer you are looking for.</p>"));
}
