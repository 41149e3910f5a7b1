using Signal.Configure;

namespace Signal.Destinations.Matomo;

/// <summary>
/// Examines an integration with pings, which record nothing, and read-only questions to the reporting API. At most three refused
/// tokens in a run: some twenty in an hour make a Matomo block the sender.
/// </summary>
internal sealed class Examination(Integration integration, string nonce) : IExamination
{
    /// <summary>An address that every database of places knows.</summary>
    private const string KnownAddress = "8.8.8.8";

    private readonly MatomoSettings _settings = MatomoSettings.Of(integration);

    /// <inheritdoc/>
    public IReadOnlyList<Question> Next(IReadOnlyDictionary<string, QuestionAnswer> answers) =>
        [.. Wanted(new Symptoms(_settings, answers)).Where(q => !answers.ContainsKey(q)).Select(q => new Question(q, RequestOf(q)))];

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Findings(IReadOnlyDictionary<string, QuestionAnswer> answers)
    {
        var symptoms = new Symptoms(_settings, answers);
        return [.. ConnectionFindings.Of(symptoms), .. AccessFindings.Of(symptoms), .. SiteFindings.Of(symptoms, integration), .. ConnectionFindings.OfBehaviour(symptoms)];
    }

    /// <inheritdoc/>
    public int Refusals(IReadOnlyDictionary<string, QuestionAnswer> answers) => new Symptoms(_settings, answers).Refusals;

    private static IEnumerable<string> Wanted(Symptoms symptoms)
    {
        yield return Symptoms.Ping;
        if (symptoms.Answer(Symptoms.Ping) is null || !symptoms.IsTracker) yield break;
        yield return Symptoms.Probe;
        if (symptoms.Answer(Symptoms.Probe) is null) yield break;
        if (symptoms.Token is TokenState.Unclear) yield return Symptoms.OpenBulk;
        if (symptoms.ProbeCounts is { Success: false } && symptoms.Answer(Symptoms.OpenBulk) is { Status: not 200 }) yield return Symptoms.Version;
        if (symptoms.ProbeCounts is { Tracked: 1, Invalid: 1 }) yield return Symptoms.RestrictedPing;
        if (symptoms.ProbeCounts is { Success: true } || symptoms.IsQueued) yield return Symptoms.Version;
        if (symptoms.Answer(Symptoms.Version) is null or { Status: 401 }) yield break;
        if (symptoms.IsSiteKnown) yield return Symptoms.Site;
        if (symptoms.IsSiteKnown) yield return Symptoms.DoNotTrack;
        if (symptoms.Token is not TokenState.Good and not TokenState.SecureOnly) yield break;
        foreach (var question in new[] { Symptoms.Queue, Symptoms.Goals, Symptoms.Dimensions, Symptoms.Visits, Symptoms.Place, Symptoms.GlobalAddresses, Symptoms.GlobalAgents }) yield return question;
    }

    private DestinationRequest RequestOf(string question)
    {
        var site = new KeyValuePair<string, string>("idSite", _settings.SiteId);
        return question switch
        {
            Symptoms.Ping => Requests.Ping(_settings, nonce, restricted: false),
            Symptoms.RestrictedPing => Requests.Ping(_settings, nonce, restricted: true),
            Symptoms.Probe => Requests.Pings(_settings, nonce, withToken: true, aroundQueue: true),
            Symptoms.OpenBulk => Requests.Pings(_settings, nonce, withToken: false, aroundQueue: true),
            Symptoms.Queue => Requests.Pings(_settings, nonce, withToken: true, aroundQueue: false),
            Symptoms.Version => Requests.Report(_settings, "API.getMatomoVersion"),
            Symptoms.Site => Requests.Report(_settings, "SitesManager.getSiteFromId", site),
            Symptoms.Goals => Requests.Report(_settings, "Goals.getGoals", site),
            Symptoms.Dimensions => Requests.Report(_settings, "CustomDimensions.getConfiguredCustomDimensions", site),
            Symptoms.Visits => Requests.Report(
                _settings,
                "Live.getLastVisitsDetails",
                site,
                new("period", "range"),
                new("date", "last2"),
                new("filter_limit", "10"),
                new("doNotFetchActions", "1")),
            Symptoms.DoNotTrack => Requests.DoNotTrackPing(_settings, nonce),
            Symptoms.GlobalAddresses => Requests.Report(_settings, "SitesManager.getExcludedIpsGlobal"),
            Symptoms.GlobalAgents => Requests.Report(_settings, "SitesManager.getExcludedUserAgentsGlobal"),
            Symptoms.Place => Requests.Report(_settings, "UserCountry.getLocationFromIP", new KeyValuePair<string, string>("ip", KnownAddress)),
            _ => throw new ArgumentOutOfRangeException(nameof(question), question, "There is no such question."),
        };
    }
}
