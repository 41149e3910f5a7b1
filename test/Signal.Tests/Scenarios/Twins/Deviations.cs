using System.Text.Json.Nodes;

namespace Signal.Tests.Scenarios.Twins;

/// <summary>
/// Where Signal, on purpose, leaves a Matomo with something else than Matomo's own tracker does: every difference there is, no more.
/// The same in words, for users, is in docs/destinations/matomo.md.
/// </summary>
internal static class Deviations
{
    /// <summary>By the telling's name.</summary>
    internal static IReadOnlyDictionary<string, Deviation> All { get; } = new Dictionary<string, Deviation>
    {
        ["consent"] = new(
            "A page read before the grant is recorded when it was read: the script keeps it with its time, the tracker has no time to give.",
            stored =>
            {
                Visit(stored, 0)["seconds"] = 121;
                List(stored, 0, "action_list")[0]!["at"] = 0;
            }),
        ["goals"] = new(
            "An event mapped to a goal is the conversion and the event; with unmapped_events \"drop\" it is the conversion alone.",
            stored =>
            {
                Visit(stored, 0)["actions"] = 5;
                Visit(stored, 0)["events"] = 3;
                foreach (var (at, name) in new[] { (60, "Signed Up"), (120, "Brochure Requested"), (180, "Brochure Requested") })
                    List(stored, 0, "action_list").Add(SignedUpPageEvent(at, name));
            }),
        ["login-in-mid-visit"] = new(
            "Who signed out is a new visitor, not the user who was signed in before.",
            stored => Visit(stored, 1)["visitor"] = "aaaabbbbcccc4ddd"),
        ["order-page-reloaded"] = new(
            "A repeated order is not sent at all, so it prolongs no visit; amounts an order does not give are left out, not sent as \"false\".",
            stored =>
            {
                Visit(stored, 0)["seconds"] = 121;
                WithoutAmountsNotGiven(stored);
            }),
        ["second-cart-after-an-order"] = new("Amounts an order does not give are left out, not sent as \"false\".", WithoutAmountsNotGiven),
        ["two-people-behind-one-address"] = new("Two people with the same browser behind one address stay two.", SeparatePeople),
    };

    private static void WithoutAmountsNotGiven(JsonArray stored)
    {
        var order = List(stored, 0, "conversions").Single(c => c!["goal"]!.GetValue<int>() == 0)!.AsObject();
        foreach (var name in new[] { "subtotal", "tax", "shipping", "discount" }) order.Remove(name);
    }

    private static JsonObject SignedUpPageEvent(int at, string name) => new()
    {
        ["at"] = at,
        ["url"] = "https://shop.example.com/signup",
        ["type_url"] = 10,
        ["event_category"] = "Signal",
        ["event_action"] = name,
        ["pv_id"] = "m8PT1c",
    };

    private static void SeparatePeople(JsonArray stored)
    {
        var second = Visit(stored, 0).DeepClone().AsObject();
        stored.Add(second);
        Keep(Visit(stored, 0), "3d0638357345d465", 0, last: 120);
        Keep(second, "22d29273e8c2d1a1", 1, last: 180);
    }

    // Of the one visit that was stored for both, the actions of one person: every second one.
    private static void Keep(JsonObject visit, string visitor, int first, int last)
    {
        var actions = visit["action_list"]!.AsArray();
        visit["visitor"] = visitor;
        visit["actions"] = 2;
        visit["seconds"] = 121;
        visit["last"] = last;
        visit["action_list"] = new JsonArray(actions[first]!.DeepClone(), actions[first + 2]!.DeepClone());
    }

    private static JsonObject Visit(JsonArray stored, int index) => stored[index]!.AsObject();

    private static JsonArray List(JsonArray stored, int index, string name) => stored[index]![name]!.AsArray();
}

/// <summary>A difference on purpose.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Apply">Makes of what the tracker left what Signal leaves.</param>
internal sealed record Deviation(string Why, Action<JsonArray> Apply);
