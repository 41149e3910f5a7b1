using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>A search within the site: asked for by <c>search</c>, or seen in the page's address.</summary>
internal sealed record SiteSearch(string Words, string? Category, long? Count)
{
    private static readonly string[] WordParameters = ["q", "query", "s", "search", "searchword", "k", "keyword"];

    public static SiteSearch? Of(Hit hit)
    {
        if (!hit.Site.SiteSearch)
            return null;
        var asked = hit.Parameters.Text("search");
        if (PhpText.IsEmpty(asked))
            return Seen(hit);
        var count = hit.Parameters.Whole("search_count", -1);
        return ActionFactory.Some(asked) is { } words
            ? new SiteSearch(words, ActionFactory.Some(hit.Parameters.Text("search_cat")), count >= 0 ? count : null)
            : null;
    }

    private static SiteSearch? Seen(Hit hit)
    {
        var page = PageAddress.Parse(hit.Parameters.Plain("url"));
        var words = WordParameters
            .Select(name => PageAddress.Value(page.Query, name) ?? PageAddress.Value(page.Fragment, name))
            .FirstOrDefault(value => !PhpText.IsEmpty(value));
        if (words is null || ActionFactory.Some(words) is not { } trimmed)
            return null;
        var count = PageAddress.Value(page.Query, "search_count");
        return new SiteSearch(trimmed, null, PhpNumber.IsNumeric(count) && PhpNumber.ToLong(count) >= 0 ? PhpNumber.ToLong(count) : null);
    }
}
