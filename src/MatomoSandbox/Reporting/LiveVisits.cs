using System.Text.Json.Nodes;
using MatomoSandbox.Php;
using MatomoSandbox.Recording;

namespace MatomoSandbox.Reporting;

/// <summary>Visits as <c>Live.getLastVisitsDetails</c> tells them, texts unescaped, newest first.</summary>
internal sealed class LiveVisits(SandboxOptions options, SandboxState state)
{
    /// <summary>The segment is empty or one of <c>visitorId==</c>, <c>userId==</c>, <c>orderId==</c>; another finds nothing.</summary>
    public JsonArray Of(SandboxSite site, string segment, long limit)
    {
        var visits = state.Visits
            .Where(visit => visit.Site == site.Id && Fits(visit, segment))
            .OrderByDescending(visit => visit.Last)
            .Take((int)Math.Clamp(limit, 0, 10_000));
        return [.. visits.Select(visit => Visit(visit, site))];
    }

    private bool Fits(Visit visit, string segment)
    {
        var parts = segment.Split("==", 2);
        var value = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        return parts[0] switch
        {
            "" => true,
            "visitorId" => visit.Visitor == value,
            "userId" => visit.UserId is { } user && Collation.Same(PhpText.Unescape(user), value),
            "orderId" => state.Conversions.Any(row => row.VisitId == visit.Id && row.Order is { } order && Collation.Same(PhpText.Unescape(order), value)),
            _ => false,
        };
    }

    private JsonObject Visit(Visit visit, SandboxSite site)
    {
        var row = new JsonObject
        {
            ["idSite"] = visit.Site,
            ["idVisit"] = visit.Id,
            ["visitorId"] = visit.Visitor,
            ["userId"] = Plain(visit.UserId),
            ["visitIp"] = visit.Ip ?? "0.0.0.0",
            ["actions"] = visit.Actions,
            ["visitDuration"] = visit.Seconds,
            ["visitConverted"] = visit.GoalConverted ? 1 : 0,
            ["searches"] = visit.Searches,
            ["events"] = visit.Events,
            ["firstActionTimestamp"] = visit.First,
            ["lastActionTimestamp"] = visit.Last,
            ["languageCode"] = visit.Language,
            ["countryCode"] = visit.Country,
            ["city"] = visit.City,
            ["browserCode"] = visit.Browser,
            ["operatingSystemCode"] = visit.Os,
            ["referrerType"] = Referrer(visit.ReferrerType),
            ["referrerName"] = visit.ReferrerName,
            ["referrerKeyword"] = visit.ReferrerKeyword,
            ["visitEcommerceStatus"] = Status(visit.Buyer),
            ["siteCurrency"] = site.Currency,
            ["actionDetails"] = Actions(visit, site),
        };
        foreach (var (id, text) in visit.Dimensions)
            row[$"dimension{id}"] = Plain(text);
        return row;
    }

    private JsonArray Actions(Visit visit, SandboxSite site)
    {
        var actions = state.Actions.Where(row => row.VisitId == visit.Id).Select(row => (row.At, Node: Action(row)));
        var conversions = state.Conversions.Where(row => row.VisitId == visit.Id).Select(row => (row.At, Node: Conversion(row, site)));
        return [.. actions.Concat(conversions).OrderBy(pair => pair.At).Select(pair => pair.Node)];
    }

    private static JsonObject Action(VisitAction row)
    {
        var node = new JsonObject
        {
            ["type"] = row switch
            {
                { TypeUrl: 10 } or { EventCategory: not null } => "event",
                { TypeUrl: 2 } => "outlink",
                { TypeUrl: 3 } => "download",
                { ContentName: not null } => "content",
                { TypeName: 8 } => "search",
                _ => "action",
            },
            ["url"] = row.Url,
            ["pageTitle"] = Plain(row.Name),
            ["timestamp"] = row.At,
            ["idpageview"] = row.PvId,
            ["eventCategory"] = Plain(row.EventCategory),
            ["eventAction"] = Plain(row.EventAction),
            ["eventValue"] = row.Value,
            ["productViewSku"] = row.ProductSku,
            ["productViewName"] = row.ProductName,
            ["productViewPrice"] = row.ProductPrice,
        };
        foreach (var (id, text) in row.Dimensions)
            node[$"dimension{id}"] = Plain(text);
        return node;
    }

    private JsonObject Conversion(Conversion row, SandboxSite site)
    {
        if (row.Goal > 0)
        {
            var name = options.Goals.FirstOrDefault(goal => goal.Site == site.Id && goal.Id == row.Goal)?.Name;
            return new JsonObject { ["type"] = "goal", ["goalId"] = row.Goal, ["goalName"] = name, ["revenue"] = row.Revenue, ["url"] = row.Url, ["timestamp"] = row.At };
        }
        var items = state.Items.Where(item => item.VisitId == row.VisitId && item.Order == (row.Order ?? "0") && !item.Deleted);
        return new JsonObject
        {
            ["type"] = row.Goal == 0 ? "ecommerceOrder" : "ecommerceAbandonedCart",
            ["orderId"] = Plain(row.Order),
            ["revenue"] = row.Revenue,
            ["revenueSubTotal"] = row.Subtotal,
            ["revenueTax"] = row.Tax,
            ["revenueShipping"] = row.Shipping,
            ["revenueDiscount"] = row.Discount,
            ["items"] = row.Items,
            ["timestamp"] = row.At,
            ["itemDetails"] = new JsonArray([.. items.Select(item => new JsonObject
            {
                ["itemSKU"] = item.Sku,
                ["itemName"] = item.Name,
                ["itemCategory"] = item.Categories.Count > 0 ? item.Categories[0] : null,
                ["price"] = item.Price,
                ["quantity"] = item.Quantity,
            })]),
        };
    }

    private static string? Plain(string? text) => text is null ? null : PhpText.Unescape(text);

    private static string Referrer(int type) => type switch { 2 => "search", 3 => "website", 6 => "campaign", 7 => "social", _ => "direct" };

    private static string Status(int buyer) => buyer switch { 1 => "ordered", 2 => "abandonedCart", 3 => "orderedThenAbandonedCart", _ => "none" };
}
