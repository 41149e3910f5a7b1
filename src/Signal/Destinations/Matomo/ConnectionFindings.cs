namespace Signal.Destinations.Matomo;

/// <summary>Findings about the way to Matomo and how it takes requests.</summary>
internal static class ConnectionFindings
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>address, tls, tracker.</summary>
    internal static IEnumerable<Finding> Of(Symptoms s) => [Address(s), Tls(s), Tracker(s)];

    /// <summary>clock, queued_tracking, maintenance.</summary>
    internal static IEnumerable<Finding> OfBehaviour(Symptoms s) => [Clock(s), Queued(s), Maintenance(s)];

    private static Finding Address(Symptoms s)
    {
        const string Id = "address";
        var evidence = s.Evidence(Symptoms.Ping);
        return s.Answer(Symptoms.Ping) switch
        {
            null => new(Id, FindingStatus.Skip, "Not tried."),
            { Failure: TransportFailure.Unreachable } => new(Id, FindingStatus.Fail, $"{s.Settings.Base} can't be reached from this machine.", evidence, "Check the spelling, DNS, firewall and that the server is up. The address must be reachable from the machine that runs Signal, not only from your browser."),
            { Failure: TransportFailure.NoAnswer } => new(Id, FindingStatus.Fail, $"{s.Settings.Base} took the request and gave no answer in time.", evidence, "Check the load of the server and of its database."),
            { Failure: TransportFailure.Tls } => new(Id, FindingStatus.Pass, $"{s.Settings.Base} can be reached; its certificate is another matter."),
            { Status: >= 300 and < 400 } => new(Id, FindingStatus.Fail, "The address answers with a redirect, which Matomo's tracker never does.", evidence, "Set the Matomo address to where the redirect leads: https instead of http, or with or without www."),
            { Status: 401 or 403 or 407 } answer => new(Id, FindingStatus.Fail, $"Something before Matomo refuses this machine ({answer.Status}).", evidence, "Let POST to matomo.php and index.php pass from this machine without a password, in the web server, firewall or proxy."),
            { Status: 404 or 405 or 410 } => new(Id, FindingStatus.Fail, "There is no matomo.php at this address.", evidence, "Set the Matomo address to the one where you sign in to Matomo, without index.php."),
            _ when s.IsTracker => new(Id, FindingStatus.Pass, $"A Matomo answers at {s.Settings.Base}.", evidence),
            _ => new(Id, FindingStatus.Fail, "What answers at this address is not Matomo's tracker.", evidence, "Set the Matomo address to the one where you sign in to Matomo. A sign-in page or a firewall's challenge in front of it must let matomo.php pass."),
        };
    }

    private static Finding Tls(Symptoms s)
    {
        const string Id = "tls";
        if (s.Settings.Tracker.Scheme == "http")
        {
            return s.Settings.Tracker.IsLoopback
                ? new(Id, FindingStatus.Skip, "No encryption; the address is this very machine.")
                : new(Id, FindingStatus.Warn, "The address begins with http: the token and your visitors' data travel unencrypted.", null, "Use https, and set the Matomo address accordingly.");
        }

        return s.Answer(Symptoms.Ping) switch
        {
            { Failure: TransportFailure.Tls } => new(Id, FindingStatus.Fail, "Matomo's certificate is not accepted: it has expired, is for another name, or its issuer is unknown here.", s.Evidence(Symptoms.Ping), "Renew the certificate, or install its issuer's certificate on the machine that runs Signal."),
            null or { Failure: not null } => new(Id, FindingStatus.Skip, "Not tried: there was no connection."),
            _ => new(Id, FindingStatus.Pass, "The connection is encrypted and the certificate is accepted."),
        };
    }

    private static Finding Tracker(Symptoms s)
    {
        const string Id = "tracker";
        if (!s.IsTracker) return new(Id, FindingStatus.Skip, "Not tried: no Matomo answers at this address.");
        var evidence = s.Evidence(Symptoms.Probe) ?? s.Evidence(Symptoms.Ping);
        var version = s.Json(Symptoms.Version) is { } json && Events.EventFields.TextAt(json, "value") is { } text ? $" It is version {text}." : "";
        return (s.Answer(Symptoms.Ping), s.Answer(Symptoms.Probe)) switch
        {
            ({ Status: 500 }, _) => new(Id, FindingStatus.Fail, "The tracker fails.", evidence, "Look into the web server's and PHP's error log on the Matomo machine."),
            (_, { Status: 413 }) => new(Id, FindingStatus.Fail, "The web server refuses even small requests as too large.", evidence, "Raise client_max_body_size (nginx) or post_max_size (PHP)."),
            (_, { Status: 500 }) when s.Token is TokenState.Unclear => new(Id, FindingStatus.Fail, "The tracker takes single requests and fails on bulk ones: its database is down, or it asks bulks for a valid token (bulk_requests_require_authentication).", evidence, "Check Matomo's database, then the token."),
            (_, { Status: 500 }) => new(Id, FindingStatus.Pass, $"The tracker answers; it refuses bulks for the token's sake.{version}", evidence),
            (_, { Failure: not null }) => new(Id, FindingStatus.Fail, "The tracker answered once, then not.", evidence, "Check the load of the server and of its database."),
            _ => new(Id, FindingStatus.Pass, $"The tracker takes requests, single and in bulk.{version}", evidence),
        };
    }

    private static Finding Clock(Symptoms s)
    {
        const string Id = "clock";
        if (s.Timed(Symptoms.Ping) is not { Response.Date: { } theirs } answer) return new(Id, FindingStatus.Skip, "Matomo's answers carry no Date header, so its clock is not known.");
        var difference = theirs - answer.At;
        var evidence = $"Matomo's clock shows {theirs:u}, this machine's {answer.At:u}.";
        return difference.Duration() <= Skew
            ? new(Id, FindingStatus.Pass, "The clocks of Matomo and this machine agree.", evidence)
            : new(Id, FindingStatus.Warn, $"Matomo's clock is {difference.Duration().TotalSeconds:0} seconds {(difference > TimeSpan.Zero ? "ahead" : "behind")}. Signal allows for it: no event is stamped later than Matomo's now.", evidence, "Let both machines set their clocks by NTP.");
    }

    private static Finding Queued(Symptoms s)
    {
        const string Id = "queued_tracking";
        if (s.IsQueued) return new(Id, FindingStatus.Warn, "Matomo queues everything (plugin QueuedTracking), bulks too: it acknowledges requests before it looks at them, so Signal can't tell what is refused later, and a refused hit can hold up others.", s.Evidence(Symptoms.Probe), "Update the plugin QueuedTracking, which lets requests with queuedtracking=0 pass, or switch it off.");
        return s.Answer(Symptoms.Queue) switch
        {
            null => new(Id, FindingStatus.Skip, "Not tried."),
            { Status: 200 } answer when Answers.IsPicture(answer) => new(Id, FindingStatus.Warn, "Matomo queues requests (plugin QueuedTracking) and acknowledges them before it looks at them. Signal, which keeps every event itself until Matomo has recorded it, goes around that queue: bulks always, single requests from the first one on that was queued after a start or change.", s.Evidence(Symptoms.Queue), "Nothing needs to be done. To spare even the first one the queue, set the request mode to bulk."),
            _ => new(Id, FindingStatus.Pass, "Matomo records requests at once.", s.Evidence(Symptoms.Queue)),
        };
    }

    private static Finding Maintenance(Symptoms s)
    {
        const string Id = "maintenance";
        if (s.Answer(Symptoms.Ping) is { Status: 503 } || s.ProbeCounts is { Success: true, Tracked: 0, Invalid: 0 })
            return new(Id, FindingStatus.Fail, "Matomo records nothing at the moment: tracking is switched off or the server is overloaded. Events wait and nothing is lost.", s.Evidence(Symptoms.Probe) ?? s.Evidence(Symptoms.Ping), "Set record_statistics to 1 in Matomo's config.ini.php when the maintenance is over.");
        return s.ProbeCounts is { Success: true } || s.IsQueued
            ? new(Id, FindingStatus.Pass, "Matomo records.", s.Evidence(Symptoms.Probe))
            : new(Id, FindingStatus.Skip, "Could not be found out.");
    }
}
