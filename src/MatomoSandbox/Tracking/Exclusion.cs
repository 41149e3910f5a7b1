using System.Net;

namespace MatomoSandbox.Tracking;

/// <summary>Decides whether a hit is left out. Such a hit is answered as if it had been recorded.</summary>
internal sealed class Exclusion(SandboxOptions options, SandboxSite site, SandboxFaults faults, TrackerRequest request)
{
    // A few of the hosts that send made-up referrers.
    private static readonly string[] Spammers = ["semalt.com", "darodar.com", "buttons-for-website.com", "ilovevitaly.com", "best-seo-offer.com"];

    public bool Applies(Parameters parameters, IPAddress? ip, string agent, Device device) =>
        IsRobot(parameters, ip, device)
        || parameters.Whole("rec", 0) == 0
        || (faults.Dnt && AsksNotToTrack(request))
        || (request.Header("Cookie") ?? "").Contains("matomo_ignore=ignore", StringComparison.Ordinal)
        || (ip is not null && site.ExcludedIps.Concat(options.ExcludedIps).Concat(faults.ExcludedIps).Any(range => Address.Matches(ip, range)))
        || site.ExcludedUserAgents.Concat(options.ExcludedUserAgents).Any(part => agent.Contains(part, StringComparison.OrdinalIgnoreCase))
        || IsSpam(parameters)
        || IsForeign(parameters)
        || request.Header("X-Purpose") is "preview" or "instant"
        || request.Header("X-Moz") is "prefetch";

    public static bool AsksNotToTrack(TrackerRequest request) => request.Header("DNT") == "1" || request.Header("X-Do-Not-Track") == "1";

    private static bool IsRobot(Parameters parameters, IPAddress? ip, Device device) =>
        parameters.Whole("bots", 0) == 0 && (device.IsBot || Address.IsRobot(ip));

    private static bool IsSpam(Parameters parameters)
    {
        var host = PageAddress.Parse(parameters.Plain("urlref")).Host;
        return Spammers.Any(spammer => host == spammer || host.EndsWith("." + spammer, StringComparison.Ordinal));
    }

    private bool IsForeign(Parameters parameters)
    {
        if (!site.ExcludeUnknownUrls || site.Urls.Length == 0)
            return false;
        var page = PageAddress.Parse(parameters.Plain("url"));
        return !site.Urls.Select(PageAddress.Parse).Any(own => Bare(own.Host) == Bare(page.Host) && StartsWith(page.Path, own.Path.TrimEnd('/')));
    }

    private static bool StartsWith(string path, string folder) =>
        folder.Length == 0 || path == folder || path.StartsWith(folder + "/", StringComparison.OrdinalIgnoreCase);

    private static string Bare(string host) => host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
}
