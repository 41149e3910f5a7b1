using Signal.Events;
using Signal.State;

namespace Signal.Deliver;

/// <summary>What became of an event for an integration.</summary>
/// <param name="Kind">Delivered, dropped or a dead letter.</param>
/// <param name="Reason">A code, or null when plainly delivered.</param>
/// <param name="Message">For people, or null.</param>
/// <param name="Failed">The hits that failed, by index; empty for all or none.</param>
internal sealed record Outcome(DeliveryOutcome Kind, string? Reason, string? Message, IReadOnlyList<int> Failed)
{
    /// <summary>The outcome of an event that is done. Pure.</summary>
    public static Outcome Of(PlannedEvent e) => e.Part switch
    {
        Part.Dropped => Dropped(e.Reason!),
        Part.Broken => Dead(e.Reason!, e.Message!),
        Part.TooOld when e.Encoded is { Hits.Count: > 0 } or { TravelsWith: not null } =>
            Dead(Reasons.TooOld, "The event is older than what the destination still accepts; the integration's maximum age says how old that is."),
        _ when e.Outcomes.Count > 0 => OfHits(e),
        Part.Send when e.HitsDone > 0 => new Outcome(DeliveryOutcome.Delivered, null, null, []),
        _ => Unsent(e),
    };

    private static Outcome OfHits(PlannedEvent e)
    {
        var failed = e.Outcomes.Where(o => !o.Outcome.Recorded).ToList();
        if (failed.Count == 0)
            return new Outcome(DeliveryOutcome.Delivered, e.Outcomes.FirstOrDefault(o => o.Outcome.Reason is not null)?.Outcome.Reason, null, []);
        var first = failed[0].Outcome;
        var message = first.Message ?? "The destination refused this event.";
        var dead = Dead(first.Reason ?? Reasons.RefusedByDestination, message);
        return e.Carrier is not null || failed.Count == e.Hits.Count
            ? dead
            : dead with
            {
                Message = $"{message} ({failed.Count} of the event's {e.Hits.Count} requests; the others were delivered.)",
                Failed = [.. failed.Select(f => e.OriginalIndex(f.Index))],
            };
    }

    private static Outcome Unsent(PlannedEvent e) => e.Encoded?.DropReason switch
    {
        Reasons.MappingFailed => Dead(Reasons.MappingFailed, e.Encoded.Warnings is { Count: > 0 } w ? string.Join(" ", w) : "A mapping of the integration failed on this event."),
        { } reason => Dropped(reason),
        null => Dropped(Reasons.NoHit),
    };

    private static Outcome Dropped(string reason) => new(DeliveryOutcome.Dropped, reason, null, []);

    private static Outcome Dead(string reason, string message) => new(DeliveryOutcome.DeadLetter, reason, message, []);
}
