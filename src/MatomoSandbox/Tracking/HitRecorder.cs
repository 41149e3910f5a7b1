using System.Security.Cryptography;
using MatomoSandbox.Recording;

namespace MatomoSandbox.Tracking;

/// <summary>
/// Records one hit: finds its visit, decides what it is, writes visit, action and conversions in Matomo's order. What was
/// written before a later step fails stays written, unless a transaction takes it back.
/// </summary>
internal sealed class HitRecorder(SandboxOptions options, Store store, Goals goals)
{
    private readonly Recognizer recognizer = new(options, store);
    private readonly Ecommerce ecommerce = new(store);
    private readonly DimensionReader dimensions = new(options);

    public Verdict Record(Hit hit)
    {
        var known = recognizer.Find(hit);
        if (ActionFactory.Choose(hit) is not { } draft)
            return Verdict.DatabaseError;
        var asked = hit.Goal > 0 ? goals.Asked(hit) : null;
        if (hit.Goal > 0 && asked is null)
            return Verdict.Invalid;
        var isNew = known is null || recognizer.BeginsNew(hit, known);
        var plan = Plan(hit, draft, asked);
        if (plan.Action is { Check: not Verdict.Recorded } refused)
            return refused.Check;
        if (hit.IsPing && isNew)
            return Verdict.Excluded;
        return isNew ? Begin(hit, known, plan) : Continue(hit, known!, plan);
    }

    private Plan Plan(Hit hit, ActionDraft draft, SandboxGoal? asked)
    {
        if (hit.IsPing)
            return new Plan(null, [], false);
        if (hit.IsEcommerce)
            return new Plan(null, [], true);
        return asked is not null
            ? new Plan(null, [(asked, Goals.AskedUrl(hit))], false)
            : new Plan(draft, goals.Reached(hit, draft), false);
    }

    private Verdict Begin(Hit hit, Visit? known, Plan plan)
    {
        var place = Place.Of(hit.Parameters);
        if (!place.Storable)
            return Verdict.DatabaseError;
        var referrer = Referrer.Of(hit, null);
        var visit = store.Insert(new Visit
        {
            Id = 0,
            Site = hit.Site.Id,
            Visitor = known?.Visitor ?? hit.Visitor ?? RandomNumberGenerator.GetHexString(16, true),
            UserId = User(hit),
            Ip = Address.Stored(hit.Ip),
            Actions = plan.Action is { Counts: true } ? 1 : 0,
            Searches = plan.Action is { IsSearch: true } ? 1 : 0,
            Events = plan.Action is { IsEvent: true } ? 1 : 0,
            Seconds = plan.Converts(hit) && known is not null ? Math.Max(0, hit.Goal + 2) : 0,
            GoalConverted = plan.Converts(hit),
            Buyer = Ecommerce.BuyerAfter(0, hit),
            ReferrerType = referrer.Type,
            ReferrerName = referrer.Name,
            ReferrerKeyword = referrer.Keyword,
            Language = Languages.Code(hit.Language),
            Country = place.Country ?? Languages.Country(hit.Language),
            Region = place.Region,
            City = place.City,
            Browser = hit.Device.Browser,
            Os = hit.Device.Os,
            First = hit.Time,
            Last = hit.Time,
            Dimensions = dimensions.After(new Dictionary<int, string>(), hit, DimensionScope.Visit),
            Fingerprint = Recognizer.Fingerprint(hit),
        });
        return Write(hit, visit, plan.Action) is var written and not Verdict.Recorded ? written : Convert(hit, visit, plan, false);
    }

    private Verdict Continue(Hit hit, Visit known, Plan plan)
    {
        var written = Write(hit, known, plan.Action);
        if (written != Verdict.Recorded)
            return written;
        var place = Place.Of(hit.Parameters);
        if (!place.Storable)
            return Verdict.DatabaseError;
        var seconds = Math.Max(0, 1 + hit.Time - known.First);
        var referrer = known.ReferrerType == Referrer.Direct ? Referrer.Of(hit, known) : null;
        var visit = (referrer is { Type: not Referrer.Direct } ? From(known, referrer) : known) with
        {
            Visitor = hit.Visitor ?? known.Visitor,
            UserId = User(hit) ?? known.UserId,
            Actions = known.Actions + (plan.Action is { Counts: true } ? 1 : 0),
            Searches = known.Searches + (plan.Action is { IsSearch: true } ? 1 : 0),
            Events = known.Events + (plan.Action is { IsEvent: true } ? 1 : 0),
            Seconds = plan.Converts(hit) ? Math.Max(0, seconds + hit.Goal + 2) : seconds,
            GoalConverted = known.GoalConverted || plan.Converts(hit),
            Buyer = Ecommerce.BuyerAfter(known.Buyer, hit),
            Country = place.Country ?? known.Country,
            Region = place.Region ?? known.Region,
            City = place.City ?? known.City,
            Last = hit.IsPing ? known.Last : Math.Max(known.Last, hit.Time),
            Dimensions = dimensions.After(known.Dimensions, hit, DimensionScope.Visit),
        };
        store.Update(visit);
        return Convert(hit, visit, plan, Ecommerce.HasOpenCart(known));
    }

    private Verdict Write(Hit hit, Visit visit, ActionDraft? draft)
    {
        if (draft is null)
            return Verdict.Recorded;
        Dictionary<string, long> timings = [];
        if (draft.IsPageView && !Timings.TryRead(hit.Parameters, out timings))
            return Verdict.Invalid;
        var row = draft.Row with
        {
            VisitId = visit.Id,
            Timings = timings,
            Dimensions = dimensions.After(new Dictionary<int, string>(), hit, DimensionScope.Action),
        };
        if (row.SearchCount > uint.MaxValue || !double.IsFinite(row.Value ?? 0) || !double.IsFinite(row.ProductPrice ?? 0))
            return Verdict.DatabaseError;
        store.Insert(row);
        return Verdict.Recorded;
    }

    private Verdict Convert(Hit hit, Visit visit, Plan plan, bool hadCart)
    {
        if (plan.Action is not { IsPageView: true })
            AddTimings(hit, visit);
        return plan.Ecommerce ? ecommerce.Record(hit, visit, hadCart) : goals.Record(hit, visit, plan.Reached);
    }

    // Anything but a page view brings the timings of the page it names.
    private void AddTimings(Hit hit, Visit visit)
    {
        var page = hit.Parameters.Text("pv_id");
        _ = Timings.TryRead(hit.Parameters, out var timings);
        if (page.Length == 0 || timings.Count == 0)
            return;
        foreach (var (index, row) in store.ActionsOf(visit.Id).Where(known => known.Row.PvId == page && known.Row.TypeUrl is 1 or null).Take(1))
        {
            var merged = new Dictionary<string, long>(row.Timings);
            foreach (var (name, value) in timings)
                merged[name] = value;
            store.Actions.Replace(index, row with { Timings = merged });
        }
    }

    private static string? User(Hit hit) => hit.User is { } user ? Php.PhpText.CutCharacters(user, 200) : null;

    private static Visit From(Visit visit, Referrer referrer) => visit with
    {
        ReferrerType = referrer.Type,
        ReferrerName = referrer.Name,
        ReferrerKeyword = referrer.Keyword,
    };
}
