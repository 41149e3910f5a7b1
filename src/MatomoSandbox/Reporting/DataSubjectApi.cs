using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatomoSandbox.Php;
using MatomoSandbox.Recording;
using MatomoSandbox.Tracking;

namespace MatomoSandbox.Reporting;

/// <summary>
/// The plugin PrivacyManager's data subject API as a Matomo 5.2 was observed to answer it: admin access, at most 401 visits told at
/// once, errors with status 200, a form of at most 1,000 fields.
/// </summary>
internal sealed partial class DataSubjectApi(SandboxOptions options, SandboxState state, Store store)
{
    private const string Plugin = "PrivacyManager.";
    private const int MostVisits = 401;
    private const int MostInForm = 498;

    public static bool Answers(string method) => method.StartsWith(Plugin, StringComparison.Ordinal);

    /// <summary>Whether the request takes something away.</summary>
    public static bool Erases(string method) => method == Plugin + "deleteDataSubjects";

    /// <param name="sent">The parameters.</param>
    /// <param name="token">Whose request it is; null when nobody's.</param>
    public (int Status, JsonNode Body) Answer(Parameters sent, SandboxToken? token)
    {
        if (token is null || !options.Sites.Any(site => token.Administers(site.Id)))
            return (401, Error("You can't access this resource as it requires admin access for at least one website."));
        return sent.Text("method")[Plugin.Length..] switch
        {
            "findDataSubjects" => Find(sent, token),
            "exportDataSubjects" => OfVisits(sent, token, Exported),
            "deleteDataSubjects" => OfVisits(sent, token, Deleted),
            var method => (400, Error($"The method '{method}' does not exist or is not available in the module 'PrivacyManager'.")),
        };
    }

    private (int Status, JsonNode Body) Find(Parameters sent, SandboxToken token)
    {
        var site = (int)Math.Clamp(sent.Whole("idSite", 0), 0, int.MaxValue);
        if (!token.Reads(site))
            return (401, Error($"You can't access this resource as it requires 'view' access for the website id = {site}."));
        var segment = sent.Plain("segment");
        if (segment.Length == 0)
            return (200, Error("Please specify a value for 'segment'."));
        var conditions = segment.Split(',').Select(part => part.Split("==", 2)).ToList();
        foreach (var condition in conditions)
        {
            if (condition.Length < 2)
                return (200, Error($"The segment condition '{condition[0]}' is not valid."));
            if (condition[0] is not ("visitorId" or "userId"))
                return (200, Error($"Segment '{condition[0]}' is not a supported segment."));
            if (condition[0] == "visitorId" && !VisitorId().IsMatch(condition[1]))
                return (200, Error("visitorId is expected to be a 16 hex char string"));
        }

        var found = state.Visits
            .Where(visit => visit.Site == site && conditions.Any(condition => Fits(visit, condition[0], condition[1])))
            .OrderByDescending(visit => visit.Last).ThenByDescending(visit => visit.Id)
            .Skip((int)Math.Max(0, sent.Whole("filter_offset", 0)))
            .Take(MostVisits);
        var columns = sent.Text("showColumns") is { Length: > 0 } list ? list.Split(',') : null;
        return (200, new JsonArray([.. found.Select(visit => Row(visit, columns))]));
    }

    // Decoded three times, and compared with the text as it is stored, escaped. An empty value finds everybody without a user.
    private static bool Fits(Visit visit, string name, string value)
    {
        if (name == "visitorId")
            return visit.Visitor == value;
        var decoded = WebUtility.UrlDecode(WebUtility.UrlDecode(WebUtility.UrlDecode(value)));
        return decoded.Length == 0 ? visit.UserId is null : visit.UserId is { } user && Collation.Same(user, decoded);
    }

    private static JsonObject Row(Visit visit, string[]? columns)
    {
        var row = new JsonObject
        {
            ["idSite"] = visit.Site,
            ["idVisit"] = visit.Id,
            ["visitIp"] = visit.Ip ?? "0.0.0.0",
            ["visitorId"] = visit.Visitor,
            ["lastActionDateTime"] = DateTimeOffset.FromUnixTimeSeconds(visit.Last).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            ["userId"] = visit.UserId is { } user ? PhpText.Unescape(user) : null,
        };
        foreach (var name in row.Select(pair => pair.Key).Where(key => columns?.Contains(key) == false).ToList())
            row.Remove(name);
        return row;
    }

    private static (int Status, JsonNode Body) OfVisits(Parameters sent, SandboxToken token, Func<IReadOnlyList<int>, JsonNode> act)
    {
        if (!sent.Given("visits"))
            return (200, Error("Please specify a value for 'visits'."));
        if (sent.Raw("visits") is not PhpArray list)
            return (200, Error("visits: No list of visits given"));
        var visits = new List<(int Site, int Visit)>();
        foreach (var (index, item) in list)
        {
            // What PHP drops of a long form is missing here, without a word.
            if (item is not PhpArray visit || !visit.Has("idsite"))
                return (200, Error($"visits: No idsite key set for visit at index {index}"));
            if (!visit.Has("idvisit") || visits.Count == MostInForm)
                return (200, Error($"visits: No idvisit key set for visit at index {index}"));
            visits.Add(((int)PhpNumber.ToLong(PhpNumber.Text(visit["idsite"]!)), (int)PhpNumber.ToLong(PhpNumber.Text(visit["idvisit"]!))));
        }

        return visits.FirstOrDefault(visit => !token.Administers(visit.Site)) is { Site: not 0 } other
            ? (401, Error($"You can't access this resource as it requires 'admin' access for the website id = {other.Site}."))
            : (200, act([.. visits.Select(visit => visit.Visit)]));
    }

    private JsonObject Exported(IReadOnlyList<int> visits) => new()
    {
        ["log_visit"] = Rows(state.Visits.Where(row => visits.Contains(row.Id)), row => Row(row, null)),
        ["log_link_visit_action"] = Rows(state.Actions.Where(row => visits.Contains(row.VisitId)), row => new JsonObject { ["idvisit"] = row.VisitId, ["idaction_url"] = row.Url }),
        ["log_conversion_item"] = Rows(state.Items.Where(row => visits.Contains(row.VisitId)), row => new JsonObject { ["idvisit"] = row.VisitId, ["idorder"] = row.Order, ["idaction_sku"] = row.Sku }),
        ["log_conversion"] = Rows(state.Conversions.Where(row => visits.Contains(row.VisitId)), row => new JsonObject { ["idvisit"] = row.VisitId, ["idgoal"] = row.Goal, ["idorder"] = row.Order, ["revenue"] = row.Revenue }),
    };

    private JsonObject Deleted(IReadOnlyList<int> visits)
    {
        var rows = new JsonObject
        {
            ["log_visit"] = state.Visits.Count(row => visits.Contains(row.Id)),
            ["log_link_visit_action"] = state.Actions.Count(row => visits.Contains(row.VisitId)),
            ["log_conversion_item"] = state.Items.Count(row => visits.Contains(row.VisitId)),
            ["log_conversion"] = state.Conversions.Count(row => visits.Contains(row.VisitId)),
        };
        foreach (var visit in visits)
            store.Erase(visit);
        return rows;
    }

    private static JsonArray Rows<TRow>(IEnumerable<TRow> rows, Func<TRow, JsonNode> tell) => [.. rows.Select(tell)];

    private static JsonObject Error(string message) => new() { ["result"] = "error", ["message"] = message };

    [GeneratedRegex(@"\A[0-9a-f]{16}\z")]
    private static partial Regex VisitorId();
}
