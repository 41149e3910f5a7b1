using System.Text.Json.Nodes;

namespace MatomoSandbox;

/// <summary>Recorded rows as JSON, with the names that the recorded data use.</summary>
public static class RowJson
{
    /// <summary>A visit, without what belongs to it.</summary>
    public static JsonObject Of(Visit visit)
    {
        var row = Filled(
            ("idsite", visit.Site), ("visitor", visit.Visitor), ("user_id", visit.UserId), ("ip", visit.Ip), ("actions", visit.Actions),
            ("seconds", visit.Seconds), ("searches", visit.Searches), ("events", visit.Events), ("goal_converted", visit.GoalConverted ? 1 : 0),
            ("buyer", visit.Buyer), ("referrer_type", visit.ReferrerType), ("referrer_name", visit.ReferrerName),
            ("referrer_keyword", visit.ReferrerKeyword), ("language", visit.Language), ("country", visit.Country), ("region", visit.Region),
            ("city", visit.City), ("browser", visit.Browser), ("os", visit.Os), ("last", visit.Last));
        return With(row, visit.Dimensions);
    }

    /// <summary>An action.</summary>
    public static JsonObject Of(VisitAction action)
    {
        var row = Filled(
            ("at", action.At), ("url", action.Url), ("type_url", action.TypeUrl), ("name", action.Name), ("type_name", action.TypeName),
            ("event_category", action.EventCategory), ("event_action", action.EventAction), ("value", action.Value),
            ("search_category", action.SearchCategory), ("search_count", action.SearchCount), ("content_name", action.ContentName),
            ("content_piece", action.ContentPiece), ("content_target", action.ContentTarget), ("content_interaction", action.ContentInteraction),
            ("pv_id", action.PvId), ("product_sku", action.ProductSku), ("product_name", action.ProductName));
        AddCategories(row, "product_category", action.ProductCategories);
        foreach (var (name, value) in Filled(("product_price", action.ProductPrice)).ToArray())
            row[name] = value?.DeepClone();
        foreach (var (name, value) in action.Timings)
            row[name] = value;
        return With(row, action.Dimensions);
    }

    /// <summary>A conversion.</summary>
    public static JsonObject Of(Conversion conversion) => Filled(
        ("goal", conversion.Goal), ("order", conversion.Order), ("revenue", conversion.Revenue), ("subtotal", conversion.Subtotal),
        ("tax", conversion.Tax), ("shipping", conversion.Shipping), ("discount", conversion.Discount), ("items", conversion.Items),
        ("url", conversion.Url));

    /// <summary>A row of an order or cart.</summary>
    public static JsonObject Of(Item item)
    {
        var row = Filled(("order", item.Order), ("sku", item.Sku), ("name", item.Name));
        AddCategories(row, "category", item.Categories);
        row["price"] = item.Price;
        row["quantity"] = item.Quantity;
        row["deleted"] = item.Deleted ? 1 : 0;
        return row;
    }

    private static JsonObject Filled(params (string Name, object? Value)[] fields)
    {
        var row = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not (null or ""))
                row[name] = JsonValue.Create(value);
        }
        return row;
    }

    private static void AddCategories(JsonObject row, string name, IReadOnlyList<string> categories)
    {
        for (var index = 0; index < categories.Count; index++)
            row[index == 0 ? name : $"{name}{index + 1}"] = categories[index];
    }

    private static JsonObject With(JsonObject row, IReadOnlyDictionary<int, string> dimensions)
    {
        foreach (var (id, text) in dimensions.OrderBy(pair => pair.Key))
            row[$"dimension{id}"] = text;
        return row;
    }
}
