using System.Text.Json;
using Signal.Configure;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>Findings about the site's set-up, read through the reporting API.</summary>
internal static class SiteFindings
{
    private static readonly string[] NoCountry = ["", "xx", "unknown"];

    /// <summary>ecommerce, geolocation, exclusions, visitor_id, dimensions, goals.</summary>
    internal static IEnumerable<Finding> Of(Symptoms s, Integration integration) =>
        [Ecommerce(s), Geolocation(s), Exclusions(s), VisitorId(s), Dimensions(s, integration), Goals(s, integration)];

    private static Finding Ecommerce(Symptoms s)
    {
        const string Id = "ecommerce";
        if (s.Json(Symptoms.Site) is not { } site) return Unread(Id);
        var currency = site.TextAt("currency")?.ToUpperInvariant();
        var evidence = $"ecommerce={site.TextAt("ecommerce")}, currency={currency}";
        if (site.TextAt("ecommerce") is not ("1" or "true"))
            return new(Id, FindingStatus.Warn, "Ecommerce is off for this site: Matomo stores orders and carts, but hides the ecommerce reports.", evidence, "If this is a shop, switch it on: Administration > Websites > Manage > edit the site > Ecommerce.");
        if (s.Settings.Currency is { } own && currency is not null && own != currency)
            return new(Id, FindingStatus.Warn, $"The settings say the site's currency is {own}; in Matomo it is {currency}.", evidence, $"Set the site's currency to {currency} in the settings, with rates for the others.");
        if (s.Settings.Currency is null && currency is not null)
            return new(Id, FindingStatus.Warn, $"Ecommerce is on. Matomo takes every amount for {currency}, the site's currency, which the settings do not name: events in another currency are counted as they are.", evidence, $"Set the site's currency to {currency} in the settings, with rates for the others.");
        return new(Id, FindingStatus.Pass, $"Ecommerce is on; amounts are taken for {currency}.", evidence);
    }

    private static Finding Geolocation(Symptoms s)
    {
        const string Id = "geolocation";
        const string Remedy = "Install a GeoIP database under Administration > System > Geolocation. Visits of private addresses stay without a place.";
        if (s.Json(Symptoms.Place) is { } place && place.TextAt("country_code") is { } code)
        {
            return NoCountry.Contains(code)
                ? new(Id, FindingStatus.Warn, "Matomo has no database of places. Signal sends the visitor's address; Matomo guesses the country from the browser's language, and knows no region and no city.", s.Evidence(Symptoms.Place), Remedy)
                : new(Id, FindingStatus.Pass, "Matomo looks addresses up in a database of places.", s.Evidence(Symptoms.Place));
        }

        if (s.Json(Symptoms.Visits) is not { ValueKind: JsonValueKind.Array } visits) return Unread(Id);
        if (visits.GetArrayLength() == 0) return new(Id, FindingStatus.Skip, "No visits in the last two days to tell by.");
        var located = visits.EnumerateArray().Count(v => !NoCountry.Contains(v.TextAt("countryCode") ?? ""));
        var evidence = $"{located} of the last {visits.GetArrayLength()} visits have a country.";
        return located > 0
            ? new(Id, FindingStatus.Pass, "Matomo places visitors in countries.", evidence)
            : new(Id, FindingStatus.Warn, "Matomo places no visitor anywhere. Signal sends the address; the database to look it up is missing.", evidence, Remedy);
    }

    private static Finding Exclusions(Symptoms s)
    {
        const string Id = "exclusions";
        if (s.Json(Symptoms.Site) is not { } site) return Unread(Id);
        var rules = new List<string>();
        if (site.TextAt("excluded_ips") is { } ips) rules.Add($"addresses {SafeText.Cut(ips, 100)}");
        if (site.TextAt("excluded_user_agents") is { } agents) rules.Add($"user agents {SafeText.Cut(agents, 100)}");
        if (site.TextAt("exclude_unknown_urls") is "1" or "true") rules.Add($"pages outside the site's own addresses ({site.TextAt("main_url")})");
        if (Global(s, Symptoms.GlobalAddresses) is { Length: > 0 } everywhere) rules.Add($"addresses {SafeText.Cut(everywhere, 100)} (all sites)");
        if (Global(s, Symptoms.GlobalAgents) is { Length: > 0 } agentsEverywhere) rules.Add($"user agents {SafeText.Cut(agentsEverywhere, 100)} (all sites)");
        if (s.Answer(Symptoms.DoNotTrack)?.TrackingStatus == "N") rules.Add("visitors whose browser asks not to be tracked (Do Not Track)");

        var unseen = new List<string>();
        if (Global(s, Symptoms.GlobalAddresses) is null || Global(s, Symptoms.GlobalAgents) is null) unseen.Add("the lists that hold for all sites, which only an administrator's token may read (Administration > Websites > Settings)");
        if (s.Answer(Symptoms.DoNotTrack) is not { Failure: null, Status: 200 or 204 }) unseen.Add("whether Do Not Track is honoured");
        var rest = $"Matomo says success to such events and records nothing. The same goes for robots.{(unseen.Count > 0 ? $" Not seen: {string.Join("; ", unseen)}." : "")}";
        return rules.Count == 0
            ? new(Id, FindingStatus.Pass, unseen.Count == 0 ? $"Nobody is excluded, and Do Not Track is not honoured. {rest}" : $"The site itself excludes nobody. {rest}")
            : new(Id, FindingStatus.Warn, $"Excluded are {string.Join("; ", rules)}. {rest}", null, "If events are missing, look there first: Administration > Websites > Manage > edit the site, and Settings; for Do Not Track Administration > Privacy > Users opt-out.");
    }

    // A list that holds for all sites; empty when it is (Matomo says false), null when it could not be read.
    private static string? Global(Symptoms s, string question) =>
        s.Json(question) is not { } list ? null
        : list.TextAt("value") is { } text ? (text is "false" or "0" ? "" : text)
        : string.Join(", ", Rows(list).Select(r => r.ScalarText()).OfType<string>());

    private static Finding VisitorId(Symptoms s)
    {
        const string Id = "visitor_id";
        var identity = s.Settings.UserIdField switch
        {
            "uid" => "Known users carry uid, from which Matomo by default derives the visitor: a user's devices are one visitor.",
            null => "User IDs are not sent.",
            { } field => $"User IDs are sent as {field}.",
        };
        var blank = s.Json(Symptoms.Visits) is { ValueKind: JsonValueKind.Array } visits && visits.EnumerateArray().Any(v => v.TextAt("visitorId") is null or "0000000000000000");
        return blank
            ? new(Id, FindingStatus.Warn, $"Recent visits lack a visitor ID. They do not come from Signal, which gives every event one. {identity}", null, "Look for another tracker on the site that sends a broken _id.")
            : new(Id, FindingStatus.Pass, $"Every event carries _id and cid, derived from the visitor's anonymous ID and the same for ever. {identity}");
    }

    private static Finding Dimensions(Symptoms s, Integration integration)
    {
        const string Id = "dimensions";
        var used = integration.Mappings.Select(m => m.Target).Append(s.Settings.UserIdField ?? "")
            .Where(t => t.StartsWith("dimension", StringComparison.Ordinal)).Select(t => t["dimension".Length..]).Distinct().ToList();
        if (used.Count == 0) return new(Id, FindingStatus.Skip, "The mapping uses no custom dimension.");
        if (s.Json(Symptoms.Dimensions) is not { } json) return Unread(Id, "Make sure the plugin Custom Dimensions is active.");
        var known = Rows(json).Where(d => d.TextAt("active") is not ("false" or "0")).Select(d => d.TextAt("idcustomdimension")).ToHashSet();
        return Missing(Id, used, known, "custom dimension", "Matomo ignores it", "Use the ID that Administration > Websites > Custom Dimensions shows (not the slot), or activate the dimension there.");
    }

    private static Finding Goals(Symptoms s, Integration integration)
    {
        const string Id = "goals";
        var used = integration.Mappings.Where(m => m.Target == "idgoal").Select(m => Value.Of(m.Value)?.Text.Trim())
            .OfType<string>().Where(g => g is not ("0" or "view" or "")).Distinct().ToList();
        if (used.Count == 0) return new(Id, FindingStatus.Skip, "The mapping names no goal.");
        if (s.Json(Symptoms.Goals) is not { } json) return Unread(Id);
        var known = Rows(json).Select(g => g.TextAt("idgoal")).ToHashSet();
        return Missing(Id, used, known, "goal", "Matomo refuses its conversions", "Use the ID that Administration > Websites > Goals shows.");
    }

    private static Finding Missing(string id, List<string> used, HashSet<string?> known, string what, string effect, string remedy)
    {
        var evidence = $"Matomo has: {(known.Count == 0 ? "none" : string.Join(", ", known.Order(StringComparer.Ordinal)))}.";
        var missing = used.Where(u => !known.Contains(u)).ToList();
        return missing.Count == 0
            ? new(id, FindingStatus.Pass, $"Every {what} of the mapping exists: {string.Join(", ", used)}.", evidence)
            : new(id, FindingStatus.Fail, $"The site has no active {what} {string.Join(", ", missing)}, which the mapping names. {effect}.", evidence, remedy);
    }

    // PHP writes a list with gaps as an object.
    private static IEnumerable<JsonElement> Rows(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray(),
        JsonValueKind.Object => json.EnumerateObject().Select(p => p.Value),
        _ => [],
    };

    private static Finding Unread(string id, string? remedy = null) => new(id, FindingStatus.Skip, "Matomo's reporting API did not tell: the token may not read there, or something above failed first.", null, remedy);
}
