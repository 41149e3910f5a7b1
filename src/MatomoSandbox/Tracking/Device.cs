using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>What a user agent gives away, in Matomo's short names. A small table; enough for browsers people use.</summary>
internal sealed partial record Device(string Browser, string Version, string Os, bool IsBot)
{
    private const string Unknown = "UNK";
    private const int MostRemembered = 1000;
    private static readonly ConcurrentDictionary<string, Device> Known = new();

    private static readonly (string Pattern, string Browser)[] Browsers =
    [
        (@"Edg(?:e|A|iOS)?/([\d.]+)", "PS"),
        (@"OPR/([\d.]+)", "OP"),
        (@"SamsungBrowser/([\d.]+)", "SB"),
        (@"HeadlessChrome/([\d.]+)", "HC"),
        (@"FxiOS/([\d.]+)", "FM"),
        (@"Android.*Firefox/([\d.]+)", "FM"),
        (@"Firefox/([\d.]+)", "FF"),
        (@"CriOS/([\d.]+)", "CI"),
        (@"Chrome/([\d.]+).*Mobile", "CM"),
        (@"Chrome/([\d.]+)", "CH"),
        (@"(?:iPhone|iPad).*Version/([\d.]+).*Safari/", "MF"),
        (@"Version/([\d.]+).*Safari/", "SF"),
        (@"(?:MSIE |Trident/.*rv:)([\d.]+)", "IE"),
    ];

    private static readonly (string Part, string Os)[] Systems =
    [
        ("Windows", "WIN"), ("Android", "AND"), ("iPhone", "IOS"), ("iPad", "IOS"), ("Mac OS X", "MAC"), ("CrOS", "COS"), ("Linux", "LIN"),
    ];

    private static readonly (string Part, string Os)[] Platforms =
    [
        ("Windows", "WIN"), ("Android", "AND"), ("iOS", "IOS"), ("macOS", "MAC"), ("Chrome OS", "COS"), ("Linux", "LIN"),
    ];

    /// <summary>Client hints know the system, and the version in full, better than the agent.</summary>
    public static Device Of(string agent, PhpArray? hints = null)
    {
        var said = Known.TryGetValue(agent, out var met) ? met : Remember(agent);
        if (said.IsBot)
            return said;
        var platform = hints?["platform"] as string ?? "";
        var os = Platforms.FirstOrDefault(known => known.Part.Equals(platform, StringComparison.OrdinalIgnoreCase)).Os ?? said.Os;
        return said with { Os = os, Version = FullVersion(said.Browser, hints) ?? said.Version };
    }

    private static string? FullVersion(string browser, PhpArray? hints)
    {
        var brands = (hints?["fullVersionList"] as PhpArray ?? []).Select(pair => pair.Value).OfType<PhpArray>();
        var wanted = browser switch { "PS" => "Microsoft Edge", "OP" => "Opera", _ => "Google Chrome" };
        return brands
            .Where(brand => brand["brand"] is string name && (name == wanted || name == "Chromium"))
            .OrderBy(brand => brand["brand"] is "Chromium")
            .Select(brand => brand["version"] as string)
            .FirstOrDefault();
    }

    private static Device Remember(string agent)
    {
        if (Known.Count >= MostRemembered)
            Known.Clear();
        return Known[agent] = Read(agent);
    }

    private static Device Read(string agent)
    {
        if (Bots().IsMatch(agent))
            return new Device(Unknown, "", "BOT", true);
        var os = Systems.FirstOrDefault(system => agent.Contains(system.Part, StringComparison.Ordinal)).Os ?? Unknown;
        foreach (var (pattern, browser) in Browsers)
        {
            if (Regex.Match(agent, pattern) is { Success: true } match)
                return new Device(browser, match.Groups[1].Value, os, false);
        }
        return new Device(Unknown, "", os, false);
    }

    [GeneratedRegex(
        @"bot\b|bot[/_;,) ]|crawler|spider|slurp|facebookexternalhit|bingpreview|mediapartners-google|google-read-aloud|lighthouse|pingdom|uptimerobot|yandex\.com/bots|petalbot|gptbot|claudebot",
        RegexOptions.IgnoreCase)]
    private static partial Regex Bots();
}
