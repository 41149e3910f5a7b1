using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Reads <c>ec_items</c>: a list of lists of sku, name, category or categories, price, quantity.</summary>
internal static class ItemReader
{
    private const int LongestText = 4096;

    /// <summary>Null items mean that neither order nor cart is recorded.</summary>
    public static Verdict Read(Parameters sent, out List<Item>? items)
    {
        items = [];
        var json = sent.Given("ec_items") ? sent.Json("ec_items") : null;
        if (json is null or "" or "0" or 0L or 0d or false)
            return Verdict.Recorded;
        if (json is not PhpArray rows)
        {
            items = null;
            return Verdict.Recorded;
        }
        foreach (var (_, row) in rows)
        {
            if (row is not PhpArray fields || IsEmpty(fields["0"]))
                continue;
            if (!TryCategories(fields["2"], out var categories))
                return Verdict.Fatal;
            items.Add(Item(fields, categories));
        }
        return items.Any(TooLong) ? Verdict.DatabaseError : Verdict.Recorded;
    }

    private static Item Item(PhpArray fields, List<string> categories) => new()
    {
        VisitId = 0,
        Order = "0",
        Sku = Text(fields["0"]),
        Name = IsEmpty(fields["1"]) ? null : ActionFactory.Some(Text(fields["1"])),
        Categories = categories,
        Price = PhpNumber.IsNumeric(fields["3"]) ? PhpNumber.Money(PhpNumber.ToDouble(fields["3"])) : 0,
        Quantity = !IsEmpty(fields["4"]) && PhpNumber.IsNumeric(fields["4"]) ? PhpNumber.ToLong(fields["4"]) : 1,
    };

    // A list within the list of categories kills PHP.
    private static bool TryCategories(object? sent, out List<string> categories)
    {
        categories = [];
        if (sent is not PhpArray list)
        {
            if (!IsEmpty(sent) && ActionFactory.Some(Text(sent)) is { } one)
                categories.Add(one);
            return true;
        }
        foreach (var (_, value) in list)
        {
            if (value is PhpArray)
                return false;
            if (value is not null && ActionFactory.Some(Text(value)) is { } category)
                categories.Add(category);
            if (categories.Count == 5)
                break;
        }
        return true;
    }

    private static bool TooLong(Item item) =>
        item.Categories.Append(item.Sku).Append(item.Name ?? "").Any(text => PhpText.Characters(text) > LongestText);

    private static string Text(object? value) => value is PhpArray list
        ? string.Join(',', list.Select(pair => Text(pair.Value)))
        : PhpText.Trim(PhpText.Unescape(value is null ? "" : PhpNumber.Text(value)));

    private static bool IsEmpty(object? value) => value switch
    {
        null or false or 0L or 0d => true,
        string text => PhpText.IsEmpty(text),
        PhpArray list => list.Count == 0,
        _ => false,
    };
}
