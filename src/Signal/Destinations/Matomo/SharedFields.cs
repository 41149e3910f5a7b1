using System.Globalization;
using System.Text.RegularExpressions;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>The fields that every hit of an event carries: site, visitor, page, browser and local time.</summary>
internal static partial class SharedFields
{
    private static readonly string[] CampaignParts = ["name", "source", "medium", "term", "content", "id"];
    private static readonly string[] CampaignFields = ["mtm_campaign", "mtm_source", "mtm_medium", "mtm_kwd", "mtm_content", "mtm_cid"];

    /// <summary>Fills <see cref="Draft.Shared"/>.</summary>
    /// <param name="draft">The event.</param>
    /// <param name="settings">The integration.</param>
    /// <param name="urlPaths">Where this event's page address stands, in order.</param>
    internal static void Fill(Draft draft, MatomoSettings settings, IReadOnlyList<string> urlPaths)
    {
        var shared = draft.Shared;
        draft.Put(shared, "idsite", settings.SiteId, "config");
        draft.Put(shared, "rec", "1", "config");
        draft.Put(shared, "apiv", "1", "config");
        // Both are added to the request as it is sent; where they come from is known by now.
        draft.Rules["token_auth"] = "config";
        draft.Rules["cdt"] = "event: time";
        var id = VisitorIds.Of(draft.Event.AnonymousId);
        draft.Put(shared, "_id", id, "identity");
        draft.Put(shared, "cid", id, "identity");
        if (settings.UserIdField is { } userField && draft.Visitor.UserId is { } userId) draft.Set(shared, userField, Value.Of(userId), "identity");
        draft.Set(shared, "cip", draft.Facts.At("request.ip"), "request");
        draft.Set(shared, "ua", draft.Facts.At("request.userAgent"), "request");
        draft.Set(shared, "lang", First(draft, "request.language", "context.locale"), "request");
        Page(draft, urlPaths);
        Browser(draft);
        LocalTime(draft);
    }

    private static void Page(Draft draft, IReadOnlyList<string> urlPaths)
    {
        draft.Set(draft.Shared, "urlref", First(draft, "properties.referrer", "context.page.referrer"), "page");
        draft.Set(draft.Shared, "pv_id", First(draft, "context.page.pv_id", "properties.pv_id"), "page");
        var url = urlPaths.Select(p => draft.Facts.At(p)).FirstOrDefault(v => v is { } known && !string.IsNullOrWhiteSpace(known.Text))?.Text;
        var campaign = Campaign(draft);
        if (url is null)
        {
            foreach (var (field, text) in campaign) draft.Set(draft.Shared, field, Value.Of(text), "campaign");
            return;
        }

        var address = Resolved(SafeText.Valid(url), draft.Facts.At("context.page.url")?.Text);
        if (campaign.Count > 0 && !NamesCampaign().IsMatch(address)) address = WithCampaign(address, campaign);
        draft.Set(draft.Shared, "url", Value.Of(address), "page");
    }

    /// <summary>"/checkout" on https://shop.example.com is https://shop.example.com/checkout; what has a scheme of its own stays.</summary>
    internal static string Resolved(string url, string? page) =>
        !url.Contains("://", StringComparison.Ordinal)
        && Uri.TryCreate(page, UriKind.Absolute, out var from)
        && from.Scheme is "http" or "https"
        && Uri.TryCreate(from, url, out var whole)
            ? whole.AbsoluteUri
            : url;

    private static List<(string Field, string Text)> Campaign(Draft draft)
    {
        var found = new List<(string, string)>();
        for (var i = 0; i < CampaignParts.Length; i++)
        {
            if (draft.Facts.At($"context.campaign.{CampaignParts[i]}") is { Kind: not ValueKind.Json } part && SafeText.Valid(part.Text) is { Length: > 0 } text)
                found.Add((CampaignFields[i], SafeText.Cut(text, 120)));
        }

        // To a Matomo without a plugin, a campaign without a name is none.
        if (found.Count > 0 && found[0].Item1 != "mtm_campaign" && found.Find(f => f.Item1 == "mtm_source") is { Item2: { } source })
            found.Insert(0, ("mtm_campaign", source));
        return found;
    }

    private static string WithCampaign(string address, List<(string Field, string Text)> campaign)
    {
        var fragment = address.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0 ? address[hash..] : "";
        var bare = address[..(address.Length - fragment.Length)];
        var query = string.Join('&', campaign.Select(c => $"{c.Field}={Uri.EscapeDataString(c.Text)}"));
        bare = SafeText.CutUrl(bare, Math.Max(64, 1023 - query.Length));
        return $"{bare}{(bare.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}{fragment}";
    }

    private static void Browser(Draft draft)
    {
        draft.Set(draft.Shared, "uadata", draft.Facts.At("context.userAgentData"), "browser");
        var width = draft.Facts.At("context.screen.width")?.Text;
        var height = draft.Facts.At("context.screen.height")?.Text;
        if (width is null || height is null) return;
        if (Numbers.Parse(width) is { } w and >= 1 and < 100_000 && Numbers.Parse(height) is { } h and >= 1 and < 100_000)
            draft.Put(draft.Shared, "res", string.Create(CultureInfo.InvariantCulture, $"{decimal.Truncate(w):0}x{decimal.Truncate(h):0}"), "browser");
    }

    private static void LocalTime(Draft draft)
    {
        if (Local(draft) is not { } local) return;
        draft.Put(draft.Shared, "h", local.Hour.ToString(CultureInfo.InvariantCulture), "browser");
        draft.Put(draft.Shared, "m", local.Minute.ToString(CultureInfo.InvariantCulture), "browser");
        draft.Put(draft.Shared, "s", local.Second.ToString(CultureInfo.InvariantCulture), "browser");
    }

    private static DateTimeOffset? Local(Draft draft)
    {
        if (draft.Event.Body.TextAt("context.localTime") is { } written
            && DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var local)) return local;
        return draft.Event.Body.TextAt("context.timezone") is { Length: < 64 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            ? TimeZoneInfo.ConvertTime(draft.Event.Time, found)
            : null;
    }

    private static Value? First(Draft draft, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (draft.Facts.At(path) is { } value && !string.IsNullOrWhiteSpace(value.Text)) return value;
        }

        return null;
    }

    [GeneratedRegex(@"[?&#](?:mtm|matomo|piwik|pk|utm)_(?:campaign|cpn|source|medium|kwd|keyword|term|content|cid)=", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NamesCampaign();
}
