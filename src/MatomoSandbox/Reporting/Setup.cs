using System.Text.Json.Nodes;

namespace MatomoSandbox.Reporting;

/// <summary>Sites, goals and dimensions as the reporting API tells them: numbers and flags as JSON numbers.</summary>
internal static class Setup
{
    public static JsonObject Site(SandboxSite site) => new()
    {
        ["idsite"] = site.Id,
        ["name"] = site.Name,
        ["main_url"] = site.Urls.FirstOrDefault() ?? "",
        ["ecommerce"] = site.Ecommerce ? 1 : 0,
        ["sitesearch"] = site.SiteSearch ? 1 : 0,
        ["timezone"] = site.TimeZone,
        ["currency"] = site.Currency,
        ["exclude_unknown_urls"] = site.ExcludeUnknownUrls ? 1 : 0,
        ["excluded_ips"] = string.Join(',', site.ExcludedIps),
        ["excluded_parameters"] = string.Join(',', site.ExcludedParameters),
        ["excluded_user_agents"] = string.Join(',', site.ExcludedUserAgents),
        ["keep_url_fragment"] = site.KeepUrlFragment ? 1 : 0,
        ["type"] = "website",
    };

    public static JsonArray Goals(SandboxOptions options, SandboxSite site) =>
    [
        .. options.Goals.Where(goal => goal.Site == site.Id).Select(goal => new JsonObject
        {
            ["idsite"] = goal.Site,
            ["idgoal"] = goal.Id,
            ["name"] = goal.Name,
            ["match_attribute"] = Attribute(goal.Match),
            ["pattern"] = goal.Pattern,
            ["pattern_type"] = goal.Match == GoalMatch.Manual ? "" : "contains",
            ["allow_multiple"] = goal.SeveralPerVisit ? 1 : 0,
            ["revenue"] = goal.Revenue,
        }),
    ];

    public static JsonArray Dimensions(SandboxOptions options, SandboxSite site) =>
    [
        .. options.Dimensions.Where(dimension => dimension.Site == site.Id).Select(dimension => new JsonObject
        {
            ["idcustomdimension"] = dimension.Id.ToString(),
            ["idsite"] = dimension.Site.ToString(),
            ["name"] = dimension.Name,
            ["index"] = Slot(options, dimension).ToString(),
            ["scope"] = dimension.Scope == DimensionScope.Visit ? "visit" : "action",
            ["active"] = true,
        }),
    ];

    /// <summary>Where an address is: always the same place, or what the asking browser's language suggests.</summary>
    public static JsonObject Location(SandboxOptions options, string ip, string byLanguage) => new()
    {
        ["country_code"] = options.LocationDatabase ? "us" : byLanguage,
        ["ip"] = ip,
    };

    private static int Slot(SandboxOptions options, SandboxDimension dimension) => options.Dimensions
        .Where(other => other.Site == dimension.Site && other.Scope == dimension.Scope)
        .TakeWhile(other => other.Id != dimension.Id)
        .Count() + 1;

    private static string Attribute(GoalMatch match) => match switch
    {
        GoalMatch.Address => "url",
        GoalMatch.Title => "title",
        GoalMatch.EventAction => "event_action",
        _ => "manually",
    };
}
