using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>Refunds as orders of a negative amount, for integrations that ask for it: Matomo itself knows no refund.</summary>
internal static class Refunds
{
    private static readonly string[] OrderIds = ["properties.order_id", "properties.orderId", "properties.transaction_id", "properties.transactionId"];

    /// <summary>Fills the negative order. False: the event does not say what it refunds, and stays an event.</summary>
    internal static bool Fill(Draft draft, string origin)
    {
        var amount = draft.Facts.At("refund.amount") is { } value ? Money.Parse(value) : null;
        var order = OrderIds.Select(p => draft.Facts.At(p)?.Text).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));
        if (amount is not { } known || order is null)
        {
            draft.Warn("It was sent as an event: a negative order needs order_id and an amount (total, revenue or products with prices).");
            return false;
        }

        draft.Put(draft.Action, "idgoal", "0", origin);
        draft.Put(draft.Action, "ec_id", IdOf(draft, SafeText.Valid(order)), origin);
        draft.Put(draft.Action, "revenue", Money.Format(-known), origin);

        // Matomo turns an open cart into the order that comes next, so the cart is shown to it again.
        if (draft.Visitor.Cart is { Rows.Count: > 0 } cart)
        {
            draft.CartAfter = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["idgoal"] = "0",
                ["revenue"] = Money.Format(cart.Total),
                ["ec_items"] = Items.Of(cart.Rows).Text,
            };
            draft.Rules["ec_items"] = "cart";
        }

        return true;
    }

    // An order is cancelled once; it may be refunded in parts, each an event of its own.
    private static string IdOf(Draft draft, string order)
    {
        var isCancelled = draft.Facts.At("refund.label")?.Text == "Order Cancelled";
        var part = draft.Facts.At("properties.refund_id")?.Text is { Length: > 0 } id ? SafeText.Valid(id) : VisitorIds.Hash(draft.Event.MessageId)[..8];
        var suffix = isCancelled ? "-cancelled" : $"-refund-{SafeText.Cut(part, 32)}";
        return SafeText.Cut(order, OrderId.Length - suffix.Length) + suffix;
    }
}
