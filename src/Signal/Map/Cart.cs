namespace Signal.Map;

/// <summary>A visitor's cart, one row a SKU. Immutable.</summary>
/// <param name="Rows">In the order in which they were put in.</param>
/// <param name="Time">When it last changed, unix milliseconds.</param>
internal sealed record Cart(IReadOnlyList<Product> Rows, long Time)
{
    /// <summary>Price times pieces of every row, two places.</summary>
    internal decimal Total => Money.Round(Rows.Sum(r => r.Total));

    /// <summary>Rows of the same SKU become one: pieces add up, the first row's words stay where later ones say nothing.</summary>
    internal static IReadOnlyList<Product> Merge(IEnumerable<Product> rows, int maxQuantity)
    {
        var merged = new List<Product>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (places.TryGetValue(row.Sku, out var at))
            {
                merged[at] = Join(merged[at], row, maxQuantity);
                continue;
            }

            places[row.Sku] = merged.Count;
            merged.Add(row with { Quantity = row.Pieces });
        }

        return merged;
    }

    /// <summary>With these put in; their prices and words replace older ones. Of new rows only as many as the cart may hold.</summary>
    internal Cart Add(IEnumerable<Product> products, long time, ProductLimits limits) =>
        new([.. Merge(Rows.Concat(products.Where(p => p.Pieces > 0)), limits.Quantity).Take(limits.Rows)], time);

    /// <summary>Without so many pieces of a SKU; without the row when no quantity is given or none is left.</summary>
    internal Cart Remove(Product product, long time)
    {
        var left = new List<Product>();
        foreach (var row in Rows)
        {
            if (row.Sku != product.Sku) left.Add(row);
            else if (product.Quantity is { } taken && row.Pieces > Math.Abs(taken)) left.Add(row with { Quantity = row.Pieces - Math.Abs(taken) });
        }

        return new Cart(left, time);
    }

    private static Product Join(Product older, Product newer, int maxQuantity) => new(
        older.Sku,
        newer.Name.Length > 0 ? newer.Name : older.Name,
        newer.Categories.Count > 0 ? newer.Categories : older.Categories,
        newer.Price ?? older.Price,
        Math.Min(maxQuantity, older.Pieces + newer.Pieces));
}
