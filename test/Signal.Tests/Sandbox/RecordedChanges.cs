using System.Text.Json.Nodes;
using MatomoSandbox;

namespace Signal.Tests.Sandbox;

/// <summary>What changed between two states, in the words of the recorded data.</summary>
internal static class RecordedChanges
{
    // Columns that the recording did not read.
    private static readonly string[] Unread =
    [
        "region", "category3", "category4", "product_category2", "product_category3", "product_category4", "product_category5",
        "time_transfer", "time_dom_processing", "time_dom_completion", "time_on_load",
    ];

    public static JsonObject Between(SandboxState before, SandboxState after, long now)
    {
        var changes = new JsonObject();
        Add(changes, "visits", before.Visits, after.Visits, row => row.Id, row => Timed(RowJson.Of(row), "last", row.Last, now));
        Add(changes, "actions", before.Actions, after.Actions, row => row.Id, row => Timed(RowJson.Of(row), "at", row.At, now));
        Add(changes, "conversions", before.Conversions, after.Conversions, ConversionKey, RowJson.Of);
        Add(changes, "items", before.Items, after.Items, row => (row.VisitId, row.Order, row.Sku), RowJson.Of);
        return changes;
    }

    private static object ConversionKey(Conversion row) => (row.VisitId, row.Goal, row.Order, row.Goal > 0 ? row.Revenue : 0);

    private static void Add<TRow, TKey>(
        JsonObject changes, string kind, IReadOnlyList<TRow> before, IReadOnlyList<TRow> after, Func<TRow, TKey> key, Func<TRow, JsonObject> describe)
        where TKey : notnull
    {
        var known = before.ToLookup(key, row => Read(describe(row)).ToJsonString());
        var rows = new JsonArray();
        foreach (var row in after)
        {
            var described = Read(describe(row));
            var earlier = known[key(row)].ToArray();
            if (earlier.Contains(described.ToJsonString()))
                continue;
            described["change"] = earlier.Length == 0 ? "new" : "changed";
            rows.Add(described);
        }
        if (rows.Count > 0)
            changes[kind] = rows;
    }

    /// <summary>The row without the columns that the recording did not read.</summary>
    public static JsonObject Read(JsonObject row)
    {
        foreach (var column in Unread)
            row.Remove(column);
        return row;
    }

    private static JsonObject Timed(JsonObject row, string name, long time, long now)
    {
        row[name] = time == now ? "now" : $"now{time - now:+0;-0}";
        return row;
    }
}
