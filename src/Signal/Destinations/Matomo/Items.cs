using System.Text.Json;
using System.Text.Json.Nodes;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>The rows of a cart or an order as Matomo takes them: <c>[sku, name, category, price, quantity]</c>.</summary>
internal static class Items
{
    /// <summary>Matomo adds the pieces of all rows up in a column that ends here.</summary>
    internal const int MostPieces = 65_535;

    /// <summary>What Matomo takes of a product.</summary>
    internal static ProductLimits Limits { get; } = new(Vocabulary.NameLength, MostPieces, 1000);

    /// <summary>The rows as JSON.</summary>
    internal static Value Of(IReadOnlyList<Product> rows)
    {
        var array = new JsonArray();
        foreach (var row in rows)
        {
            array.Add(new JsonArray(row.Sku, row.Name, CategoryNode(row.Categories), JsonValue.Create(row.Price ?? 0m), row.Pieces));
        }

        return new Value(ValueKind.Json, JsonText.Of(array));
    }

    /// <summary>One category as a text, several as a list; null for none.</summary>
    internal static Value? Category(IReadOnlyList<string> categories) => categories.Count switch
    {
        0 => null,
        1 => Value.Of(categories[0]),
        _ => new Value(ValueKind.Json, JsonText.Of(categories)),
    };

    /// <summary>Rows that somebody mapped by hand (lists or objects), read as products and written anew; null when they are none.</summary>
    internal static string? Checked(Value value, Action<string> warn)
    {
        if (value.Text == "[]") return value.Text;
        if (!JsonText.TryParse(value.Text, out var list) || list.ValueKind != JsonValueKind.Array) return null;
        using var holder = JsonDocument.Parse($$"""{"products":[{{string.Join(',', list.EnumerateArray().Select(Named))}}]}""");
        var rows = new ProductReader(Limits, amount => amount, warn).List(holder.RootElement, "products") ?? [];
        return Of(Cart.Merge(rows, MostPieces)).Text;
    }

    private static string Named(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Array) return row.GetRawText();
        var parts = row.EnumerateArray().ToList();
        string[] names = ["sku", "name", "category", "price", "quantity"];
        var named = names.Zip(parts, (name, part) => $"\"{name}\":{part.GetRawText()}");
        return $"{{{string.Join(',', named)}}}";
    }

    private static JsonNode CategoryNode(IReadOnlyList<string> categories) =>
        categories.Count == 1 ? JsonValue.Create(categories[0]) : categories.Count == 0 ? JsonValue.Create("") : new JsonArray(categories.Select(c => (JsonNode)JsonValue.Create(c)).ToArray());
}
