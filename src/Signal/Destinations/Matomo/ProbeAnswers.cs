namespace Signal.Destinations.Matomo;

/// <summary>What the answer to a probe means: a bulk of two pings, the first naming an address (needs the token), the second not; or the first alone as a single.</summary>
internal static class ProbeAnswers
{
    private const string Kept = "Nothing is lost: every event waits, and delivery goes on by itself within minutes of the correction.";

    /// <summary>Settled (all is well), retry, stop, or ask in bulk.</summary>
    internal static Verdict Classify(RequestForm form, DestinationResponse answer)
    {
        if (Answers.Common(answer, 1) is { } common) return common is Verdict.Settled ? new Verdict.Retry("too_large", "The web server refuses even a probe for its size (413).") : common;
        if (form == RequestForm.Single) return OfSingle(answer);
        if (Answers.CountsOf(answer) is { Success: true } counts) return OfCounts(counts);
        return answer.Status switch
        {
            200 when Answers.IsPicture(answer) => Well,
            200 or 204 when answer.Body.Length == 0 => new Verdict.Retry("no_counts", "Matomo answered the probe without counts, as it does in maintenance."),
            >= 200 and < 300 => Answers.NotMatomo(answer),
            400 => new Verdict.Stop("site_unknown", $"Matomo refuses the site or the request (400). {Kept} Check the site ID."),
            403 => Forbidden,
            500 => new Verdict.Retry("internal_error", "Matomo fails (500): its database is down, or it blocks this machine for up to an hour after some twenty wrong tokens. It is asked again later."),
            _ => new Verdict.Stop($"http_{answer.Status}", $"The web server refuses requests to matomo.php ({answer.Status}). {Kept} Check the proxy or firewall before Matomo."),
        };
    }

    /// <summary>Which of the tokens (and sites) a roll call found good; null when the answer does not say.</summary>
    internal static IReadOnlyList<bool>? OfRollCall(int asked, DestinationResponse answer) =>
        answer is { Failure: null, Status: 200 } && Answers.CountsOf(answer) is { Success: true } counts && counts.Tracked + counts.Invalid == (1 << asked) - 1
            ? [.. Enumerable.Range(0, asked).Select(i => (counts.Invalid & (1 << i)) == 0)]
            : null;

    private static Verdict Well => new Verdict.Settled([]);

    private static Verdict Forbidden => new Verdict.Stop("forbidden", $"Something before Matomo, usually a firewall, refuses this machine (403). {Kept} Allow POST to matomo.php from this machine.");

    private static Verdict OfCounts(Counts counts) => counts switch
    {
        { Tracked: 2, Invalid: 0 } => Well,
        { Tracked: 1, Invalid: 1 } => new Verdict.Stop(
            "token_refused",
            $"Matomo refuses the token: it is wrong, was deleted, or its user has no write access to the site. {Kept} Create a token for a user with write access to this site. A superuser's token restricted to secure requests can't be used in bulk: prefer a write user's token, or set the request mode to single.",
            Credentials: true),
        { Invalid: 2 } => new Verdict.Stop("site_unknown", $"Matomo knows no site of this ID. {Kept} Check the site ID under Administration > Websites > Manage."),
        { Tracked: 0, Invalid: 0 } => new Verdict.Retry("maintenance", "Matomo takes requests and records nothing: tracking is switched off (record_statistics=0)."),
        _ => new Verdict.Retry("incomplete", "Matomo answered only a part of the probe; its database is busy."),
    };

    private static Verdict OfSingle(DestinationResponse answer) => answer.Status switch
    {
        204 => Well,
        >= 200 and < 300 when Answers.IsPicture(answer) || answer.Body.Length == 0 => Well,
        >= 200 and < 300 => Answers.NotMatomo(answer),
        // Token, site or database: bulk tells them apart.
        400 => new Verdict.AskInBulk("refused_400"),
        403 => Forbidden,
        500 => new Verdict.Retry("internal_error", "Matomo fails (500). It is asked again later."),
        _ => new Verdict.Stop($"http_{answer.Status}", $"The web server refuses requests to matomo.php ({answer.Status}). {Kept} Check the proxy or firewall before Matomo."),
    };
}
