using System.Diagnostics;
using Signal.Destinations;
using Signal.Events;
using Signal.Record;

namespace Signal.Deliver;

/// <summary>One question to a destination and what the answer means: packs, sends, classifies, asks again in bulk or by a probe where the verdict wants it.</summary>
internal sealed class Exchange(IDestinationSender sender, TimeProvider time, ILogger<Exchange> log)
{
    /// <summary>Sends the hits as one request.</summary>
    public async Task<Answer> AskAsync(Target target, TargetRevision revision, IReadOnlyList<Hit> hits, RequestForm form, CancellationToken stop)
    {
        using var activity = Meters.Activities.StartActivity("deliver", ActivityKind.Client);
        activity?.SetTag("signal.integration", target.Id).SetTag("signal.hits", hits.Count);
        var answer = await OnceAsync(target, revision, hits, form, stop);
        if (answer.Verdict is Verdict.AskInBulk && form == RequestForm.Single)
            answer = await OnceAsync(target, revision, hits, RequestForm.Bulk, stop);
        if (answer.Verdict is Verdict.Stop) target.Budget.Refused(time.GetUtcNow());
        return answer.Verdict switch
        {
            Verdict.AskInBulk unclear => answer with { Verdict = new Verdict.Retry(unclear.Reason, "The destination's answer says nothing about what happened.") },
            Verdict.Settled { ConfirmByProbe: true } settled =>
                answer with { Verdict = await ConfirmAsync(target, revision, settled, stop) },
            _ => answer,
        };
    }

    /// <summary>Asks by a request without side effects whether the destination takes the configuration.</summary>
    public async Task<Verdict> ProbeAsync(Target target, TargetRevision revision, CancellationToken stop)
    {
        var request = revision.Encoder!.Probe(Guid.NewGuid().ToString("N")[..16]);
        var response = await sender.SendAsync(request, stop);
        target.Clock.Learn(response.Date, time.GetUtcNow());
        var verdict = revision.Encoder.ClassifyProbe(response);
        if (verdict is Verdict.Stop) target.Budget.Refused(time.GetUtcNow());
        return verdict;
    }

    private async Task<Verdict> ConfirmAsync(Target target, TargetRevision revision, Verdict.Settled settled, CancellationToken stop)
    {
        var probe = await ProbeAsync(target, revision, stop);
        if (probe is Verdict.Settled) return settled;
        if (probe is Verdict.Stop) target.Budget.Refused(time.GetUtcNow());
        return probe;
    }

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
