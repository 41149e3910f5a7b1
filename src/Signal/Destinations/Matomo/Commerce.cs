using System.Text.Json;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>
/// Reads products, applies an event to the visitor's cart and offers the results to the rules: <c>product.*</c>, <c>cart.*</c>,
/// <c>order.*</c>, <c>refund.*</c>. A Matomo has no memory of rows: it must be sent the whole cart, or it empties it.
/// </summary>
internal sealed class Commerce
{
    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(new { });
    private readonly Draft _draft;
    private readonly MatomoSettings _settings;
    private readonly ProductReader _reader;
    private readonly JsonElement _properties;
    private readonly long _now;

    /// <summary>Of one event.</summary>
    internal Commerce(Draft draft, MatomoSettings settings)
    {
        _draft = draft;
        _settings = settings;
        _properties = draft.Event.Body.At("properties") is { ValueKind: JsonValueKind.Object } given ? given : Nothing;
        _now = draft.Event.Time.ToUnixTimeMilliseconds();
        Rate = RateOf();
        _reader = new ProductReader(Items.Limits, amount => amount * Rate, draft.Warn);
    }

    /// <summary>What the event's amounts are multiplied by to be in the site's currency.</summary>
    internal decimal Rate { get; }

    private Cart? Before => _draft.Visitor.Cart is { } cart && _now - cart.Time <= _settings.CartIdle.TotalMilliseconds ? cart : null;

    /// <summary>Does what the rule says to the cart. False: there is no cart or order in it, and the event form takes its place.</summary>
    internal bool Apply(PresetRule rule) => rule.Cart switch
    {
        CartOperation.None => Describe(rule.Joins),
        CartOperation.Add => Change(Added),
        CartOperation.Remove => Change(Removed),
        CartOperation.Replace => Change(Replaced),
        CartOperation.Clear => Change(_ => new Cart([], _now)),
        CartOperation.Order => Order(),
        _ => Refund(),
    };

    /// <summary>The rows of an order: the event's, else the cart's. The cart is empty afterwards.</summary>
    internal bool Order()
    {
        var given = _reader.List(_properties, "products", "items", "cart") is { Count: > 0 } list ? Cart.Merge(list, Items.MostPieces) : null;
        var rows = given ?? Before?.Rows ?? [];
        if (rows.Count > 0)
        {
            _draft.Facts.Set("order.items", Items.Of(rows));
            var rest = Amount("tax") + Amount("shipping") - Amount("discount");
            _draft.Facts.Set("order.total", Value.Of(Money.Round(rows.Sum(r => r.Total) + rest)));
        }

        _draft.Visitor = _draft.Visitor with { Cart = new Cart([], _now) };
        return true;
    }

    /// <summary>Tells when the event's amounts are in a currency that nobody can compare with the site's.</summary>
    internal void TellCurrency()
    {
        if (_settings.Currency is not null || Currency is not { Length: > 0 } currency) return;
        if (_draft.GoalRevenue is null && !_draft.Action.Keys.Any(f => f == "ec_items" || Vocabulary.Find(f) is { Kind: FieldKind.Money })) return;
        _draft.Warn($"The event's amounts are in {currency} and were sent as they are: Matomo takes them for the site's currency, which the settings do not name. Set it there; amounts of others are then converted, or warned of.");
    }

    // Own rows may use the product of any event; only an event about a product is told what is wrong with it.
    private bool Describe(bool isAboutProduct)
    {
        var reader = isAboutProduct ? _reader : new ProductReader(Items.Limits, amount => amount * Rate, _ => { });
        var product = reader.One(_properties)
            ?? (_properties.At("product") is { } inner ? reader.One(inner) : null)
            ?? (reader.List(_properties, "products", "items") is { Count: > 0 } list ? list[0] : null);
        Show(product);
        return true;
    }

    private void Show(Product? product)
    {
        if (product is null) return;
        var facts = _draft.Facts;
        facts.Set("product.sku", Value.Of(product.Sku));
        facts.Set("product.name", product.Name.Length > 0 ? Value.Of(product.Name) : null);
        facts.Set("product.category", Items.Category(product.Categories));
        facts.Set("product.price", product.Price is { } price ? Value.Of(price) : null);
        facts.Set("product.quantity", Value.Of(product.Pieces));
    }

    // An update that changes nothing from empty to empty would make Matomo count an abandoned cart that never was.
    private bool Change(Func<Cart?, Cart?> change)
    {
        var before = Before;
        if (change(before) is not { } after || (after.Rows.Count == 0 && before is not { Rows.Count: > 0 }))
        {
            if (before is null && _draft.Visitor.Cart is not null) _draft.Visitor = _draft.Visitor with { Cart = null };
            return false;
        }

        _draft.Facts.Set("cart.items", Items.Of(after.Rows));
        _draft.Facts.Set("cart.total", Value.Of(after.Total));
        _draft.Visitor = _draft.Visitor with { Cart = after };
        return true;
    }

    private Cart? Added(Cart? before)
    {
        var products = Subjects();
        if (WholeCart() is { } whole) return whole;
        if (products.Count == 0) return before is { Rows.Count: > 0 } ? before : null;
        var after = (before ?? new Cart([], _now)).Add(products, _now, Items.Limits);
        if (after.Rows.Count == Items.Limits.Rows) _draft.Warn($"The cart holds {after.Rows.Count} different products, as many as are kept; further ones are left out.");
        return after;
    }

    private Cart? Removed(Cart? before)
    {
        var products = Subjects();
        if (WholeCart() is { } whole) return whole;
        return before is null ? null : products.Aggregate(before, (cart, p) => cart.Remove(p, _now));
    }

    private Cart? Replaced(Cart? before)
    {
        var rows = _reader.List(_properties, "products", "items", "cart");
        return rows is null ? before : new Cart(Cart.Merge(rows, Items.MostPieces), _now);
    }

    // GA4's items are what was put in or taken out; Segment's products next to it are the whole cart.
    private Cart? WholeCart()
    {
        var rows = IsGa4 ? _reader.List(_properties, "cart") : _reader.List(_properties, "cart", "products", "items");
        return rows is null ? null : new Cart(Cart.Merge(rows, Items.MostPieces), _now);
    }

    private List<Product> Subjects()
    {
        var product = _reader.One(_properties) ?? (_properties.At("product") is { } inner ? _reader.One(inner) : null);
        List<Product> products = product is not null ? [product] : IsGa4 ? [.. _reader.List(_properties, "items", "products") ?? []] : [];
        Show(products.FirstOrDefault());
        return products;
    }

    private bool Refund()
    {
        var isCancelled = EventNames.Key(_draft.Event.Name ?? "").StartsWith("ordercancel", StringComparison.Ordinal);
        _draft.Facts.Set("refund.label", Value.Of(isCancelled ? "Order Cancelled" : "Order Refunded"));
        var products = _reader.List(_properties, "products", "items");
        decimal? amount = null;
        foreach (var name in new[] { "total", "revenue", "value", "amount", "refund_amount" })
        {
            amount ??= Given(name);
        }

        amount ??= products is { Count: > 0 } ? products.Sum(p => p.Total) : null;
        if (amount is { } known) _draft.Facts.Set("refund.amount", Value.Of(Money.Round(Math.Abs(known))));
        return true;
    }

    private string? Currency => _properties.TextAt("currency") is { } text ? SafeText.Cut(SafeText.Valid(text).ToUpperInvariant(), 10) : null;

    private bool IsGa4 => EventNames.IsGa4(_draft.Event.Name ?? "");

    private decimal Amount(string name) => Given(name) ?? 0;

    private decimal? Given(string name) =>
        Value.Of(_properties.At(name)) is { Kind: not ValueKind.Json, Text.Length: > 0 } value && Money.Parse(value) is { } amount ? amount * Rate : null;

    private decimal RateOf()
    {
        if (_settings.Currency is null || Currency is not { } currency || currency == _settings.Currency) return 1;
        if (_settings.Rates.TryGetValue(currency, out var rate)) return rate;
        _draft.Warn($"The event's amounts are in {currency} and were sent as they are: Matomo takes them for {_settings.Currency}, the site's currency. Add a rate in the settings to convert them.");
        return 1;
    }
}
