using MatomoSandbox.Php;
using MatomoSandbox.Recording;

namespace MatomoSandbox.Tracking;

/// <summary>Goals: which a hit reaches, and their recording.</summary>
internal sealed class Goals(SandboxOptions options, Store store)
{
    private long busters;

    public SandboxGoal? Asked(Hit hit) => options.Goals.FirstOrDefault(goal => goal.Site == hit.Site.Id && goal.Id == hit.Goal);

    public IReadOnlyList<(SandboxGoal Goal, string? Url)> Reached(Hit hit, ActionDraft draft) =>
    [
        .. options.Goals.Where(goal => goal.Site == hit.Site.Id && Matches(goal, draft)).Select(goal => (goal, draft.Row.Url)),
    ];

    public static string? AskedUrl(Hit hit)
    {
        var url = PageAddress.Parse(hit.Parameters.Plain("url")).For(hit.Site).ToString();
        return url.Length > 0 ? url : null;
    }

    public Verdict Record(Hit hit, Visit visit, IEnumerable<(SandboxGoal Goal, string? Url)> reached)
    {
        foreach (var (goal, url) in reached)
        {
            var recorded = store.TryInsert(new Conversion
            {
                VisitId = visit.Id,
                Site = visit.Site,
                Goal = goal.Id,
                At = hit.Time,
                Revenue = PhpNumber.FloatColumn(PhpNumber.Money(hit.Parameters.Number("revenue", goal.Revenue) ?? 0)),
                Url = url,
                Buster = goal.SeveralPerVisit ? $"goal {++busters}" : "0",
            });
            if (!recorded && !PhpText.IsEmpty(hit.OrderId))
                return Verdict.Invalid;
        }
        return Verdict.Recorded;
    }

    private static bool Matches(SandboxGoal goal, ActionDraft draft) => goal.Match switch
    {
        GoalMatch.Address => draft.IsPageView && Has(draft.RawUrl, goal.Pattern),
        GoalMatch.Title => draft.IsPageView && Has(PhpText.Unescape(draft.Row.Name ?? ""), goal.Pattern),
        GoalMatch.EventAction => draft.IsEvent && Has(PhpText.Unescape(draft.Row.EventAction ?? ""), goal.Pattern),
        _ => false,
    };

    private static bool Has(string text, string pattern) => text.Contains(pattern, StringComparison.OrdinalIgnoreCase);
}
