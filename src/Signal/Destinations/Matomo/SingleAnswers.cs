namespace Signal.Destinations.Matomo;

/// <summary>What the answer to a single request means.</summary>
internal static class SingleAnswers
{
    /// <summary>The verdict on one hit.</summary>
    internal static Verdict Classify(Hit hit, DestinationResponse answer)
    {
        _ = hit;
        return Answers.Common(answer, 1) ?? answer.Status switch
        {
            200 or 204 when Answers.IsQueued(answer) => Queued,
            204 => Delivered,
            >= 200 and < 300 when Answers.IsPicture(answer) || IsBare(answer) => Delivered,
            >= 200 and < 300 => Answers.NotMatomo(answer),
            // 400 is all that PHP says: a wrong token, a refused order and a database that is down look alike. Bulk tells them apart.
            400 => new Verdict.AskInBulk("refused_400"),
            403 => Answers.Refused("forbidden", "Something before Matomo refused this request (403), usually a web application firewall that dislikes the event's content or this machine's address. Allow POST to matomo.php from this machine, then replay the event."),
            500 => new Verdict.Divide("server_error", "Matomo failed on this request (500). It is tried again, in case the server is in trouble; when it fails alone while a probe succeeds, the event is set aside."),
            _ => Answers.Refused($"http_{answer.Status}", $"The web server refused this request ({answer.Status}), which Matomo's tracker never does by itself. Check the proxy or firewall before Matomo."),
        };
    }

    private static Verdict Delivered => new Verdict.Settled([HitOutcome.Delivered]);

    // Refused later without a word when the token or the site is wrong, so a probe around the queue tells; the next singles go around it.
    private static Verdict Queued => new Verdict.Settled(
        [new HitOutcome(true, "queued", "Matomo's queue (plugin QueuedTracking) took it unread; a probe found token and site good. From now on events go around the queue, so that Matomo's own answer counts.")],
        ConfirmByProbe: true);

    // Some proxies drop the picture; a page or JSON is somebody else's answer.
    private static bool IsBare(DestinationResponse answer) => answer.Body.Length == 0;
}
