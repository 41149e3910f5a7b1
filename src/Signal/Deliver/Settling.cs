using Signal.Events;
using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>What one settlement tells, besides what it writes.</summary>
/// <param name="Settlement">To be written.</param>
/// <param name="Passed">Events the cursor passed.</param>
/// <param name="Told">Events whose outcome is now known.</param>
internal sealed record Settled(Settlement Settlement, IReadOnlyList<PlannedEvent> Passed, IReadOnlyList<(PlannedEvent Event, Outcome Outcome)> Told);

/// <summary>
/// Turns the progress of a plan into one settlement. The cursor passes events in order; one that travelled with an earlier event
/// and is beyond the first undone one is put ahead, its visitor's state left to the moment the cursor passes it: events in between
/// come first in that state. Pure but for the plan's own marks.
/// </summary>
internal static class Settling
{
    /// <summary>Everything done since the last settlement.</summary>
    public static Settled Advance(Plan plan, LanePlace place, Cursor? expected, ILaneSource source, DateTimeOffset now)
    {
        var passed = new List<PlannedEvent>();
        while (plan.PassedEvents < plan.Events.Count && plan.Events[plan.PassedEvents].Done) passed.Add(plan.Events[plan.PassedEvents++]);
        var undone = plan.PassedEvents < plan.Events.Count ? plan.Events[plan.PassedEvents] : null;
        var ahead = plan.Events.Skip(plan.PassedEvents).Where(e => e.Part == Part.Ahead || e.Carrier is not null && e.Done).ToList();
        var told = Tell(passed.Concat(ahead), source);
        var integration = plan.Revision.Integration.Id;
        var settlement = new Settlement
        {
            IntegrationId = integration,
            Lane = place.Lane,
            Partition = place.Partition,
            Expected = expected,
            Next = new Cursor(undone?.Before ?? plan.End, undone?.HitsDone ?? 0, [.. ahead.Select(e => e.Offset), .. plan.AheadBeyond]) { Failed = Failed(undone), Express = expected?.Express },
            Records = [.. told.Select(t => Rows.Record(t.Event, t.Outcome, plan.Revision, now))],
            DeadLetters = [.. told.Where(t => t.Outcome.Kind == DeliveryOutcome.DeadLetter).Select(t => Rows.Dead(t.Event, t.Outcome, plan.Revision, now, source.DeadLetterAt(t.Event.Offset)?.Id))],
            Visitors = source.WritesStates ? States(passed, now) : [],
            Counts = [.. told.GroupBy(t => Count(t.Outcome)).Select(g => new CountDelta(integration, g.Key, now, g.Count()))],
            Receipts = [.. told.Where(t => t.Outcome.Reason == Reasons.ConsentWithdrawn)
                .CountBy(t => t.Event.Event!.AnonymousId)
                .Select(v => WithdrawalReceipt.Of(integration, v.Key, "events", v.Value, now))],
        };
        return new Settled(settlement, passed, told);
    }

    // The rest of the event may be settled by another plan or another process, and what became of it is told only then.
    private static FailedHit[] Failed(PlannedEvent? undone) => undone is { HitsDone: > 0 }
        ? [.. undone.Outcomes.Where(o => !o.Outcome.Recorded).Select(o => new FailedHit(o.Index, o.Outcome.Reason, o.Outcome.Message))]
        : [];

    /// <summary>The name an outcome is counted under.</summary>
    public static string Count(Outcome outcome) => outcome.Kind switch
    {
        DeliveryOutcome.Delivered => "delivered",
        DeliveryOutcome.DeadLetter => "dead_letter",
        DeliveryOutcome.Dropped => $"dropped:{outcome.Reason}",
        _ => "retry",
    };

    private static List<(PlannedEvent Event, Outcome Outcome)> Tell(IEnumerable<PlannedEvent> done, ILaneSource source)
    {
        var told = new List<(PlannedEvent Event, Outcome Outcome)>();
        foreach (var e in done.Where(e => !e.Told && e.Part is not (Part.Ahead or Part.Passed)))
        {
            e.Told = true;
            if (source.RecordsDrops || e.Outcomes.Count > 0) told.Add((e, Outcome.Of(e)));
        }

        return told;
    }

    private static List<VisitorRow> States(List<PlannedEvent> passed, DateTimeOffset now)
    {
        var rows = new Dictionary<string, VisitorRow>();
        foreach (var e in passed)
        {
            if (e.Encoded?.VisitorState is { } state)
            {
                var visitor = e.Event!.AnonymousId;
                rows[visitor] = new VisitorRow(visitor, e.Encoded.UserId ?? rows.GetValueOrDefault(visitor)?.UserId, state, now);
            }
        }

        return [.. rows.Values];
    }
}

/// <summary>Which cursor a lane moves.</summary>
/// <param name="Lane">The integration's id, or a replay's.</param>
/// <param name="Partition">The partition.</param>
internal readonly record struct LanePlace(string Lane, int Partition)
{
    public override string ToString() => $"{Lane}/{Partition}";
}
