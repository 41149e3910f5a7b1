using System.Text.RegularExpressions;

namespace MatomoSandbox.Tracking;

/// <summary>What a user agent gives away, in Matomo's short names. A small table; enough for browsers people use.</summary>
internal sealed partial record Device(string Browser, string Version, string Os, bool IsBot)
{
    private const string Unknown = "UNK";

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

    public static Device Of(string agent)
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
