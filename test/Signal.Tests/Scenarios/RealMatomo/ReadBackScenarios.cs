using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios.RealMatomo;

/// <summary>
/// What Signal delivers is what the Reporting API shows. Every visitor, user and order is new, so the tests may run against a site
/// with other visits, and again.
/// </summary>
public abstract class ReadBackScenarios(SharedSignal shared) : IAsyncLifetime
{
    // Of the range for benchmarks: nobody's, and so wide that two runs hardly share an address, by which a Matomo joins visits.
    private readonly string _address = $"198.{Random.Shared.Next(18, 20)}.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}";
    private readonly string _run = Guid.NewGuid().ToString("N")[..12];
    private string _key = "";
    private string _site = "";
    private string _integration = "";
    private string _source = "";
    private MatomoUnderTest? _matomo;
    private int _said;

    /// <summary>The Matomo to deliver to; skips the test where there is none.</summary>
    private protected abstract Task<MatomoUnderTest> FindAsync();

    public async ValueTask InitializeAsync()
    {
        _matomo = await FindAsync();
        _site = await _matomo.SiteAddressAsync();
        var source = await shared.Signal.CreateSourceAsync();
        _key = source.GetProperty("pipeline_key").GetString()!;
        _source = source.GetProperty("id").GetString()!;
        var made = await shared.Signal.CreateMatomoAsync(source.GetProperty("id").GetString()!, _matomo.Address, new { site_id = _matomo.Site }, token: _matomo.Token);
        _integration = made.GetProperty("id").GetString()!;
    }

    [Fact]
    public async Task Page_IsOneActionWithTitleAddressAndTime()
    {
        var visitor = Some.Visitor();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        await SayAsync(Page(visitor, "/shoes", "Shoes & <boots>"));

        var visit = (await VisitsAsync(visitor, 1, v => Number(v[0], "actions") == 1))[0];
        var action = MatomoUnderTest.Did(visit).ShouldHaveSingleItem();
        Text(action, "type").ShouldBe("action");
        Text(action, "pageTitle").ShouldBe("Shoes & <boots>");
        Text(action, "url").ShouldBe(_site + "/shoes");
        MatomoUnderTest.Whole(action, "timestamp").ShouldBeInRange(before - 5, before + 60);
    }

    [Fact]
    public async Task ProductView_IsOnItsPageView()
    {
        var visitor = Some.Visitor();

        await SayAsync(Page(visitor, "/p/shoe", "Red shoe"), Track(visitor, "/p/shoe", "Product Viewed", new { sku = "SHOE-1", name = "Red shoe", category = "Shoes", price = 49.9 }));

        var visit = (await VisitsAsync(visitor, 1, v => Number(v[0], "actions") == 1))[0];
        var action = MatomoUnderTest.Did(visit).ShouldHaveSingleItem();
        Text(action, "productViewSku").ShouldBe("SHOE-1");
        Text(action, "productViewName").ShouldBe("Red shoe");
    }

    [Fact]
    public async Task Cart_IsWhole()
    {
        var visitor = Some.Visitor();

        await SayAsync(Page(visitor, "/p/shoe", "Red shoe"), Track(visitor, "/p/shoe", "Product Added", new { sku = "SHOE-1", name = "Red shoe", price = 49.9, quantity = 2 }));
        await SayAsync(Track(visitor, "/p/hat", "Product Added", new { sku = "HAT-7", name = "Straw hat", price = 19.5 }));

        var visit = (await VisitsAsync(visitor, 1, v => Kinds(v[0]).Contains("ecommerceAbandonedCart") && Number(Cart(v[0]), "revenue") > 100))[0];
        Number(Cart(visit), "revenue").ShouldBe(119.3, 0.01);
        Number(Cart(visit), "items").ShouldBe(3);
        Skus(Cart(visit)).ShouldBe(["HAT-7", "SHOE-1"]);
    }

    [Fact]
    public async Task Order_IsCountedOnceWithItsAmounts_AndLeavesNoAbandonedCart()
    {
        var visitor = Some.Visitor();
        var order = new { order_id = $"order-{_run}", revenue = 73.99, tax = 11.81, shipping = 4.99, discount = 5, subtotal = 69.4 };

        await SayAsync(Page(visitor, "/p/shoe", "Red shoe"), Track(visitor, "/p/shoe", "Product Added", new { sku = "SHOE-1", name = "Red shoe", price = 49.9 }));
        await SayAsync(Track(visitor, "/p/hat", "Product Added", new { sku = "HAT-7", name = "Straw hat", price = 19.5 }));
        await SayAsync(Page(visitor, "/done", "Done"), Track(visitor, "/done", "Order Completed", order));
        await SayAsync(Page(visitor, "/done", "Done"), Track(visitor, "/done", "Order Completed", order));

        var visit = (await VisitsAsync(visitor, 1, v => Number(v[0], "actions") == 3))[0];
        Kinds(visit).ShouldBe(["action", "action", "action", "ecommerceOrder"], ignoreOrder: true);
        var told = MatomoUnderTest.Did(visit).Single(d => Text(d, "type") == "ecommerceOrder");
        Text(told, "orderId").ShouldBe(order.order_id);
        Number(told, "revenue").ShouldBe(73.99, 0.01);
        Number(told, "revenueTax").ShouldBe(11.81, 0.01);
        Number(told, "revenueShipping").ShouldBe(4.99, 0.01);
        Number(told, "revenueDiscount").ShouldBe(5, 0.01);
        Skus(told).ShouldBe(["HAT-7", "SHOE-1"]);
    }

    [Fact]
    public async Task Identify_TheVisitBelongsToTheUser()
    {
        var visitor = Some.Visitor();
        var user = $"user-{_run}";

        await SayAsync(Page(visitor, "/", "Home"));
        await SayAsync(new { type = "identify", anonymousId = visitor, userId = user });
        await SayAsync(Page(visitor, "/account", "Account"));

        var visit = (await _matomo!.VisitsAsync($"userId=={user}", 1, v => Number(v[0], "actions") == 2))[0];
        Text(visit, "userId").ShouldBe(user);
        MatomoUnderTest.Did(visit).Select(d => Text(d, "pageTitle")).ShouldBe(["Home", "Account"]);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("o'hara+\"<b>\" & a,b;userId!=x 100%25 ü")]
    public async Task Erased_ByUserId_TheVisitsAreGoneAndOthersStay(string user)
    {
        Assert.SkipUnless(_matomo!.AdminToken is not null, MatomoUnderTest.HowTo);
        await shared.Signal.PatchAdminAsync($"integrations/{_integration}", new { config = new { privacy_token = _matomo.AdminToken } });
        var (visitor, browser, other) = (Some.Visitor(), Some.Visitor(), Some.Visitor());
        user += _run;

        // Somebody signed in: an anonymous visit from the same address would become the user's.
        var others = $"userId==other-{_run}";
        await SayAsync(Page(visitor, "/in", "In"), new { type = "identify", anonymousId = visitor, userId = user });
        await SayAsync(new { type = "identify", anonymousId = browser, userId = user }, Page(browser, "/phone", "Phone"), Page(visitor, "/account", "Account"));
        await SayAsync(new { type = "identify", anonymousId = other, userId = $"other-{_run}" }, Page(other, "/other", "Other"));
        await _matomo.VisitsAsync(others, 1, _ => true);
        var key = new { user_id = user, source_id = _source };

        var found = (await shared.Signal.PostAdminAsync("visitors/export", key, System.Net.HttpStatusCode.OK)).GetProperty("handed_on")[0];
        var erased = (await shared.Signal.PostAdminAsync("visitors/erase", key, System.Net.HttpStatusCode.OK)).GetProperty("handed_on")[0];
        var again = (await shared.Signal.PostAdminAsync("visitors/erase", key, System.Net.HttpStatusCode.OK)).GetProperty("handed_on")[0];

        Text(found, "status").ShouldBe("found", found.GetRawText());
        found.GetProperty("data")[0].GetProperty("log_visit").GetArrayLength().ShouldBe((int)Number(found, "visits"));
        Text(erased, "status").ShouldBe("erased", erased.GetRawText());
        Number(erased, "visits").ShouldBe(Number(found, "visits"));
        Text(again, "status").ShouldBe("nothing_found");
        await VisitsAsync(visitor, 0, _ => true);
        await VisitsAsync(browser, 0, _ => true);
        await _matomo.VisitsAsync(others, 1, _ => true);
    }

    [Fact]
    public async Task LateEvents_HappenedWhenTheyHappened()
    {
        var visitor = Some.Visitor();
        var start = new DateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(-3).Date.AddHours(12), TimeSpan.Zero);

        await SayAsync(At(start, Page(visitor, "/1", "One")), At(start.AddSeconds(90), Page(visitor, "/2", "Two")));

        var visit = (await VisitsAsync(visitor, 1, v => Number(v[0], "actions") == 2, days: 5))[0];
        MatomoUnderTest.Whole(visit, "firstActionTimestamp").ShouldBe(start.ToUnixTimeSeconds());
        MatomoUnderTest.Whole(visit, "lastActionTimestamp").ShouldBe(start.AddSeconds(90).ToUnixTimeSeconds());
        MatomoUnderTest.Whole(visit, "visitDuration").ShouldBeInRange(90, 91);
    }

    [Fact]
    public async Task TwoPeopleBehindOneAddress_StayTwo()
    {
        var (one, other) = (Some.Visitor(), Some.Visitor());

        await SayAsync(Page(one, "/1", "One"));
        await SayAsync(Page(other, "/2", "Two"));

        MatomoUnderTest.Did((await VisitsAsync(one, 1, v => Number(v[0], "actions") == 1))[0]).Select(d => Text(d, "pageTitle")).ShouldBe(["One"]);
        MatomoUnderTest.Did((await VisitsAsync(other, 1, v => Number(v[0], "actions") == 1))[0]).Select(d => Text(d, "pageTitle")).ShouldBe(["Two"]);
    }

    [Fact]
    public async Task Anything_IsAnEvent()
    {
        var visitor = Some.Visitor();

        await SayAsync(Page(visitor, "/film", "Film"), Track(visitor, "/film", "Rated", new { category = "Video", label = "Intro", value = 4.5 }));

        var visit = (await VisitsAsync(visitor, 1, v => Number(v[0], "actions") == 2))[0];
        var told = MatomoUnderTest.Did(visit).Single(d => Text(d, "type") == "event");
        Text(told, "eventCategory").ShouldBe("Video");
        Text(told, "eventAction").ShouldBe("Rated");
        Number(told, "eventValue").ShouldBe(4.5);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_matomo is not null) await _matomo.DisposeAsync();
    }

    private async Task SayAsync(params object[] events)
    {
        var batch = events.Select(e => JsonSerializer.SerializeToNode(e)!.AsObject()).ToList();
        using var answer = await shared.Signal.SendAsync(_key, "/v1/b", new { batch }, headers: new Dictionary<string, string> { ["X-Forwarded-For"] = _address });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        _said += batch.Count;
        var rows = await shared.Signal.EventsAsync(_integration, _said);
        rows.ShouldAllBe(r => r.GetProperty("outcome").GetString() != "dead_letter");
    }

    private object Page(string visitor, string path, string title) =>
        new { type = "page", anonymousId = visitor, properties = new { url = _site + path, title }, context = new { page = new { url = _site + path, title } } };

    private object Track(string visitor, string path, string name, object properties) =>
        new { type = "track", @event = name, anonymousId = visitor, properties, context = new { page = new { url = _site + path } } };

    private static JsonObject At(DateTimeOffset time, object e)
    {
        var json = JsonSerializer.SerializeToNode(e)!.AsObject();
        json["timestamp"] = time.ToString("O");
        return json;
    }

    private Task<IReadOnlyList<JsonElement>> VisitsAsync(string visitor, int count, Func<IReadOnlyList<JsonElement>, bool> done, int days = 1) =>
        _matomo!.VisitsAsync($"visitorId=={visitor.Replace("-", "", StringComparison.Ordinal)[..16]}", count, done, days);

    private static JsonElement Cart(JsonElement visit) => MatomoUnderTest.Did(visit).Single(d => Text(d, "type") == "ecommerceAbandonedCart");

    private static IEnumerable<string?> Kinds(JsonElement visit) => MatomoUnderTest.Did(visit).Select(d => Text(d, "type"));

    private static IEnumerable<string?> Skus(JsonElement commerce) => commerce.GetProperty("itemDetails").EnumerateArray().Select(i => Text(i, "itemSKU")).Order();

    private static string? Text(JsonElement row, string name) => MatomoUnderTest.Text(row, name);

    private static double Number(JsonElement row, string name) => MatomoUnderTest.Number(row, name);
}
