using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>What Matomo needs of an order, so that it is counted once and completely.</summary>
internal static class Orders
{
    /// <summary>Gives an order an id Matomo takes for one, and tells when its revenue had to be added up.</summary>
    internal static void Complete(Draft draft, string origin)
    {
        Identify(draft, origin);
        if (draft.Action.ContainsKey("revenue") && (draft.Facts.At("order.total") is null || Says(draft, "revenue", "total", "value"))) return;
        draft.Set(draft.Action, "revenue", draft.Facts.At("order.total"), origin);
        draft.Warn(draft.Action.ContainsKey("revenue")
            ? "The order gives no revenue; the sum of its products, tax and shipping was taken."
            : "The order gives neither a revenue nor products with prices; Matomo counts it with 0.");
    }

    /// <summary>Completes an order or cart that the customer's own rows made of another event.</summary>
    internal static void Mapped(Draft draft, Commerce commerce)
    {
        if (draft.Rule is { Cart: not CartOperation.None } && draft.Action.ContainsKey("ec_items") == draft.Rule.Fields.ContainsKey("ec_items")) return;
        if (draft.Action.ContainsKey("ec_id"))
        {
            Identify(draft, "mapping");
            if (draft.Rule is { Cart: CartOperation.Order }) return;
            commerce.Order();
            if (!draft.Action.ContainsKey("ec_items") && draft.Facts.At("order.items") is { } rows) draft.Put(draft.Action, "ec_items", rows.Text, "cart");
            if (!draft.Action.ContainsKey("revenue") && draft.Facts.At("order.total") is { } total) draft.Set(draft.Action, "revenue", total, "cart");
        }
        else if (!draft.Action.ContainsKey("ec_items") && draft.Visitor.Cart is { } cart)
        {
            draft.Put(draft.Action, "ec_items", Items.Of(cart.Rows).Text, "cart");
            if (!draft.Action.ContainsKey("revenue")) draft.Put(draft.Action, "revenue", Money.Format(cart.Total), "cart");
        }
    }

    // "0" and nothing at all are a cart update to Matomo, which would empty the cart instead of counting the order.
    private static void Identify(Draft draft, string origin)
    {
        var id = draft.Action.GetValueOrDefault("ec_id");
        if (!string.IsNullOrWhiteSpace(id) && id != "0") return;

        var made = $"signal-{VisitorIds.Hash(draft.Event.MessageId)}";
        draft.Put(draft.Action, "ec_id", made, origin);
        draft.Warn($"The order has no usable order_id{(id is null ? "" : $" (\"{id}\")")}; it is counted as {made}. Send order_id, or a reloaded confirmation page is counted again.");
    }

    private static bool Says(Draft draft, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (draft.Facts.At($"properties.{name}") is { } value && Money.Parse(value) is not null) return true;
        }

        return false;
    }
}
