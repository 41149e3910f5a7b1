using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Decides what a hit is: download before outlink, event, content, site search and page view.</summary>
internal static class ActionFactory
{
    private const int PageTitle = 4;
    private const int SearchWords = 8;
    private const int EventName = 12;
    private const int PageViewIdBytes = 6;

    /// <summary>Null when the hit was meant for a plugin that is not there.</summary>
    public static ActionDraft? Choose(Hit hit)
    {
        var sent = hit.Parameters;
        var draft = Link(hit, "download", 3) ?? Link(hit, "link", 2) ?? Event(hit) ?? Content(hit) ?? Search(hit);
        if (draft is null && sent.Whole("ca", 0) != 0)
            return null;
        draft ??= Page(hit);
        return WithProduct(OfPageView(draft, sent.Text("pv_id")), sent);
    }

    /// <summary>Trimmed; null for what PHP calls empty.</summary>
    public static string? Some(string text) => PhpText.Trim(text) is var trimmed && PhpText.IsEmpty(trimmed) ? null : trimmed;

    private static ActionDraft? Link(Hit hit, string parameter, int type)
    {
        var address = hit.Parameters.Plain(parameter);
        if (PhpText.IsEmpty(address))
            return null;
        var clean = PageAddress.Clean(address);
        var url = PageAddress.LooksValid(clean) ? clean : null;
        return new ActionDraft(Row(hit) with { Url = url, TypeUrl = type }, Verdict.Recorded);
    }

    private static ActionDraft? Event(Hit hit)
    {
        var category = hit.Parameters.Text("e_c");
        var action = hit.Parameters.Text("e_a");
        if (category.Length == 0 || action.Length == 0)
            return null;
        var name = Some(hit.Parameters.Text("e_n"));
        var blank = PhpText.Trim(category).Length == 0 || PhpText.Trim(action).Length == 0;
        return new ActionDraft(OnPage(hit, 10) with
        {
            EventCategory = Some(category),
            EventAction = Some(action),
            Name = name,
            TypeName = name is null ? null : EventName,
            Value = hit.Parameters.Number("e_v"),
        }, ActionDraft.Judge(blank, category, action, name))
        { IsEvent = true };
    }

    private static ActionDraft? Content(Hit hit)
    {
        var name = hit.Parameters.Text("c_n");
        if (PhpText.IsEmpty(name))
            return null;
        var row = OnPage(hit, 13) with
        {
            ContentName = Some(name),
            ContentPiece = Some(hit.Parameters.Text("c_p")),
            ContentTarget = Some(hit.Parameters.Text("c_t")),
            ContentInteraction = Some(hit.Parameters.Text("c_i")),
        };
        var check = ActionDraft.Judge(PhpText.Trim(name).Length == 0, row.ContentName, row.ContentPiece, row.ContentTarget, row.ContentInteraction);
        return new ActionDraft(row, check) { IsContent = true };
    }

    private static ActionDraft? Search(Hit hit)
    {
        if (SiteSearch.Of(hit) is not { } search)
            return null;
        var row = Row(hit) with
        {
            Name = PageAddress.Clean(search.Words),
            TypeName = SearchWords,
            SearchCategory = search.Category is null ? null : PhpText.CutBytes(search.Category, 200),
            SearchCount = search.Count,
        };
        return new ActionDraft(row, Verdict.Recorded) { IsSearch = true };
    }

    private static ActionDraft Page(Hit hit)
    {
        var title = PageAddress.Clean(hit.Parameters.Text("action_name"));
        var row = OnPage(hit, 1) with { Name = title.Length > 0 ? title : null, TypeName = title.Length > 0 ? PageTitle : null };
        return new ActionDraft(row, Verdict.Recorded) { IsPageView = true, RawUrl = PageAddress.Clean(hit.Parameters.Plain("url")) };
    }

    private static ActionDraft OfPageView(ActionDraft draft, string id) => draft with
    {
        Row = draft.Row with { PvId = Some(PhpText.CutBytes(id, PageViewIdBytes)) },
        Check = draft.Check == Verdict.Recorded && !PhpText.IsCutWhole(id, PageViewIdBytes) ? Verdict.DatabaseError : draft.Check,
    };

    private static ActionDraft WithProduct(ActionDraft draft, Parameters sent)
    {
        var categories = Categories(sent.Plain("_pkc"));
        var row = draft.Row with
        {
            ProductSku = Some(sent.Plain("_pks")),
            ProductName = Some(sent.Plain("_pkn")),
            ProductCategories = categories,
            ProductPrice = sent.Number("_pkp"),
        };
        var check = ActionDraft.Judge(false, [row.ProductSku, row.ProductName, .. categories]);
        return draft with { Row = row, Check = draft.Check == Verdict.Recorded ? check : draft.Check };
    }

    private static string[] Categories(string sent)
    {
        if (PhpJson.DecodeOrNull(sent) is not PhpArray list)
            return Some(sent) is { } one ? [one] : [];
        return [.. list.Select(pair => pair.Value is string text ? Some(text) : null).OfType<string>().Take(5)];
    }

    private static VisitAction OnPage(Hit hit, int type)
    {
        var url = PageAddress.Stored(hit.Parameters.Plain("url"), hit.Site);
        return Row(hit) with { Url = url, TypeUrl = url is null ? null : type };
    }

    private static VisitAction Row(Hit hit) => new() { Id = 0, VisitId = 0, At = hit.Time };
}
