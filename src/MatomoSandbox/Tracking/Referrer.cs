using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Where a hit came from.</summary>
internal sealed record Referrer(int Type, string? Name, string? Keyword)
{
    public const int Direct = 1;
    public const int SearchEngine = 2;
    public const int Website = 3;
    public const int Campaign = 6;
    public const int Social = 7;

    private static readonly (string Host, string Name, string Query)[] Engines =
    [
        ("google.", "Google", "q"), ("bing.com", "Bing", "q"), ("duckduckgo.com", "DuckDuckGo", "q"), ("search.yahoo.", "Yahoo!", "p"),
        ("ecosia.org", "Ecosia", "q"), ("yandex.", "Yandex", "text"), ("baidu.com", "Baidu", "wd"), ("qwant.com", "Qwant", "q"),
        ("startpage.com", "StartPage", "query"), ("search.brave.com", "Brave", "q"),
    ];

    private static readonly (string Host, string Name)[] Networks =
    [
        ("facebook.com", "Facebook"), ("instagram.com", "Instagram"), ("linkedin.com", "LinkedIn"), ("pinterest.", "Pinterest"), ("reddit.com", "reddit"),
        ("t.co", "X"), ("twitter.com", "Twitter"), ("x.com", "X"), ("youtube.com", "YouTube"), ("tiktok.com", "TikTok"), ("xing.com", "XING"),
    ];

    /// <summary>Reads it off a hit; a campaign without a keyword keeps the one the visit has for it.</summary>
    public static Referrer Of(Hit hit, Visit? current)
    {
        var page = PageAddress.Parse(hit.Parameters.Plain("url"));
        if (PageAddress.Value(page.Query, "ignore_referrer") == "1" || PageAddress.Value(page.Query, "ignore_referer") == "1")
            return new Referrer(Direct, null, null);
        var sent = PageAddress.Clean(hit.Parameters.Plain("urlref"));
        var from = PageAddress.Parse(PageAddress.LooksValid(sent) ? sent : "");
        return CampaignOf(hit, page, from, current) ?? SourceOf(hit.Site, page, from);
    }

    public bool DiffersFrom(Visit visit) => !Same(Keyword, visit.ReferrerKeyword) || !Same(Name, visit.ReferrerName) || Type != visit.ReferrerType;

    private static Referrer? CampaignOf(Hit hit, PageAddress page, PageAddress from, Visit? current)
    {
        var (name, keyword) = FromQuery(page.Query);
        if (name is null)
            (name, keyword) = FromQuery(page.Fragment);
        if (First(Campaigns.Names, hit.Parameters.Text) is { } own)
            (name, keyword) = (own, First(Campaigns.Keywords, hit.Parameters.Text) ?? keyword);
        if (name is null)
            return null;
        name = Cut(name);
        var goesOn = current?.ReferrerType == Campaign && Same(current.ReferrerName, name);
        return new Referrer(Campaign, name, Cut(keyword ?? (goesOn ? current!.ReferrerKeyword : from.Host) ?? ""));
    }

    private static Referrer SourceOf(SandboxSite site, PageAddress page, PageAddress from)
    {
        if (from.Host.Length == 0 || IsOwn(site, page, from))
            return new Referrer(Direct, null, null);
        var engine = Engines.FirstOrDefault(engine => IsAt(from.Host, engine.Host));
        if (engine.Name is not null)
            return new Referrer(SearchEngine, engine.Name, PageAddress.Value(from.Query, engine.Query)?.ToLowerInvariant());
        var network = Networks.FirstOrDefault(network => IsAt(from.Host, network.Host));
        return network.Name is not null ? new Referrer(Social, network.Name, null) : new Referrer(Website, Cut(from.Host), null);
    }

    private static bool IsOwn(SandboxSite site, PageAddress page, PageAddress from) =>
        site.Urls.Any(url => PageAddress.Parse(url).Host == from.Host) || (!site.ExcludeUnknownUrls && page.Host == from.Host);

    private static bool IsAt(string host, string part)
    {
        var bare = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
        return part.EndsWith('.')
            ? bare.StartsWith(part, StringComparison.Ordinal) || bare.Contains("." + part, StringComparison.Ordinal)
            : bare == part || bare.EndsWith("." + part, StringComparison.Ordinal);
    }

    private static (string? Name, string? Keyword) FromQuery(string query) =>
        (First(Campaigns.Names, name => PageAddress.Value(query, name)), First(Campaigns.Keywords, name => PageAddress.Value(query, name)));

    private static string? First(string[] names, Func<string, string?> read) =>
        names.Select(read).Select(value => PhpText.Trim(value ?? "")).FirstOrDefault(value => !PhpText.IsEmpty(value));

    private static string Cut(string text) => PhpText.CutCharacters(text.ToLowerInvariant(), 255);

    private static bool Same(string? left, string? right) => string.Equals(left ?? "", right ?? "", StringComparison.OrdinalIgnoreCase);
}
