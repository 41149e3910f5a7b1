using System.Text.Json;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>What is known of the token.</summary>
internal enum TokenState
{
    /// <summary>It may write to the site, in bulk too.</summary>
    Good,

    /// <summary>It may write, but not in bulk: a superuser's, restricted to secure requests.</summary>
    SecureOnly,

    /// <summary>It is known, and may look at the site, not write to it.</summary>
    NoWrite,

    /// <summary>It is known, and its user may not even look at the site.</summary>
    NoAccess,

    /// <summary>Nobody knows it.</summary>
    Wrong,

    /// <summary>It is refused, and why could not be found out.</summary>
    Refused,

    /// <summary>Matomo refuses this machine for a while after too many wrong tokens.</summary>
    Blocked,

    /// <summary>Could not be found out.</summary>
    Unclear,
}

/// <summary>The answers of an examination, read.</summary>
internal sealed class Symptoms(MatomoSettings settings, IReadOnlyDictionary<string, QuestionAnswer> answers)
{
    internal const string Ping = "ping";
    internal const string RestrictedPing = "restricted_ping";
    internal const string Probe = "probe";
    internal const string OpenBulk = "open_bulk";
    internal const string Queue = "queue";
    internal const string Version = "version";
    internal const string Site = "site";
    internal const string Goals = "goals";
    internal const string Dimensions = "dimensions";
    internal const string Visits = "visits";
    internal const string Place = "place";
    internal const string DoNotTrack = "do_not_track";
    internal const string GlobalAddresses = "global_addresses";
    internal const string GlobalAgents = "global_agents";

    /// <summary>The integration's settings.</summary>
    internal MatomoSettings Settings => settings;

    /// <summary>The counts of the two pings; null when there are none.</summary>
    internal Counts? ProbeCounts => Answer(Probe) is { Failure: null } answer ? Answers.CountsOf(answer) : null;

    /// <summary>The address speaks Matomo's tracking protocol, well or unwell.</summary>
    internal bool IsTracker => Answer(Ping) is { Failure: null } answer
        && (Answers.IsPicture(answer) || answer.Status is 204 or 500 or 503 || (answer.Status == 400 && answer.Body.Contains("Matomo", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Requests wait in a queue even where Signal asks to go around it.</summary>
    internal bool IsQueued => Answer(Probe) is { Failure: null, Status: 200 } answer && Answers.IsPicture(answer);

    /// <summary>The site exists.</summary>
    internal bool IsSiteKnown => IsQueued || ProbeCounts is { Success: true, Invalid: < 2 };

    /// <summary>What is known of the token.</summary>
    internal TokenState Token => ProbeCounts switch
    {
        { Success: true, Tracked: 2 } => TokenState.Good,
        { Success: true, Tracked: 1, Invalid: 1 } when IsSuccess(RestrictedPing) => TokenState.SecureOnly,
        { Success: true, Tracked: 1, Invalid: 1 } when Json(Site) is not null => TokenState.NoWrite,
        { Success: true, Tracked: 1, Invalid: 1 } => Answer(Version)?.Status switch { 200 => TokenState.NoAccess, 401 => TokenState.Wrong, _ => TokenState.Refused },
        { Success: true, Tracked: 0, Invalid: 2 } => Answer(Version) is { Status: 401 } ? TokenState.Wrong : TokenState.Unclear,
        { Success: false } when Answer(OpenBulk) is { Status: 200 } => TokenState.Blocked,
        { Success: false } when Answer(Version) is { Status: 401 } => TokenState.Wrong,
        null when IsQueued && Json(Site) is not null => TokenState.Good,
        null when IsQueued => Answer(Version) is { Status: 200 } ? TokenState.NoAccess : TokenState.Wrong,
        _ => TokenState.Unclear,
    };

    /// <summary>How many answers refused the token: the tracker's, and the reporting API's first; a known token that may not read a site is none of them.</summary>
    internal int Refusals => (ProbeCounts is { Success: true, Tracked: 1, Invalid: 1 } || (ProbeCounts is { Success: false } && Token is TokenState.Wrong) ? 1 : 0)
        + (Answer(RestrictedPing) is { Status: 400 } ? 1 : 0)
        + (Answer(Version) is { Status: 401 } ? 1 : 0);

    /// <summary>The answer to a question, or null when it was not asked.</summary>
    internal DestinationResponse? Answer(string question) => answers.GetValueOrDefault(question)?.Response;

    /// <summary>The answer with its time, or null.</summary>
    internal QuestionAnswer? Timed(string question) => answers.GetValueOrDefault(question);

    /// <summary>The reporting API's answer as JSON; null when it is none, or an error.</summary>
    internal JsonElement? Json(string question)
    {
        if (Answer(question) is not { Status: 200 } answer) return null;
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object && root.TextAt("result") == "error" ? null : root;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What shows it: the answer's status and the beginning of its body, the token masked in case it was echoed.</summary>
    internal string? Evidence(string question)
    {
        if (Answer(question) is not { } answer) return null;
        if (answer.Failure is { } failure) return $"{question}: {failure}{(answer.Body.Length > 0 ? $", {Shown(answer.Body)}" : "")}";
        var body = Answers.IsPicture(answer) ? "a picture" : Shown(answer.Body);
        return $"{question}: {answer.Status} {body}".TrimEnd();
    }

    private bool IsSuccess(string question) => Answer(question) is { Failure: null } answer && (answer.Status == 204 || (answer.Status == 200 && Answers.IsPicture(answer)));

    private string Shown(string body) => SafeText.Cut(SafeText.Valid(body), 160).Replace(Settings.Token, "***", StringComparison.OrdinalIgnoreCase);
}
