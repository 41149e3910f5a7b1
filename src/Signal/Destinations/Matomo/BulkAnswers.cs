using Signal.Events;

namespace Signal.Destinations.Matomo;

/// <summary>What the answer to a bulk means, hit by hit.</summary>
internal static class BulkAnswers
{
    /// <summary>The verdict on these hits.</summary>
    internal static Verdict Classify(IReadOnlyList<Hit> hits, DestinationResponse answer)
    {
        if (Answers.Common(answer, hits.Count) is { } common) return common;
        if (Answers.CountsOf(answer) is { } counts && answer.Status is 200 or 400 or 500) return OfCounts(hits, answer, counts);
        return answer.Status switch
        {
            200 when Answers.IsPicture(answer) => new Verdict.Settled(All(hits, new HitOutcome(true, "queued", "Matomo's queue (plugin QueuedTracking) took it; what becomes of it later Matomo does not say."))),
            200 or 204 when answer.Body.Length == 0 => new Verdict.Retry("no_counts", "Matomo answered without saying what it recorded, as it does in maintenance. It is tried again; nothing is lost."),
            >= 200 and < 300 => Answers.NotMatomo(answer),
            400 => Answers.RefusedWhole(hits.Count, "refused_400", "Matomo did not take this request for a bulk (400). A proxy that changes request bodies does this."),
            403 => Answers.RefusedWhole(hits.Count, "forbidden", "Something before Matomo refused this request (403), usually a web application firewall that dislikes the content of an event or this machine's address. Allow POST to matomo.php from this machine."),
            500 => new Verdict.Divide("server_error", "PHP broke off (500 without a word) and Matomo recorded nothing of this request. It is tried again; when one event is the cause, it is found by halving and set aside."),
            _ => Answers.RefusedWhole(hits.Count, $"http_{answer.Status}", $"The web server refused this request ({answer.Status}), which Matomo's tracker never does by itself. Check the proxy or firewall before Matomo."),
        };
    }

    private static Verdict OfCounts(IReadOnlyList<Hit> hits, DestinationResponse answer, Counts counts)
    {
        var n = hits.Count;
        if (!counts.Success) return OfError(hits, answer);
        if (counts is { Tracked: 0, Invalid: 0 })
            return new Verdict.Retry("maintenance", "Matomo took the request and recorded nothing of it, as it does while tracking is switched off (record_statistics=0). It is tried again; nothing is lost.");
        if (counts.Tracked + counts.Invalid != n)
        {
            return new Verdict.Retry(
                "incomplete",
                $"Matomo accounted for {counts.Tracked + counts.Invalid} of {n} hits: its database skipped the others while they waited for a lock, and it does not say which. The request is tried again, so some page views or events may count twice (orders never).",
                Unknown: true);
        }

        if (counts.Invalid == 0) return new Verdict.Settled(All(hits, HitOutcome.Delivered));
        if (counts.Invalid == n) return new Verdict.Settled([.. hits.Select(Refused)], ConfirmByProbe: true, Refused: true);
        return Known(hits, counts) is { } known
            ? new Verdict.Settled(known)
            : new Verdict.Settled(All(hits, new HitOutcome(true, "some_refused", $"Matomo refused {counts.Invalid} of the {n} hits of this request and tells only a superuser which. Sending them again would count the others twice. For a while events go one by one, so that the next one it refuses is found.")), Vague: true);
    }

    // With an error nothing was recorded, whatever "tracked" says: the whole bulk is one transaction.
    private static Verdict OfError(IReadOnlyList<Hit> hits, DestinationResponse answer) => answer.Status == 400
        ? Answers.RefusedWhole(hits.Count, Reasons.RefusedByDestination, "Matomo refused the whole bulk (400), as it does for a site it does not know when bulk requests must authenticate (bulk_requests_require_authentication).")
        : new Verdict.Divide("internal_error", "Matomo failed and recorded nothing of this request (500): its database is down or busy, it refuses this machine after too many wrong tokens, or one event makes it fail. It is tried again; an event that fails alone while a probe succeeds is set aside.");

    // Which ones were refused, when the answer or the hits themselves tell.
    private static HitOutcome[]? Known(IReadOnlyList<Hit> hits, Counts counts)
    {
        if (counts.Indices is { } indices && indices.Count == counts.Invalid && indices.All(i => i < hits.Count))
            return [.. hits.Select((hit, i) => indices.Contains(i) ? Refused(hit) : HitOutcome.Delivered)];
        return hits.Count(h => h.MayBeRefused) == counts.Invalid
            ? [.. hits.Select(hit => hit.MayBeRefused ? Refused(hit) : HitOutcome.Delivered)]
            : null;
    }

    private static HitOutcome Refused(Hit hit) => hit.OrderKey is not null
        ? hit.MayBeThere
            ? new HitOutcome(true, "already_recorded", "Matomo has an order of this id already and keeps the first.")
            : new HitOutcome(false, Reasons.RefusedByDestination, "Matomo refused this old order. Either it has an order of this id already: look for it there, and discard this dead letter if you find it. Or the order is older than the raw data Matomo keeps (Administration > Privacy > Anonymize data) and can't be recorded any more: set raw_data_days to what Matomo has there, so that such events end as too_old without being sent.")
        : new HitOutcome(false, Reasons.RefusedByDestination, hit.Fields.FirstOrDefault(f => f.Key == "idgoal") is { Value: { } goal } && goal is not ("0" or "view")
            ? $"Matomo refused the conversion of goal {goal}: the site has no goal of this number. Correct the mapping and replay the event."
            : "Matomo refused this hit and does not say why. Its fields are shown with the request; correct the mapping and replay the event.");

    private static HitOutcome[] All(IReadOnlyList<Hit> hits, HitOutcome outcome) => [.. Enumerable.Repeat(outcome, hits.Count)];
}
