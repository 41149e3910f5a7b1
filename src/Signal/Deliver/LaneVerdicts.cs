using Signal.Destinations;
using Signal.Events;
using Signal.State;

namespace Signal.Deliver;

/// <summary>What a lane does about each verdict.</summary>
internal sealed partial class Lane
{
    /// <summary>While dividing, halves follow each other at least this fast: the destination answers, it is one hit it can't take.</summary>
    private static readonly TimeSpan LongestDividingPause = TimeSpan.FromSeconds(2);

    private async Task<LaneStep> ObeyAsync(Plan plan, List<PlannedHit> cut, Answer answer, CancellationToken abort)
    {
        switch (answer.Verdict)
        {
            case Verdict.Settled settled when settled.Outcomes.Count == cut.Count:
                if (settled.Vague) target.BatchSize.Vague(services.Time.GetUtcNow());
                return await SettledAsync(plan, cut, settled.Outcomes, answer, abort);
            case Verdict.Stop stop:
                return await StopAsync(plan, cut, stop, answer, abort);
            case Verdict.Divide divide:
                return await DivideAsync(plan, cut, divide, answer, abort);
            case Verdict.Retry retry:
                return await RetryAsync(plan, cut, retry, answer, null, abort);
            default:
                var bug = new Verdict.Divide(Reasons.MappingFailed, $"The destination's code answered {answer.Verdict.GetType().Name} for {cut.Count} hits.");
                return await DivideAsync(plan, cut, bug, answer, abort);
        }
    }

    private async Task<LaneStep> SettledAsync(Plan plan, List<PlannedHit> cut, IReadOnlyList<HitOutcome> outcomes, Answer answer, CancellationToken abort)
    {
        var now = services.Time.GetUtcNow();
        if (answer.Response.Status > 0 && answer.Verdict is Verdict.Settled) target.Circuit.Succeeded();
        if (outcomes.Any(o => o.Recorded)) target.Jury.Recorded(now);
        if (answer.Form == RequestForm.Bulk) target.BatchSize.Answered(cut.Count, answer.Took, plan.Revision.Encoder!.Limits.MaxBulk);
        if (cut.Count == 1 && !outcomes[0].Recorded) target.BatchSize.RefusedAlone(now);
        _divider.Passed();
        _failures = 0;
        var orders = new List<OrderRow>();
        for (var i = 0; i < cut.Count; i++)
        {
            Mark(cut[i], outcomes[i], Rows.Line(answer, i, cut.Count), answer);
            if (outcomes[i].Recorded && cut[i].Hit.OrderKey is { } key) orders.Add(new OrderRow(key, cut[i].Event.Event!.Id, cut[i].Event.Event!.AnonymousId, now));
        }

        plan.Sent += cut.Count;
        attempts.Answered(EventsOf(cut));
        return await SettleAsync(plan, orders, abort);
    }

    private Task<LaneStep> RecordedBeforeAsync(Plan plan, PlannedHit hit, CancellationToken abort)
    {
        Mark(hit, new HitOutcome(true, "already_recorded", "The order was counted when this event was delivered before."), null, null);
        plan.Sent++;
        return SettleAsync(plan, [], abort);
    }

    private static void Mark(PlannedHit hit, HitOutcome outcome, string? line, Answer? answer)
    {
        hit.Event.HitsDone++;
        hit.Event.Outcomes.Add(new SettledHit(hit.Index, outcome, line, answer));
        if (hit.Index > 0) return;
        foreach (var carried in hit.Event.Carried) carried.Outcomes.Add(new SettledHit(0, outcome, line, answer));
    }

    private async Task<LaneStep> DivideAsync(Plan plan, List<PlannedHit> cut, Verdict.Divide divide, Answer answer, CancellationToken abort)
    {
        var now = services.Time.GetUtcNow();
        if (divide.TooLarge && cut.Count > 1)
        {
            services.Log.RequestTooLarge(target.Id, cut.Count, divide.Message);
            target.BatchSize.TooLarge(cut.Count);
            await attempts.FailedAsync(EventsOf(cut), false, abort);
            return LaneStep.Again;
        }

        var alone = _divider.Failed(cut[0].Place, cut[^1].Place, cut.Count);
        if (cut.Count == 1 && target.Jury.GivesUp(alone, attempts.Since(cut[0].Event.Offset) ?? now, now))
        {
            services.Log.EventGivenUp(cut[0].Event.Event!.Id, target.Id, divide.Message);
            return await SettledAsync(plan, cut, [new HitOutcome(false, Reasons.Poison, divide.Message)], answer, abort);
        }

        var dividing = _divider.Cap(cut[0].Place) is not null ? LongestDividingPause : (TimeSpan?)null;
        return await RetryAsync(plan, cut, new Verdict.Retry(divide.Reason, divide.Message), answer, dividing, abort);
    }

    private async Task<LaneStep> RetryAsync(Plan plan, List<PlannedHit> cut, Verdict.Retry retry, Answer answer, TimeSpan? longest, CancellationToken abort)
    {
        var now = services.Time.GetUtcNow();
        var wish = WishOf(plan.Revision, retry);
        target.Circuit.Failed(now, wish);
        await attempts.FailedAsync(EventsOf(cut), retry.Unknown, abort);

        // An outage says nothing about size; silence and failures within the destination may.
        if (cut.Count > 1 && (retry.Unknown || answer.Verdict is Verdict.Divide)) target.BatchSize.Failed(cut.Count);

        var pause = target.Backoff.After(++_failures, target.Random(), wish);
        if (longest is { } cap && wish is null && pause > cap) pause = cap;

        // While the circuit is open it says when to go on.
        _notBefore = target.Circuit.Blocked ? DateTimeOffset.MinValue : now + pause;
        services.Log.DeliveryRetries(target.Id, cut.Count, place, retry.Reason, retry.Message);
        await target.Health.FailingAsync(place.ToString(), retry.Reason, retry.Message, abort);
        return await TellRetryingAsync(plan, cut, retry.Reason, retry.Message, answer, abort);
    }

    // What an earlier revision was told to wait for does not hold up the one in force.
    private TimeSpan? WishOf(TargetRevision revision, Verdict.Retry? retry) =>
        target.Current.Integration.Revision == revision.Integration.Revision ? retry?.After : null;

    private async Task<LaneStep> StopAsync(Plan plan, List<PlannedHit> cut, Verdict.Stop stop, Answer answer, CancellationToken abort)
    {
        await attempts.FailedAsync(EventsOf(cut), false, abort);
        if (!target.Stop(plan.Revision, stop)) return Replan();
        services.Log.DeliveryStopped(target.Id, stop.Reason, stop.Message);
        await target.Health.StoppedAsync(stop.Reason, stop.Message, abort);
        return await TellRetryingAsync(plan, cut, stop.Reason, stop.Message, answer, abort);
    }

    private async Task<LaneStep> TellRetryingAsync(Plan plan, List<PlannedHit> cut, string reason, string message, Answer answer, CancellationToken abort)
    {
        var now = services.Time.GetUtcNow();
        var records = new List<DeliveryRecord>();
        for (var i = 0; i < cut.Count; i++)
        {
            var line = Rows.Line(answer, i, cut.Count);
            records.AddRange(EventsOf([cut[i]]).Select(e => Rows.Retrying(e, reason, line, answer, plan.Revision, now)));
        }

        var first = cut[0].Event.Attempts == 1;
        _plan = null;
        var stored = await StoreAsync(Bare() with
        {
            // A replay leaves what became of its events the first time until it knows better.
            Records = source.WritesStates ? [.. records.DistinctBy(r => r.EventId)] : [],
            Counts = [new CountDelta(target.Id, "retry", now, cut.Count)],
        }, abort);
        if (stored && first) foreach (var e in EventsOf(cut)) Publish(e, "retrying", reason, message);
        return LaneStep.Again;
    }
}
