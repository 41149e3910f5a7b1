using MatomoSandbox.Php;
using MatomoSandbox.Recording;

namespace MatomoSandbox.Tracking;

/// <summary>Orders and carts. One cart a visit; an order takes the cart's place.</summary>
internal sealed class Ecommerce(Store store)
{
    private const int Cart = -1;

    public static bool HasOpenCart(Visit? visit) => visit?.Buyer is 2 or 3;

    public static int BuyerAfter(int before, Hit hit) => !hit.IsEcommerce ? before : hit.IsOrder ? 1 : before is 1 or 3 ? 3 : 2;

    public Verdict Record(Hit hit, Visit visit, bool hadCart)
    {
        var read = ItemReader.Read(hit.Parameters, out var items);
        if (read != Verdict.Recorded || items is null)
            return read;
        var conversion = Draft(hit, visit, items);
        var recorded = hadCart ? TurnCart(visit, conversion, hit) : store.TryInsert(conversion);
        if (!recorded)
            return hadCart || PhpText.IsEmpty(hit.OrderId) ? Verdict.Recorded : Verdict.Invalid;
        Replace(visit, conversion.Order ?? "0", items);
        return Verdict.Recorded;
    }

    private static Conversion Draft(Hit hit, Visit visit, List<Item> items)
    {
        double? Money(string name) => hit.IsOrder && hit.Parameters.Number(name) is { } amount ? Column(amount) : null;
        return new Conversion
        {
            VisitId = visit.Id,
            Site = visit.Site,
            Goal = hit.IsOrder ? 0 : Cart,
            At = hit.Time,
            Order = hit.IsOrder ? PhpText.CutCharacters(hit.OrderId, 100) : null,
            Revenue = Column(hit.Parameters.Number("revenue", 0) ?? 0),
            Subtotal = Money("ec_st"),
            Tax = Money("ec_tx"),
            Shipping = Money("ec_sh"),
            Discount = Money("ec_dt"),
            Items = (int)Math.Clamp(items.Sum(item => item.Quantity), 0, 65535),
            Buster = hit.IsOrder ? "order " + hit.OrderId : "0",
        };
    }

    // With an open cart even a known order is answered as a success, and nothing of it is stored.
    private bool TurnCart(Visit visit, Conversion conversion, Hit hit)
    {
        if (!double.IsFinite(hit.Parameters.Number("revenue", 0) ?? 0))
            return false;
        foreach (var (index, row) in store.ConversionsOf(visit.Id).Where(known => known.Row.Goal == Cart))
        {
            var kept = conversion with
            {
                Subtotal = conversion.Subtotal ?? row.Subtotal,
                Tax = conversion.Tax ?? row.Tax,
                Shipping = conversion.Shipping ?? row.Shipping,
                Discount = conversion.Discount ?? row.Discount,
            };
            return store.TryReplace(index, kept);
        }
        return true;
    }

    private void Replace(Visit visit, string order, List<Item> items)
    {
        var known = store.ItemsOf(visit.Id).Where(row => row.Row.Order == order || row.Row.Order == "0").ToArray();
        foreach (var (index, row) in known)
        {
            var now = items.LastOrDefault(item => item.Sku == row.Sku);
            store.Items.Replace(index, now is null
                ? row with { Deleted = true, Order = order }
                : Stored(now, visit, order));
        }
        foreach (var item in items.Where(item => known.All(row => row.Row.Sku != item.Sku)))
            store.TryInsert(Stored(item, visit, order));
    }

    private static Item Stored(Item item, Visit visit, string order) => item with
    {
        VisitId = visit.Id,
        Order = order,
        Price = PhpNumber.FloatColumn(item.Price),
        Quantity = Math.Clamp(item.Quantity, 0, uint.MaxValue),
    };

    private static double Column(double amount) => PhpNumber.FloatColumn(PhpNumber.Money(amount));
}
