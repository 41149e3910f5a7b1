using System.Text.Json;
using Signal.Events;

namespace Signal.Map;

/// <summary>Reads products out of an event's properties, in Segment's names and GA4's.</summary>
/// <param name="limits">What a text and a quantity may be at most.</param>
/// <param name="convert">An amount of the event's currency in the site's.</param>
/// <param name="warn">Told what was changed or left out.</param>
internal sealed class ProductReader(ProductLimits limits, Func<decimal, decimal> convert, Action<string> warn)
{
    private static readonly string[] SkuNames = ["sku", "product_id", "productId", "item_id", "id", "variant_id"];
    private static readonly string[] NameNames = ["name", "product_name", "item_name"];
    private static readonly string[] CategoryNames = ["category", "item_category", "product_category", "categories"];
    private static readonly string[] PriceNames = ["price", "item_price", "unit_price"];
    private static readonly string[] QuantityNames = ["quantity", "qty"];

    /// <summary>The list at one of these names; null when there is none.</summary>
    internal IReadOnlyList<Product>? List(JsonElement properties, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (properties.At(name) is not { } found) continue;
            if (found.ValueKind == JsonValueKind.Array) return Many(found);
            if (found.ValueKind != JsonValueKind.Object) continue;
            if (List(found, "products", "items", "line_items") is { } inner) return inner;
        }

        return null;
    }

    /// <summary>The product whose fields stand in the object itself; null when neither an id nor a name is there.</summary>
    internal Product? One(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;

        var sku = Text(item, SkuNames);
        var name = Text(item, NameNames);
        if (sku is null or "0")
        {
            if (name is null) return null;
            warn($"The product \"{name}\" has no usable SKU; its name stands in for it. Send sku or product_id.");
            sku = name;
        }

        return new Product(sku, name ?? "", Categories(item), Price(item, sku), Quantity(item, sku));
    }

    private List<Product> Many(JsonElement array)
    {
        var products = new List<Product>();
        foreach (var item in array.EnumerateArray())
        {
            if (One(item) is not { } product) warn("A product without sku, product_id and name was left out.");
            else if (product.Quantity <= 0) warn($"The product {product.Sku} has a quantity of {product.Quantity} and was left out.");
            else if (products.Count >= limits.Rows) warn($"More than {limits.Rows} products; {product.Sku} was left out.");
            else products.Add(product);
        }

        return products;
    }

    private List<string> Categories(JsonElement item)
    {
        var found = new List<string>();
        foreach (var name in CategoryNames)
        {
            if (item.At(name) is not { } value) continue;
            if (value.ValueKind == JsonValueKind.Array) found.AddRange(value.EnumerateArray().Select(Clean).OfType<string>());
            else if (Clean(value) is { } text) found.Add(text);
            if (found.Count > 0) break;
        }

        for (var level = 2; level <= 5; level++)
        {
            if (item.At($"item_category{level}") is { } value && Clean(value) is { } text) found.Add(text);
        }

        return found.Take(5).ToList();
    }

    private decimal? Price(JsonElement item, string sku)
    {
        foreach (var name in PriceNames)
        {
            if (Value.Of(item.At(name)) is not { Text.Length: > 0 } value) continue;
            if (Money.Parse(value) is { } price) return Money.Round(convert(price));
            warn($"The price \"{SafeText.Cut(value.Text, 40)}\" of {sku} is not an amount with one reading and was left out. Send a number such as 129.99.");
            return null;
        }

        return null;
    }

    private int? Quantity(JsonElement item, string sku)
    {
        foreach (var name in QuantityNames)
        {
            if (Value.Of(item.At(name)) is not { Text.Length: > 0 } value) continue;
            if (Numbers.Parse(value.Text.Trim()) is not { } number)
            {
                warn($"The quantity \"{SafeText.Cut(value.Text, 40)}\" of {sku} is not a number; 1 was taken.");
                return null;
            }

            var whole = Math.Clamp(decimal.Truncate(number), -limits.Quantity, limits.Quantity);
            if (whole == 0 && number != 0) whole = Math.Sign(number);
            if (whole != number) warn($"The quantity {Numbers.Format(number)} of {sku} became {whole}.");
            return (int)whole;
        }

        return null;
    }

    private string? Text(JsonElement item, string[] names)
    {
        foreach (var name in names)
        {
            if (item.At(name) is { } value && Clean(value) is { } text) return text;
        }

        return null;
    }

    private string? Clean(JsonElement value)
    {
        if (value.ScalarText() is not { } raw) return null;
        var valid = SafeText.Valid(raw);
        var text = SafeText.Cut(valid, limits.Text);
        if (text.Length < valid.Length) warn($"A product's text was cut to {limits.Text} characters.");
        return text.Length == 0 ? null : text;
    }
}

/// <summary>What a destination takes of a product.</summary>
/// <param name="Text">Characters of a text.</param>
/// <param name="Quantity">Pieces of a row.</param>
/// <param name="Rows">Rows of a cart.</param>
internal sealed record ProductLimits(int Text, int Quantity, int Rows);
