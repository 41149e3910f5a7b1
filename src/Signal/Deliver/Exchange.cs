using System.Diagnostics;
using Signal.Destinations;
using Signal.Events;
using Signal.Record;

namespace Signal.Deliver;

/// <summary>One question to a destination and what the answer means: packs, sends, classifies, asks again in bulk or by a probe where the verdict wants it.</summary>
internal sealed class Exchange(IDestinationSender sender, TimeProvider time, ILogger<Exchange> log)
{
    private const int BulkAndItsProbe = 2;
    private const string SaysNothing = "The destination's answer says nothing about what happened.";

    /// <summary>How many requests for one hit or batch may be refused: itself, again in bulk, and a probe, or itself once more after a good probe.</summary>
    public static int LongestChain(RequestLimits limits, RequestForm form) => (form == RequestForm.Single ? 2 : 1) + LongestProbe(limits);

    /// <summary>How many requests a probe may come to: a single one may have to be asked again in bulk.</summary>
    public static int LongestProbe(RequestLimits limits) => limits.Backlog == RequestForm.Single ? 2 : 1;

    /// <summary>Sends the hits as one request.</summary>
    public async Task<Answer> AskAsync(Target target, TargetRevision revision, IReadOnlyList<Hit> hits, RequestForm form, Doubt doubt, CancellationToken stop)
    {
        using var activity = Meters.Activities.StartActivity("deliver", ActivityKind.Client);
        activity?.SetTag("signal.integration", target.Id).SetTag("signal.hits", hits.Count);
        var answer = await OnceAsync(target, revision, hits, form, stop);
        if (answer.Verdict is Verdict.AskInBulk or Verdict.Settled { ConfirmByProbe: true })
            answer = await ResolveAsync(target, revision, hits, answer, doubt, stop);
        await EndAsync(target, revision, answer.Verdict, doubt, stop);
        return answer;
    }

    /// <summary>Asks by a request without side effects whether the destination takes the configuration.</summary>
    public async Task<Verdict> ProbeAsync(Target target, TargetRevision revision, Doubt doubt, CancellationToken stop)
    {
        var verdict = await ProbeAsync(target, revision, doubt, 0, stop);
        await EndAsync(target, revision, verdict, doubt, stop);
        return verdict;
    }

    /// <summary>Asks for several integrations with one server at once: which of them it accepts; null when the answer does not say.</summary>
    public async Task<IReadOnlyList<bool>?> RollCallAsync(IReadOnlyList<TargetRevision> all, Doubt doubt, CancellationToken stop)
    {
        var encoder = all[0].Encoder!;
        var response = await sender.SendAsync(encoder.ProbeTogether([.. all.Select(r => r.Encoder!)], Guid.NewGuid().ToString("N")[..16]), stop);
        var good = encoder.ClassifyTogether(all.Count, response);
        if (good?.All(g => g) != false) await doubt.ForgetAsync(stop);
        return good;
    }

    // Within the turn, so that whoever waits for it finds the target stopped.
    private static async Task EndAsync(Target target, TargetRevision revision, Verdict verdict, Doubt doubt, CancellationToken stop)
    {
        if (verdict is Verdict.Stop found)
        {
            if (found.Credentials) await doubt.CoverAsync(1, stop);
            target.Stop(revision, found);
        }

        await doubt.EndAsync(verdict, stop);
    }

    // One lane at a time: when the first finds the token refused, the others need not have it refused too.
    private async Task<Answer> ResolveAsync(Target target, TargetRevision revision, IReadOnlyList<Hit> hits, Answer answer, Doubt doubt, CancellationToken stop)
    {
        var asked = 1;
        await doubt.TakeTurnAsync(stop);
        if (target.Stopped is { } known)
        {
            await doubt.CoverAsync(asked, stop);
            return answer with { Verdict = known };
        }

        var mayBeRefused = answer.Verdict is Verdict.AskInBulk or Verdict.Settled { Refused: true };
        if (mayBeRefused && target.Circuit.MustProbe) return answer with { Verdict = await KeptAsync(RefusalBudget.Suspected, asked, doubt, stop) };

        var most = target.Circuit.MostRefusals ?? RefusalBudget.Most;
        var room = await doubt.BeginAsync(Math.Min(most, RefusalBudget.Own), LongestChain(revision.Encoder!.Limits, answer.Form), stop);
        if (room is not null && await doubt.BeginAsync(most, asked + LongestProbe(revision.Encoder.Limits), stop) is { } until)
        {
            target.Doubt();
            return answer with { Verdict = await KeptAsync(RefusalBudget.Exhausted(until - time.GetUtcNow()), asked, doubt, stop) };
        }

        // With little room left a probe comes first, which is refused once.
        if (room is not null && mayBeRefused)
        {
            var probe = await ProbeAsync(target, revision, doubt, asked, stop);
            if (probe is not Verdict.Settled) return answer with { Verdict = probe };
            await doubt.ForgetAsync(stop);
        }

        if (answer.Verdict is Verdict.AskInBulk && target.RefusesBulk) return answer with { Verdict = InSingles(await ProbeAsync(target, revision, doubt, asked, stop)) };
        if (answer is { Verdict: Verdict.AskInBulk, Form: RequestForm.Single })
        {
            await doubt.CoverAsync(++asked, stop);
            answer = await OnceAsync(target, revision, hits, RequestForm.Bulk, stop);
        }

        if (answer.Verdict is Verdict.Settled { ConfirmByProbe: true } settled)
        {
            var probe = await ConfirmAsync(target, revision, answer.Form, doubt, asked, stop);

            // All is well by now, but was it then? The configuration may have been corrected in between, and nothing was recorded: ask again.
            answer = settled.Refused && probe is Verdict.Settled
                ? await AgainAsync(target, revision, hits, answer.Form, doubt, asked + LongestProbe(revision.Encoder.Limits) + 1, stop)
                : answer with { Verdict = Confirmed(settled, probe) };
        }

        return answer.Verdict is Verdict.AskInBulk unclear
            ? answer with { Verdict = new Verdict.Retry(unclear.Reason, SaysNothing) }
            : answer;
    }

    // It may have been refused for its credentials: it counts as if it had.
    private static async Task<Verdict> KeptAsync(Verdict verdict, int asked, Doubt doubt, CancellationToken stop)
    {
        await doubt.CoverAsync(asked, stop);
        doubt.Keep(asked);
        return verdict;
    }

    // In the form that was refused: a superuser's token restricted to secure requests is good in a single and refused in a bulk.
    private async Task<Verdict> ConfirmAsync(Target target, TargetRevision revision, RequestForm form, Doubt doubt, int asked, CancellationToken stop)
    {
        if (form == RequestForm.Single || revision.Encoder!.Limits.Backlog == RequestForm.Bulk) return await ProbeAsync(target, revision, doubt, asked, stop);
        await doubt.CoverAsync(++asked, stop);
        var verdict = await ProbeOnceAsync(target, revision, RequestForm.Bulk, stop);
        if (verdict is not Verdict.Stop { Credentials: true }) return verdict;
        await doubt.CoverAsync(++asked, stop);
        if (await ProbeOnceAsync(target, revision, RequestForm.Single, stop) is not Verdict.Settled well) return verdict;
        doubt.Keep(BulkAndItsProbe);
        target.LearnBulkIsRefused(revision);
        return InSingles(well);
    }

    // With bulk refused nothing tells why a single was: it is tried again, and given up only when others are recorded meanwhile.
    private static Verdict InSingles(Verdict probe) => probe is Verdict.Settled
        ? new Verdict.Divide("refused_400", "Matomo refused this request (400) without saying why, and refuses the token in bulk, where it would say more. It is tried again; when it alone is refused while a probe and others succeed, it is set aside. An order may be there already: look for its id. A write user's token in place of a superuser's that is restricted to secure requests avoids this.")
        : probe;

    private async Task<Answer> AgainAsync(
        Target target, TargetRevision revision, IReadOnlyList<Hit> hits, RequestForm form, Doubt doubt, int asked, CancellationToken stop)
    {
        await doubt.CoverAsync(asked, stop);
        return await OnceAsync(target, revision, hits, form, stop);
    }

    // What a single says nothing about, a bulk does.
    private async Task<Verdict> ProbeAsync(Target target, TargetRevision revision, Doubt doubt, int asked, CancellationToken stop)
    {
        var form = revision.Encoder!.Limits.Backlog;
        await doubt.CoverAsync(++asked, stop);
        var verdict = await ProbeOnceAsync(target, revision, form, stop);
        if (verdict is Verdict.AskInBulk && form == RequestForm.Single)
        {
            await doubt.CoverAsync(++asked, stop);
            verdict = await ProbeOnceAsync(target, revision, RequestForm.Bulk, stop);
        }

        return verdict is Verdict.AskInBulk unclear ? new Verdict.Retry(unclear.Reason, SaysNothing) : verdict;
    }

    private async Task<Verdict> ProbeOnceAsync(Target target, TargetRevision revision, RequestForm form, CancellationToken stop)
    {
        var response = await sender.SendAsync(revision.Encoder!.Probe(Guid.NewGuid().ToString("N")[..16], form), stop);
        target.Clock.Learn(response.Date, time.GetUtcNow());
        return revision.Encoder.ClassifyProbe(form, response);
    }

    // A hit that a queue holds may be recorded later, whatever a probe failed for.
    private static Verdict Confirmed(Verdict.Settled settled, Verdict probe) => probe switch
    {
        Verdict.Settled => settled,
        Verdict.Retry retry when settled.Outcomes.Any(o => o.Recorded) => retry with { Unknown = true },
        _ => probe,
    };

    private async Task<Answer> OnceAsync(Target target, TargetRevision revision, IReadOnlyList<Hit> hits, RequestForm form, CancellationToken stop)
    {
        var encoder = revision.Encoder!;
        DestinationRequest? request = null;
        var response = new DestinationResponse(null, 0, null, "", null, null);
        var took = TimeSpan.Zero;
        try
        {
            request = encoder.Pack(hits, form, target.Clock.Now(time.GetUtcNow()));
            var started = time.GetTimestamp();
            response = await sender.SendAsync(request, stop);
            took = time.GetElapsedTime(started);
            Meters.RequestDuration.Record(took.TotalSeconds, new TagList
            {
                { "integration", target.Id }, { "form", form == RequestForm.Single ? "single" : "bulk" }, { "status", response.Status },
            });
            target.Clock.Learn(response.Date, time.GetUtcNow());
            target.Learn(revision, response);
            return new Answer(encoder.Classify(hits, form, response), form, request, response, took);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug in the destination's code must cost one event, not the lane: dividing finds that event.
            log.DestinationCodeFailed(e, revision.Integration.Vendor, target.Id);
            var verdict = new Verdict.Divide(Reasons.MappingFailed, $"The destination's code failed: {e.Message}");
            return new Answer(verdict, form, request, response, took);
        }
    }
}
