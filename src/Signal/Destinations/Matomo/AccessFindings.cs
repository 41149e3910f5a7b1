namespace Signal.Destinations.Matomo;

/// <summary>Findings about token and site.</summary>
internal static class AccessFindings
{
    private const string NewToken = "In Matomo, make a user of its own for Signal, give it write access to this one site (Administration > Users), sign in as that user, create a token under Personal > Security > Auth tokens, and enter it in the settings.";

    private const string Kept = "Every event that carries a visitor's address is refused; Signal keeps them.";

    /// <summary>token, token_scope, site, ip_override.</summary>
    internal static IEnumerable<Finding> Of(Symptoms s) => [Token(s), Scope(s), Site(s), IpOverride(s)];

    private static Finding Token(Symptoms s)
    {
        const string Id = "token";
        var evidence = s.Evidence(Symptoms.Probe);
        return s.Token switch
        {
            TokenState.Good or TokenState.SecureOnly or TokenState.NoWrite or TokenState.NoAccess => new(Id, FindingStatus.Pass, "Matomo knows the token.", evidence),
            TokenState.Wrong => new(Id, FindingStatus.Fail, $"Matomo does not know the token: it is wrong, has expired or was deleted. {Kept}", s.Evidence(Symptoms.Version) ?? evidence, NewToken),
            TokenState.Refused => new(Id, FindingStatus.Fail, $"Matomo refuses the token: nobody knows it, or its user may not write to the site. {Kept}", evidence, NewToken),
            TokenState.Blocked => new(Id, FindingStatus.Fail, "Matomo refuses this machine for up to an hour, because too many wrong tokens came from it. Whether the token is right can't be told until then.", evidence, "Wait an hour, or remove the block under Administration > General settings > Brute force detection, and allow-list this machine's address there. Then run the doctor again."),
            _ when s.Answer(Symptoms.Version) is { Status: 200 } => new(Id, FindingStatus.Pass, "Matomo knows the token.", s.Evidence(Symptoms.Version)),
            _ => new(Id, FindingStatus.Skip, "Could not be found out.", evidence),
        };
    }

    private static Finding Scope(Symptoms s)
    {
        const string Id = "token_scope";
        var evidence = s.Evidence(Symptoms.Probe);
        return s.Token switch
        {
            TokenState.Good when s.ProbeCounts?.Indices is not null => new(Id, FindingStatus.Warn, "The token is a superuser's. It works, but whoever gets hold of it owns your Matomo.", evidence, NewToken),
            TokenState.Good => new(Id, FindingStatus.Pass, "The token may write to the site, single and in bulk.", evidence),
            TokenState.SecureOnly when s.Settings.RequestMode == "single" => new(Id, FindingStatus.Warn, "The token is a superuser's, restricted to secure requests: single requests work, bulk ones do not, so a backlog drains slowly.", s.Evidence(Symptoms.RestrictedPing), NewToken),
            TokenState.SecureOnly => new(Id, FindingStatus.Fail, "The token is a superuser's, restricted to secure requests: single requests work, bulk ones are refused, and with them every backlog.", evidence, $"{NewToken} Or set the request mode to single."),
            TokenState.NoAccess => new(Id, FindingStatus.Fail, $"The token's user has no access to site {s.Settings.SiteId}. Matomo refuses every event that carries a visitor's address.", s.Evidence(Symptoms.Site) ?? evidence, "Give the user write access to the site under Administration > Users, or correct the site ID. Matomo may take five minutes to notice."),
            TokenState.NoWrite => new(Id, FindingStatus.Fail, "The token's user may look at the site, not write to it. Matomo refuses every event that carries a visitor's address.", evidence, "Give the user write access to the site under Administration > Users. Matomo may take five minutes to notice."),
            _ => new(Id, FindingStatus.Skip, "Could not be found out."),
        };
    }

    private static Finding Site(Symptoms s)
    {
        const string Id = "site";
        if (s.ProbeCounts is { Success: true, Invalid: 2 } || s.Answer(Symptoms.Probe) is { Status: 400 })
            return new(Id, FindingStatus.Fail, $"Matomo knows no site {s.Settings.SiteId}.", s.Evidence(Symptoms.Probe), "Check the site ID under Administration > Websites > Manage, column ID.");
        if (s.Json(Symptoms.Site) is { } site)
            return new(Id, FindingStatus.Pass, $"Site {s.Settings.SiteId} is \"{Events.EventFields.TextAt(site, "name")}\" ({Events.EventFields.TextAt(site, "main_url")}). Check that it is the one you mean.", s.Evidence(Symptoms.Probe));
        return s.IsSiteKnown && s.ProbeCounts is { Tracked: > 0 }
            ? new(Id, FindingStatus.Pass, $"Matomo knows a site {s.Settings.SiteId}.", s.Evidence(Symptoms.Probe))
            : new(Id, FindingStatus.Skip, "Could not be found out.");
    }

    private static Finding IpOverride(Symptoms s)
    {
        const string Id = "ip_override";
        return s.Token switch
        {
            TokenState.Good or TokenState.SecureOnly => new(Id, FindingStatus.Pass, "Matomo takes the visitor's address from Signal. Reports show it as far as Administration > Privacy > Anonymize data lets them.", s.Evidence(Symptoms.Probe)),
            TokenState.NoWrite or TokenState.NoAccess or TokenState.Wrong or TokenState.Refused => new(Id, FindingStatus.Fail, "Matomo does not take the visitor's address from Signal with this token, and refuses the whole event for it.", s.Evidence(Symptoms.Probe), "Correct the token first, see above."),
            _ => new(Id, FindingStatus.Skip, "Could not be found out."),
        };
    }
}
