namespace Signal.Tests.Scenarios.Twins;

/// <summary>The recorded stories, told through Signal's own API.</summary>
internal static class Tellings
{
    private static readonly object Shoe = new { sku = "SHOE-1", name = "Red shoe", category = new[] { "Shoes", "Sale" }, price = 49.9 };
    private static readonly object OneShoe = new { sku = "SHOE-1", name = "Red shoe", category = new[] { "Shoes", "Sale" }, price = 49.9, quantity = 1 };
    private static readonly object TwoShoes = new { sku = "SHOE-1", name = "Red shoe", category = new[] { "Shoes", "Sale" }, price = 49.9, quantity = 2 };
    private static readonly object OneHat = new { sku = "HAT-7", name = "Straw hat", category = "Hats", price = 19.5, quantity = 1 };
    private static readonly object TwoHats = new { sku = "HAT-7", name = "Straw hat", category = "Hats", price = 19.5, quantity = 2 };

    private static readonly object Goals = new
    {
        mappings = new object[]
        {
            new { @event = "Signed Up", target = "idgoal", value = "1" },
            new { @event = "Brochure Requested", target = "idgoal", value = "3" },
            new { @event = "Brochure Requested", target = "revenue", source = "properties.worth" },
        },
    };

    private static readonly object Dimensions = new
    {
        mappings = new object[]
        {
            new { @event = "*", target = "dimension1", source = "traits.plan" },
            new { @event = "page", target = "dimension3", source = "properties.author" },
        },
    };

    /// <summary>By the story's name; a name may go on after a blank where a story is told in more than one way.</summary>
    internal static IReadOnlyDictionary<string, Telling> All { get; } = new Dictionary<string, Telling>
    {
        ["browse"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/", referrer: "https://www.google.com/");
            (await t.AtAsync(120)).Page("About us", "/about", referrer: "https://shop.example.com/");
            (await t.AtAsync(300)).Page("Contact", "/contact?from=about#form", referrer: "https://shop.example.com/about");
        }),
        ["campaign"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/?mtm_campaign=may-news&mtm_kwd=header");
            (await t.AtAsync(120)).Page("Red shoe", "/p/shoe");
            (await t.AtAsync(600)).Page("Shop", "/?utm_campaign=spring&utm_source=adnet&utm_medium=cpc");
        }),
        ["cart-changed"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Red shoe", "/p/shoe");
            (await t.AtAsync(60)).Track("Product Added", TwoShoes);
            (await t.AtAsync(120)).Track("Product Added", OneHat);
            (await t.AtAsync(180)).Track("Product Added", OneShoe);
            (await t.AtAsync(240)).Track("Product Removed", OneHat);
        }),
        ["cart-cleared"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Straw hat", "/p/hat");
            (await t.AtAsync(60)).Track("Product Added", TwoHats);
            (await t.AtAsync(120)).Track("Cart Cleared");
        }),
        ["category-view"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shoes", "/c/shoes").Track("Product List Viewed", new { category = "Shoes" });
            (await t.AtAsync(60)).Page("Red shoe", "/p/shoe").Track("Product Viewed", Shoe);
        }),
        ["consent"] = new(
            async t =>
            {
                (await t.AtAsync(0)).Undecided().Page("Shop", "/", viewAt: 60);
                (await t.AtAsync(60)).Consent(true);
                (await t.AtAsync(120)).Page("After the grant", "/after-grant");
                await t.DeliveredAsync();
                (await t.AtAsync(180)).Consent(false).Page("After the withdrawal", "/after-withdrawal").InVain();
            },
            Source: new { consent = new { mode = "opt_in" } }),
        ["content"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/");
            (await t.AtAsync(120))
                .Track("Content Impression", new { name = "Winter", piece = "winter.png", target = "https://shop.example.com/coats" })
                .Track("Content Impression", new { name = "Summer", piece = "summer.png", target = "https://shop.example.com/sale" })
                .Track("Content Interaction", new { name = "Summer", piece = "summer.png", target = "https://shop.example.com/sale", interaction = "click" })
                .Page("Shop", "/sale", referrer: "https://shop.example.com/");
        }),
        ["dimensions"] = new(
            async t =>
            {
                (await t.AtAsync(0)).Identify("customer-5", new { plan = "gold" }).Page("One", "/a/1", properties: new { author = "Ann" });
                (await t.AtAsync(120)).Page("Two", "/a/2", properties: new { author = "Bob" });
            },
            Integration: Dimensions,
            Config: new { user_id = "none" }),
        ["download-and-outlink"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/");
            (await t.AtAsync(60)).Track("File Downloaded", new { url = "https://shop.example.com/files/prices.pdf" });
            (await t.AtAsync(120)).Track("Link Clicked", new { url = "https://partner.example.net/offer" });
        }),
        ["events"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Film", "/film");
            (await t.AtAsync(60)).Track("Play", new { category = "Video", label = "Intro" });
            (await t.AtAsync(180)).Track("Rated", new { category = "Video", label = "Intro", value = 4.5 });
        }),
        ["goals"] = new(TellGoalsAsync, Integration: Goals),
        ["goals without events"] = new(TellGoalsAsync, Integration: Goals, Config: new { unmapped_events = "drop" }),
        ["half-an-hour-of-silence"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/");
            (await t.AtAsync(1860)).Page("Red shoe", "/p/shoe");
        }),
        ["login-in-mid-visit"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/");
            (await t.AtAsync(60)).Identify("user-123").Page("Account", "/account");
            (await t.AtAsync(120)).Page("Orders", "/orders");
            await t.DeliveredAsync();
            (await t.AtAsync(180)).Reset("aaaabbbb-cccc-4ddd-8eee-ffff00001111").Page("Shop", "/");
        }),
        ["next-day"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/");
            (await t.AtAsync(90_000)).Page("Red shoe", "/p/shoe");
        }),
        ["order"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Red shoe", "/p/shoe");
            (await t.AtAsync(60)).Track("Cart Updated", new { products = new[] { OneShoe, TwoHats } });
            (await t.AtAsync(240)).Page("Thanks for your order", "/checkout/done")
                .Track("Order Completed", new { order_id = "A-1001", revenue = 93.89, subtotal = 88.9, tax = 14.19, shipping = 4.99, discount = 5, products = new[] { OneShoe, TwoHats } });
        }),
        ["order piece by piece"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Red shoe", "/p/shoe");
            (await t.AtAsync(60)).Track("Product Added", OneShoe).Track("Product Added", TwoHats);
            (await t.AtAsync(240)).Page("Thanks for your order", "/checkout/done")
                .Track("Order Completed", new { order_id = "A-1001", revenue = 93.89, subtotal = 88.9, tax = 14.19, shipping = 4.99, discount = 5 });
        }),
        ["order-page-reloaded"] = new(async t =>
        {
            foreach (var at in new[] { 0, 60, 120 })
                (await t.AtAsync(at)).Page("Done", "/checkout/done").Track("Order Completed", new { order_id = "A-1002", revenue = 19.5, products = new[] { OneHat } });
        }),
        ["product-view"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/");
            (await t.AtAsync(60)).Page("Red shoe", "/p/shoe").Track("Product Viewed", Shoe);
        }),
        ["reading-time"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Essay", "/essay");
            (await t.AtAsync(60)).Track("Heartbeat");
            (await t.AtAsync(180)).Track("Heartbeat");
        }),
        ["second-cart-after-an-order"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Red shoe", "/p/shoe");
            (await t.AtAsync(60)).Track("Order Completed", new { order_id = "A-1003", revenue = 49.9, products = new[] { OneShoe } });
            (await t.AtAsync(180)).Page("Straw hat", "/p/hat");
            (await t.AtAsync(240)).Track("Product Added", OneHat);
        }),
        ["single-page-application"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("App", "/app");
            (await t.AtAsync(60)).Page("List", "/app/list", referrer: "https://shop.example.com/app");
            (await t.AtAsync(120)).Page("Item 5", "/app/item/5", referrer: "https://shop.example.com/app/list");
        }),
        ["site-search"] = new(async t =>
        {
            (await t.AtAsync(0)).Page("Shop", "/");
            (await t.AtAsync(60)).TrackOn("/search", "Products Searched", new { query = "red shoe", category = "Shoes", count = 4 });
            (await t.AtAsync(120)).TrackOn("/search", "Products Searched", new { query = "unicorn boots", count = 0 });
        }),
        ["two-people-behind-one-address"] = new(async t =>
        {
            (await t.AtAsync(0, person: 1)).Page("A", "/a");
            (await t.AtAsync(60, person: 2)).Page("B", "/b");
            (await t.AtAsync(120, person: 1)).Page("A2", "/a2");
            (await t.AtAsync(180, person: 2)).Page("B2", "/b2");
        }),
    };

    private static async Task TellGoalsAsync(Teller t)
    {
        (await t.AtAsync(0)).Page("Sign up", "/signup");
        (await t.AtAsync(60)).Track("Signed Up");
        (await t.AtAsync(120)).Track("Brochure Requested");
        (await t.AtAsync(180)).Track("Brochure Requested", new { worth = 12.5 });
        (await t.AtAsync(240)).Page("Thank you", "/thank-you");
    }
}

/// <summary>How a story is told, and to what source and integration.</summary>
internal sealed record Telling(Func<Teller, Task> TellAsync, object? Source = null, object? Integration = null, object? Config = null);
