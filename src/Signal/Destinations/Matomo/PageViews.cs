using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>
/// Lets a product or category view travel on the page view of its page, as Matomo's own tracker sends it: a second page view
/// would be counted twice. When the page view is not at hand it becomes an event. An own row that makes
/// another action of it makes it a hit of its own: on the page view it would make Matomo take that for the action.
/// </summary>
internal sealed class PageViews(MatomoSettings settings, Preset? preset)
{
    private static readonly TimeSpan SamePage = TimeSpan.FromMinutes(30);
    private static readonly string[] ViewFields = ["idgoal", "_pks", "_pkn", "_pkc", "_pkp"];

    /// <summary>Finds the draft its place among the earlier ones of the batch.</summary>
    internal void Place(Draft draft, List<Draft> earlier)
    {
        if (draft.DropReason is not null) return;
        if (draft.Event.Type == EventType.Page) Remember(draft);
        if (draft.Rule is not { Joins: true } rule) return;

        var page = PageOf(draft, earlier);
        if (Actions.IsOtherThanEvent(draft.Action)) return;
        if (Actions.IsNoPageView(draft.Action))
        {
            BecomeEvent(draft, rule);
        }
        else if (page is { } index && Joins(draft, earlier[index]))
        {
            foreach (var field in ViewFields.Concat(draft.OwnFields.Where(Actions.MayPageViewCarry))) Carry(draft, earlier[index], field);
            draft.TravelsWith = index;
        }
        else if (settings.ProductViewIsPage && page is null && !WasSeen(draft))
        {
            foreach (var (name, field) in preset!.Rules.First(r => r.Event == "page").Fields) draft.Set(draft.Action, name, field.Read(draft.Facts, out _), "preset: page");
            Remember(draft);
        }
        else
        {
            BecomeEvent(draft, rule);
        }
    }

    // Own rows come first; category and action are never missing, or the event would be a page view.
    private static void BecomeEvent(Draft draft, PresetRule rule)
    {
        foreach (var (name, field) in rule.AsEvent)
        {
            if (draft.Action.ContainsKey(name) || (draft.OwnFields.Contains(name) && name is not ("e_c" or "e_a"))) continue;
            draft.Set(draft.Action, name, field.Read(draft.Facts, out _), $"preset: {rule.Event}");
        }
    }

    private static int? PageOf(Draft draft, List<Draft> earlier)
    {
        for (var i = earlier.Count - 1; i >= 0; i--)
        {
            var page = earlier[i];
            if (page.Event.Type != EventType.Page || page.DropReason is not null || page.Event.AnonymousId != draft.Event.AnonymousId || page.Event.SourceId != draft.Event.SourceId) continue;
            if (IsSame(page.Shared.GetValueOrDefault("pv_id"), page.Shared.GetValueOrDefault("url"), draft)) return i;
            if (draft.Shared.ContainsKey("pv_id")) continue;
            return null;
        }

        return null;
    }

    private static bool IsSame(string? pvId, string? url, Draft draft)
    {
        var ownPvId = draft.Shared.GetValueOrDefault("pv_id");
        if (pvId is not null && ownPvId is not null) return pvId == ownPvId;
        return url is not null && url == draft.Shared.GetValueOrDefault("url");
    }

    // One request carries one product, one visitor and one consent.
    private static bool Joins(Draft draft, Draft page) =>
        draft.Goals.Count == 0
        && page.Event.Request.DoNotTrack == draft.Event.Request.DoNotTrack
        && page.Shared.GetValueOrDefault("uid") == draft.Shared.GetValueOrDefault("uid")
        && draft.Event.Time - page.Event.Time < SamePage
        && !Actions.IsNoPageView(page.Action)
        && !ViewFields.Any(page.Action.ContainsKey);

    private static void Carry(Draft draft, Draft page, string field)
    {
        if (draft.Action.TryGetValue(field, out var text)) page.Put(page.Action, field, text, draft.Rules[field]);
        else if (draft.Shared.TryGetValue(field, out var shared) && field.StartsWith("dimension", StringComparison.Ordinal)) page.Put(page.Shared, field, shared, draft.Rules[field]);
    }

    private static bool WasSeen(Draft draft) =>
        draft.Facts.Visitor.Page is { } page
        && (draft.Event.Time - DateTimeOffset.FromUnixTimeMilliseconds(page.Time)).Duration() < SamePage
        && IsSame(page.PvId, page.Url, draft);

    // Kept only where it decides something: it changes with every page view.
    private void Remember(Draft draft)
    {
        if (!settings.ProductViewIsPage) return;
        draft.Visitor = draft.Visitor with
        {
            Page = new PageView(
                draft.Shared.GetValueOrDefault("pv_id"),
                draft.Shared.GetValueOrDefault("url"),
                draft.Action.GetValueOrDefault("action_name"),
                draft.Event.Time.ToUnixTimeMilliseconds()),
        };
    }
}
