using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>How a lane sends: what of the plan goes into the next request, and what is asked again right before it goes.</summary>
internal sealed partial class Lane
{
    private async Task<LaneStep> ProbeAsync(TargetRevision revision, Pass pass, CancellationToken abort)
    {
        using var doubt = target.Budget.Doubt();
        await doubt.TakeTurnAsync(abort);

        // While this one waited for its turn, it may have been asked for together with others, or been corrected.
        if (!target.Circuit.Blocked || target.Current != revision) return LaneStep.Again;
        pass = pass with { MostRefusals = target.Circuit.MostRefusals };

        // Those that may be good come first, whoever asks: what is probed one by one must not use up the room for them.
        if (target.InDoubtTogether() is { Count: > 0 } together && (together.Count > 1 || together[0] != target))
            return await RollCallAsync(together, pass with { MostRefusals = RefusalBudget.Most }, doubt, abort);
        if (!await MayBeRefusedAsync(pass, doubt, Exchange.LongestProbe(revision.Encoder!.Limits), abort)) return LaneStep.Again;
        switch (await services.Exchange.ProbeAsync(target, revision, doubt, abort))
        {
            case Verdict.Stop stop:
                await target.Health.StoppedAsync(stop.Reason, stop.Message, abort);
                break;
            case Verdict.Settled:
                target.Circuit.Probed();
                break;
            case var failed:
                target.Circuit.ProbeFailed(services.Time.GetUtcNow(), WishOf(revision, failed as Verdict.Retry));
                break;
        }

        return LaneStep.Again;
    }

    private async Task<LaneStep> RollCallAsync(IReadOnlyList<Target> together, Pass pass, Doubt doubt, CancellationToken abort)
    {
        if (!await MayBeRefusedAsync(pass, doubt, 1, abort)) return LaneStep.Again;
        var revisions = together.Select(t => t.Current).ToList();
        if (await services.Exchange.RollCallAsync(revisions, doubt, abort) is not { } good)
        {
            foreach (var other in together) other.Circuit.Suspect();
            return LaneStep.Again;
        }

        services.Log.CredentialsAskedTogether(target.Budget.Server, good.Count, good.Count(g => g));
        foreach (var (i, other) in together.Index().Where(t => t.Item.Current == revisions[t.Index]))
        {
            if (good[i]) other.Circuit.Cleared();
            else other.Circuit.Suspect();
            other.Wake();
        }

        return LaneStep.Again;
    }

    // Credentials that nobody has seen accepted are tried only so often; then everybody waits.
    private async Task<bool> MayBeRefusedAsync(Pass pass, Doubt doubt, int chain, CancellationToken abort)
    {
        if (pass.MostRefusals is not { } most || await doubt.BeginAsync(most, chain, abort) is not { } room) return true;
        var exhausted = RefusalBudget.Exhausted(room - services.Time.GetUtcNow());
        target.Circuit.Postpone(pass, room);
        services.Log.RefusalsExhausted(target.Id, room, exhausted.Message);
        await target.Health.FailingAsync(place.ToString(), exhausted.Reason, exhausted.Message, abort);
        return false;
    }

    private async Task<LaneStep> SendAsync(Plan plan, Pass pass, DateTimeOffset now, CancellationToken stop, CancellationToken abort)
    {
        var limits = plan.Revision.Encoder!.Limits;
        var form = FormChoice.Of(limits, plan.Hits.Count - plan.Sent);
        var max = Math.Min(target.BatchSize.Current(limits.MaxBulk, now), _divider.Cap(plan.Hits[plan.Sent].Place) ?? int.MaxValue);
        var cut = plan.Hits.Skip(plan.Sent).Take(FormChoice.Cut(plan.Hits, plan.Sent, form, max)).ToList();
        if (target.Rate.Take(cut.Count, now) is { Ticks: > 0 } wait) return LaneStep.ForTime(now + wait);

        using var claim = await target.Gate.ClaimAsync(KeysOf(cut), stop);
        var inFlight = target.Budget.InFlight;
        await inFlight.WaitAsync(stop);
        try
        {
            // While this one waited, another may have found the token refused, or the configuration may have changed.
            return target.Circuit.Holds(pass) && target.Current == plan.Revision
                ? await SendClaimedAsync(plan, pass, now, form, cut, abort)
                : LaneStep.Again;
        }
        finally
        {
            inFlight.Release();
        }
    }

    private async Task<LaneStep> SendClaimedAsync(Plan plan, Pass pass, DateTimeOffset now, RequestForm form, List<PlannedHit> cut, CancellationToken abort)
    {
        if (!await services.Planner.StillAdmittedAsync(plan.Revision.Integration, [.. EventsOf(cut).Select(e => e.Event!)], abort)) return Replan();
        var (repeated, own) = await CountedAsync(plan, cut, abort);
        if (repeated) return Replan();
        if (own == 0) return await RecordedBeforeAsync(plan, cut[0], abort);
        if (own > 0) cut.RemoveRange(own, cut.Count - own);

        using var doubt = target.Budget.Doubt();
        if (!await MayBeRefusedAsync(pass, doubt, Exchange.LongestChain(plan.Revision.Encoder!.Limits, form), abort)) return LaneStep.Again;
        await attempts.BeginAsync(EventsOf(cut), now, abort);
        var answer = await services.Exchange.AskAsync(target, plan.Revision, [.. cut.Select(h => Attempted(h, plan.Revision.Encoder!.Limits, now))], form, doubt, abort);
        return await ObeyAsync(plan, cut, answer, abort);
    }

    // Another lane may have counted an order between our plan and our claim; a replay meets orders its own events counted.
    private async Task<(bool Repeated, int Own)> CountedAsync(Plan plan, List<PlannedHit> cut, CancellationToken abort)
    {
        var keys = cut.Select(h => h.Hit.OrderKey).OfType<string>().ToHashSet();
        if (keys.Count == 0) return (false, -1);
        var counted = await services.Store.OrdersAsync(plan.Revision.Integration.Id, keys, abort);
        if (counted.Count == 0) return (false, -1);
        var repeated = cut.Exists(h => h.Hit.OrderKey is { } key && counted.TryGetValue(key, out var by) && by != h.Event.Event!.Id);
        return (repeated, cut.FindIndex(h => h.Hit.OrderKey is { } key && counted.ContainsKey(key)));
    }

    private static Hit Attempted(PlannedHit hit, RequestLimits limits, DateTimeOffset now) =>
        hit.Hit with { MayBeThere = hit.Event.MayBeThere || now - hit.Hit.Time <= limits.Remembers };

    private static HashSet<string> KeysOf(List<PlannedHit> cut)
    {
        var keys = cut.Select(h => "visitor " + h.Hit.VisitorKey).ToHashSet();
        keys.UnionWith(cut.Where(h => h.Hit.OrderKey is not null).Select(h => "order " + h.Hit.OrderKey));
        return keys;
    }

    private static List<PlannedEvent> EventsOf(List<PlannedHit> cut) =>
        [.. cut.SelectMany(h => h.Index == 0 ? h.Event.Carried.Prepend(h.Event) : [h.Event]).Distinct()];
}
