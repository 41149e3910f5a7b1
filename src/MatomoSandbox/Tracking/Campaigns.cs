namespace MatomoSandbox.Tracking;

/// <summary>Parameters that name a campaign, and its keyword, in order of precedence.</summary>
internal static class Campaigns
{
    public static readonly string[] Names =
        ["pk_cpn", "pk_campaign", "piwik_campaign", "mtm_campaign", "matomo_campaign", "utm_campaign", "utm_source", "utm_medium"];

    public static readonly string[] Keywords =
        ["pk_kwd", "pk_keyword", "piwik_kwd", "mtm_kwd", "mtm_keyword", "matomo_kwd", "utm_term"];
}
