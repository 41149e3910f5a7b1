using System.Globalization;
using System.Text.Json;
using Signal.Configure;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>
/// Matomo's own data subject API (plugin PrivacyManager), which asks for admin access to the site. Visits are found by a segment and
/// exported or erased by number. What a real Matomo answers is written down in docs/destinations/matomo.md.
/// </summary>
internal sealed class DataSubjects(Integration integration, Subject subject, HandOnPurpose purpose) : IHandOn
{
    /// <summary>Conditions of one segment.</summary>
    private const int MostConditions = 20;

    /// <summary>A Matomo tells 401 visits at most.</summary>
    private const int Page = 401;

    /// <summary>PHP takes 1,000 fields of a form and drops the rest without a word; a visit needs two.</summary>
    private const int MostErased = 400;

    private const int MostExported = 20;
    private const int LongAnswer = 8 << 20;

    private readonly MatomoSettings _settings = MatomoSettings.Of(integration);

    /// <inheritdoc/>
    public HandOnStep Next(IReadOnlyList<DestinationResponse> answers) => new Turn(this, answers).Run();

    private HashSet<string> Visitors => [.. subject.AnonymousIds.Select(VisitorIds.Of)];

    // With another field than uid Matomo knows nobody by the user id.
    private HashSet<string> Users => _settings.UserIdField == "uid" ? [.. subject.UserIds.Select(AsSent).OfType<string>()] : [];

    private List<string> Segments() =>
        [.. Visitors.Select(v => $"visitorId=={v}").Concat(Users.Select(u => $"userId=={Encoded(u)}")).Chunk(MostConditions).Select(c => string.Join(',', c))];

    // A blank one would mean everybody without a user id.
    private static string? AsSent(string userId) => SafeValue.Of("uid", Value.Of(userId), _ => { });

    // Matomo stores it escaped for HTML and decodes a segment three times.
    private static string Encoded(string userId)
    {
        var text = userId.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#039;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        return Uri.EscapeDataString(Uri.EscapeDataString(Uri.EscapeDataString(text)));
    }

    private DestinationRequest Find(string segment, int offset) => Report(
        "findDataSubjects",
        new("idSite", _settings.SiteId), new("segment", segment), new("showColumns", "idSite,idVisit,visitorId,userId"), new("filter_offset", Number(offset)));

    private DestinationRequest OfVisits(string method, IEnumerable<long> visits) => Report(
        method,
        [.. visits.Index().SelectMany(v => new KeyValuePair<string, string>[] { new($"visits[{v.Index}][idsite]", _settings.SiteId), new($"visits[{v.Index}][idvisit]", Number(v.Item)) })]);

    private DestinationRequest Report(string method, params IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        Requests.Report(_settings with { Token = _settings.PrivacyToken ?? _settings.Token }, $"PrivacyManager.{method}", parameters) with { MaxAnswer = LongAnswer };

    private string ByHand(string because)
    {
        var conditions = Visitors.Select(v => $"Visitor ID is {v}").Concat(Users.Select(u => $"User ID is {u}"));
        var act = purpose switch { HandOnPurpose.Erase => "delete", HandOnPurpose.Export => "export", _ => "see" };
        return $"{because} Somebody with admin access to site {_settings.SiteId} can {act} it in Matomo: Administration > Privacy > GDPR Tools, choose the site, search for {string.Join(" or ", conditions)}, select every visit.";
    }

    private string? Left() => subject.SignedIn && subject.UserIds.Count == 0 && _settings.UserIdField == "uid"
        ? "The visitor has signed in: Matomo keeps visits from then on under the user ID. Ask by user ID too."
        : null;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One reading of the answers, from the first on.</summary>
    private sealed class Turn(DataSubjects of, IReadOnlyList<DestinationResponse> answers)
    {
        private readonly List<JsonElement> _exported = [];
        private readonly HashSet<long> _found = [];
        private int _read;
        private int _erased;
        private HandOnStep? _end;

        public HandOnStep Run()
        {
            foreach (var segment in of.Segments())
            {
                if (!(of.IsErasing ? Erase(segment) : Look(segment))) return _end!;
            }

            if (of.IsExporting && !Export()) return _end!;
            var count = of.IsErasing ? _erased : _found.Count;
            var status = count == 0 ? HandOnStatus.NothingFound : of.IsErasing ? HandOnStatus.Erased : HandOnStatus.Found;
            return new HandOnStep.Done(new HandOnResult(status, count, of.Left()) { Data = of.IsExporting ? _exported : null });
        }

        // Found again and again until there is nothing left: a Matomo tells only so many at once.
        private bool Erase(string segment)
        {
            for (var stalled = false; ;)
            {
                if (Ask(of.Find(segment, 0)) is not { } found || Theirs(found) is not { } theirs) return false;
                if (theirs.Count == 0) return true;
                if (Ask(of.OfVisits("deleteDataSubjects", theirs.Take(MostErased))) is not { } deleted) return false;
                var gone = deleted.TextAt("log_visit") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
                _erased += gone;

                // Somebody else may have been quicker; that the same are found once more tells.
                if (gone == 0 && stalled) return End(HandOnStatus.Failed, of.ByHand("Matomo finds visits and does not erase them."));
                stalled = gone == 0;
            }
        }

        private bool Look(string segment)
        {
            for (var offset = 0; ; offset += Page)
            {
                if (Ask(of.Find(segment, offset)) is not { } found || Theirs(found) is not { } theirs) return false;
                _found.UnionWith(theirs);
                if (found.GetArrayLength() < Page) return true;
            }
        }

        private bool Export()
        {
            foreach (var visits in _found.Order().Chunk(MostExported))
            {
                if (Ask(of.OfVisits("exportDataSubjects", visits)) is not { } tables) return false;
                _exported.Add(tables);
            }

            return true;
        }

        // Matomo compares user ids without regard to case and accents: those of others are left alone.
        private List<long>? Theirs(JsonElement found)
        {
            if (found.ValueKind == JsonValueKind.Array)
            {
                var (visitors, users) = (of.Visitors, of.Users);
                return
                [
                    .. found.EnumerateArray()
                        .Where(v => visitors.Contains(v.TextAt("visitorId") ?? "") || users.Contains(v.TextAt("userId") ?? ""))
                        .Select(v => long.TryParse(v.TextAt("idVisit"), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0),
                ];
            }

            End(HandOnStatus.Failed, of.ByHand("Matomo's answer is not what its data subject API answers."));
            return null;
        }

        // The answer as JSON; null when it has not come yet or ends everything.
        private JsonElement? Ask(DestinationRequest request)
        {
            if (_read == answers.Count)
            {
                _end = new HandOnStep.Ask(request);
                return null;
            }

            var answer = answers[_read++];
            var isJson = JsonText.TryParse(answer.Body, out var json) && answer.Failure is null;
            if (answer is { Status: 200 } && isJson && !IsError(json)) return json;
            _end = new HandOnStep.Done(of.Refusal(answer, isJson ? json : null) with { Visits = _erased });
            return null;
        }

        private bool End(HandOnStatus status, string remedy)
        {
            _end = new HandOnStep.Done(new HandOnResult(status, _erased, remedy));
            return false;
        }
    }

    private bool IsErasing => purpose == HandOnPurpose.Erase;

    private bool IsExporting => purpose == HandOnPurpose.Export;

    private static bool IsError(JsonElement json) => json.ValueKind == JsonValueKind.Object && json.TextAt("result") == "error";

    private HandOnResult Refusal(DestinationResponse answer, JsonElement? json) => answer switch
    {
        { Failure: not null } => new(HandOnStatus.Unreachable, 0, ByHand($"Matomo did not answer ({answer.Failure}). Try again later.")),
        { Status: 401 } when json is not null => new(HandOnStatus.NotAllowed, 0, ByHand(
            $"The token may not do this: Matomo asks for admin access to site {_settings.SiteId}, and the token for tracking has less, as it should. Enter a privacy token in the settings of the integration, or do it by hand.")),
        { Status: 401 } => new(HandOnStatus.NotAllowed, 0, ByHand("Matomo does not know the token. Correct it, or do it by hand.")) { Refused = true },
        { Status: 200 } when json is { } said => new(HandOnStatus.Failed, 0, ByHand($"Matomo refuses: {Shown(said.TextAt("message"))}")),
        { Status: 200 } when answer.Body.Length > LongAnswer / 4 => new(HandOnStatus.Failed, 0, ByHand("There is too much to be fetched at once.")),
        _ => new(HandOnStatus.Unreachable, 0, ByHand($"Matomo, or something before it, answered {answer.Status}. Try again later.")),
    };

    private string Shown(string? message) => SafeText.Cut(SafeText.Valid(message ?? "no reason given"), 200)
        .Replace(_settings.Token, "***", StringComparison.OrdinalIgnoreCase)
        .Replace(_settings.PrivacyToken ?? _settings.Token, "***", StringComparison.OrdinalIgnoreCase);
}
