using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>The user's own description, sentence by sentence, against the built program. Each test names the sentence it proves.</summary>
public class SeedTests
{
    private const string Confirmation = "https://example.com/checkout/confirmation";

    [Fact]
    public async Task ManagementApiSetup_TheSeedsOwnBody_MakesAnIntegration()
    {
        await using var signal = await RunningSignal.StartAsync();
        var source = await signal.CreateSourceAsync();
        var body = JsonNode.Parse(
            """
            {
              "source_id": "src_abc123",
              "vendor": "matomo",
              "name": "Matomo Production",
              "enabled": true,
              "config": {
                "matomo_url": "https://analytics.example.com",
                "site_id": "1",
                "token_auth": "0123456789abcdef0123456789abcdef"
              },
              "consent_categories": ["analytics"]
            }
            """)!.AsObject();
        body["source_id"] = source.GetProperty("id").GetString();

        var made = await signal.PostAdminAsync("integrations", body, HttpStatusCode.Created);

        made.GetProperty("vendor").GetString().ShouldBe("matomo");
        made.GetProperty("preset").GetString().ShouldBe("retail");
        made.GetProperty("config").GetProperty("token_auth").GetString().ShouldBe("***");
        made.GetProperty("status").GetString().ShouldBe("active");
        made.GetProperty("revision").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task MatomoUrl_StripAnyTrailingSlash()
    {
        await using var signal = await RunningSignal.StartAsync();
        var source = await signal.CreateSourceAsync();

        var made = await signal.CreateMatomoAsync(source.GetProperty("id").GetString()!, new Uri("https://analytics.example.com/"));

        made.GetProperty("config").GetProperty("matomo_url").GetString().ShouldBe("https://analytics.example.com");
    }

    [Fact]
    public async Task Example_OrderCompleted_SendsTheSeedsFields()
    {
        await using var shop = await Shop.OpenAsync();

        await shop.SendAsync("/v1/t", "a1b2c3d4-e5f6-4718-9abc-def012345678", new
        {
            @event = "Order Completed",
            properties = new { order_id = "ORD-001", revenue = 129.99, tax = 21.66, shipping = 4.99, currency = "USD", url = Confirmation },
        });

        var row = (await shop.SettledAsync(1))[0];
        row.GetProperty("outcome").GetString().ShouldBe("delivered");
        var fields = Shop.Fields(row);
        fields["idsite"].ShouldBe("1");
        fields["rec"].ShouldBe("1");
        fields["token_auth"].ShouldBe("***");
        fields["cip"].ShouldNotBeNullOrEmpty();
        fields["ua"].ShouldBe(Some.Browser);
        fields["_id"].ShouldBe("a1b2c3d4e5f64718");
        fields["url"].ShouldBe(Confirmation);
        fields["idgoal"].ShouldBe("0");
        fields["ec_id"].ShouldBe("ORD-001");
        fields["revenue"].ShouldBe("129.99");
        fields["ec_tx"].ShouldBe("21.66");
        fields["ec_sh"].ShouldBe("4.99");
        fields.ShouldNotContainKey("ec_st");
    }

    [Fact]
    public async Task Example_OrderCompleted_MatomoRecordsItAgainstTheSiteAndVisitor()
    {
        await using var shop = await Shop.OpenAsync();

        await shop.SendAsync("/v1/t", "a1b2c3d4-e5f6-4718-9abc-def012345678", new
        {
            @event = "Order Completed",
            properties = new { order_id = "ORD-001", revenue = 129.99, tax = 21.66, shipping = 4.99, url = Confirmation },
        });

        await shop.SettledAsync(1);
        var state = shop.Sandbox.Matomo.State();
        var order = state.Conversions.ShouldHaveSingleItem();
        order.Goal.ShouldBe(0);
        order.Order.ShouldBe("ORD-001");
        order.Revenue.ShouldBe(129.99, 0.001);
        order.Site.ShouldBe(1);
        state.Visits.ShouldHaveSingleItem().Visitor.ShouldBe("a1b2c3d4e5f64718");
    }

    [Fact]
    public async Task RetailPreset_Page_BecomesAPageviewWithTitleUrlAndReferrer()
    {
        await using var shop = await Shop.OpenAsync();

        await shop.SendAsync("/v1/p", Some.Visitor(), new
        {
            properties = new { url = "https://shop.example.com/shoes", title = "Shoes" },
            context = new { page = new { referrer = "https://search.example.net/" } },
        });

        var fields = Shop.Fields((await shop.SettledAsync(1))[0]);
        fields["action_name"].ShouldBe("Shoes");
        fields["url"].ShouldBe("https://shop.example.com/shoes");
        fields["urlref"].ShouldBe("https://search.example.net/");
        var action = shop.Sandbox.Matomo.State().Actions.ShouldHaveSingleItem();
        action.Name.ShouldBe("Shoes");
        action.TypeUrl.ShouldBe(1);
    }

    [Fact]
    public async Task RetailPreset_ProductViewed_MatomoRecordsAProductView()
    {
        await using var shop = await Shop.OpenAsync();

        await shop.SendAsync("/v1/t", Some.Visitor(), new
        {
            @event = "Product Viewed",
            properties = new { sku = "SHOE-1", name = "Red shoe", category = "Shoes", price = 49.9, url = "https://shop.example.com/p/shoe" },
        });

        await shop.SettledAsync(1);
        var action = shop.Sandbox.Matomo.State().Actions.ShouldHaveSingleItem();
        action.ProductSku.ShouldBe("SHOE-1");
        action.ProductName.ShouldBe("Red shoe");
        action.ProductCategories.ShouldBe(["Shoes"]);
        action.ProductPrice.ShouldBe(49.9);
    }

    [Fact]
    public async Task RetailPreset_ProductAdded_MatomoHoldsTheVisitorsWholeCart()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/t", visitor, new { @event = "Product Added", properties = new { sku = "SHOE-1", name = "Red shoe", price = 49.9, quantity = 2 } });
        await shop.SendAsync("/v1/t", visitor, new { @event = "Product Added", properties = new { sku = "HAT-7", name = "Straw hat", price = 19.5 } });

        await shop.SettledAsync(2);
        var state = shop.Sandbox.Matomo.State();
        var cart = state.Conversions.ShouldHaveSingleItem();
        cart.Goal.ShouldBe(-1);
        cart.Revenue.ShouldBe(119.3, 0.001);
        state.Items.Where(i => !i.Deleted).Select(i => (i.Sku, i.Quantity)).ShouldBe([("SHOE-1", 2L), ("HAT-7", 1L)]);
    }

    [Fact]
    public async Task GlobalFields_EveryEventCarriesVisitorAddressAgentAndId()
    {
        await using var shop = await Shop.OpenAsync();
        var forwarded = new Dictionary<string, string> { ["X-Forwarded-For"] = "203.0.113.50" };

        await shop.SendAsync("/v1/p", "a1b2c3d4e5f60718aaaaaaaaaaaaaaaa", new { properties = new { url = "https://shop.example.com/" } }, headers: forwarded);
        await shop.SendAsync("/v1/t", "a1b2c3d4e5f60718aaaaaaaaaaaaaaaa", new { @event = "Anything" }, headers: forwarded);
        await shop.SendAsync("/v1/t", "a1b2c3d4e5f60718aaaaaaaaaaaaaaaa", new { @event = "Product Added", properties = new { sku = "A", price = 5 } }, headers: forwarded);
        await shop.SendAsync("/v1/t", "a1b2c3d4e5f60718aaaaaaaaaaaaaaaa", new { @event = "Order Completed", properties = new { order_id = "G-1", revenue = 5 } }, headers: forwarded);

        foreach (var row in await shop.SettledAsync(4))
        {
            var fields = Shop.Fields(row);
            fields["idsite"].ShouldBe("1");
            fields["rec"].ShouldBe("1");
            fields["token_auth"].ShouldBe("***");
            fields["cip"].ShouldBe("203.0.113.50");
            fields["ua"].ShouldBe(Some.Browser);
            fields["_id"].ShouldBe("a1b2c3d4e5f60718");
        }
    }

    [Fact]
    public async Task UnknownFields_AreKept_ForMappingsAndForTheExport()
    {
        object[] mappings = [new { @event = "*", target = "dimension1", source = "loyalty.tier" }, new { @event = "*", target = "dimension2", source = "context.device.model" }];
        await using var shop = await Shop.OpenAsync(integration: new { mappings });
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/t", visitor, new { @event = "Anything", loyalty = new { tier = "gold" }, context = new { device = new { model = "Pixel 9" } } });

        var row = (await shop.SettledAsync(1))[0];
        Shop.Fields(row)["dimension1"].ShouldBe("gold");
        Shop.Fields(row)["dimension2"].ShouldBe("Pixel 9");
        var held = (await shop.Signal.PostAdminAsync("visitors/export", new { anonymous_id = visitor }, HttpStatusCode.OK)).GetRawText();
        held.ShouldContain("tier");
        held.ShouldContain("Pixel 9");
        var shown = await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/preview", new { event_id = row.GetProperty("event_id").GetString() }, HttpStatusCode.OK);
        shown.GetProperty("requests")[0].GetProperty("fields").GetProperty("dimension2").GetString().ShouldBe("Pixel 9");
    }

    [Fact]
    public async Task Cart_ClearedThenOrdered_LeavesNoAbandonedCart()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();

        await shop.TrackAsync(visitor, "Product Added", new { sku = "A", name = "Hat", price = 5 });
        await shop.TrackAsync(visitor, "Cart Cleared");
        await shop.TrackAsync(visitor, "Order Completed", new { order_id = "CC-1", revenue = 20, products = new[] { new { sku = "B", name = "Shoe", price = 20 } } });
        await shop.SettledAsync(3);

        // A cart that was left is a conversion without an order.
        var conversion = shop.State.Conversions.ShouldHaveSingleItem();
        conversion.Order.ShouldBe("CC-1");
        conversion.Revenue.ShouldBe(20);
    }

    [Fact]
    public async Task Identity_CallIdentify_SubsequentEventsCarryUid()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/p", visitor, new { properties = new { url = "https://shop.example.com/" } });
        await shop.SendAsync("/v1/i", visitor, new { userId = "user-123" });
        await shop.SendAsync("/v1/p", visitor, new { properties = new { url = "https://shop.example.com/account" } });

        var rows = await shop.SettledAsync(3);
        Shop.Fields(rows[0]).ShouldNotContainKey("uid");
        rows[1].GetProperty("reason").GetString().ShouldBe("no_hit");
        Shop.Fields(rows[2])["uid"].ShouldBe("user-123");
        Shop.Fields(rows[2])["_id"].ShouldBe(Shop.Fields(rows[0])["_id"]);
    }

    [Fact]
    public async Task Consent_Withdrawn_EventsDropSilently()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/p", visitor, new { properties = new { url = "https://shop.example.com/1" } });
        await shop.SettledAsync(1);
        await shop.SendAsync("/v1/p", visitor, new { properties = new { url = "https://shop.example.com/2" }, context = new { consent = new { analytics = false } } });
        await shop.SendAsync("/v1/p", visitor, new { properties = new { url = "https://shop.example.com/3" } });
        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/4" } });

        await shop.SettledAsync(2);
        shop.Sandbox.Matomo.State().Actions.Select(a => a.Url).ShouldBe(["https://shop.example.com/1", "https://shop.example.com/4"]);
        var overview = await Eventually.Async(
            () => shop.Signal.GetAdminAsync("overview?range=1h"),
            o => o.GetRawText().Contains("consent_denied"),
            () => "the drop to be counted");
        overview.GetRawText().ShouldContain("consent_denied");
    }

    [Fact]
    public async Task Dimensions_AndGoals_AreAddedThroughFieldMappings()
    {
        await using var shop = await Shop.OpenAsync(integration: new
        {
            mappings = new object[]
            {
                new { @event = "*", target = "dimension1", source = "traits.plan" },
                new { @event = "Signed Up", target = "idgoal", value = "3" },
                new { @event = "page", target = "dimension3", source = "properties.author" },
            },
        });
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/i", visitor, new { userId = "user-123", traits = new { plan = "gold" } });
        await shop.SendAsync("/v1/p", visitor, new { properties = new { url = "https://shop.example.com/", author = "Ada" } });
        await shop.SendAsync("/v1/t", visitor, new { @event = "Signed Up" });

        var rows = await shop.SettledAsync(3);
        var page = Shop.Fields(rows[1]);
        page["dimension1"].ShouldBe("gold");
        page["dimension3"].ShouldBe("Ada");
        var state = shop.Sandbox.Matomo.State();
        state.Conversions.ShouldContain(c => c.Goal == 3);
        state.Actions.ShouldContain(a => a.EventAction == "Signed Up");
    }

    [Fact]
    public async Task RecentEvents_ShowThePayloadAndMatomosAnswer()
    {
        await using var shop = await Shop.OpenAsync();

        await shop.SendAsync("/v1/p", Some.Visitor(), new { messageId = "m-1", properties = new { url = "https://shop.example.com/", title = "Home" } });

        var row = (await shop.SettledAsync(1))[0];
        row.GetProperty("message_id").GetString().ShouldBe("m-1");
        row.GetProperty("type").GetString().ShouldBe("page");
        row.GetProperty("outcome").GetString().ShouldBe("delivered");
        row.GetProperty("status_code").GetInt32().ShouldBe(200);
        row.GetProperty("attempts").GetInt32().ShouldBe(1);
        row.GetProperty("revision").GetInt32().ShouldBe(1);
        row.GetProperty("request").GetString()!.ShouldContain("action_name=Home");
        row.GetProperty("delivered_at").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(row.GetProperty("received_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task TokenAuth_StoredAsASecret_IsNowhereToBeSeen()
    {
        const string token = "cccccccccccccccccccccccccccccccc";
        await using var shop = await Shop.OpenAsync();
        shop.Sandbox.Matomo.Faults = new SandboxFaults { Status = new StatusFault { Code = 502, Times = 1 } };
        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/" } });
        await shop.SettledAsync(1);

        foreach (var path in new[] { "integrations", $"integrations/{shop.IntegrationId}", $"integrations/{shop.IntegrationId}/events", $"integrations/{shop.IntegrationId}/revisions", "audit-logs" })
            (await shop.Signal.GetAdminAsync(path)).GetRawText().ShouldNotContain(token);
        shop.Signal.Output.ShouldNotContain(token);
        shop.Sandbox.Matomo.State().Counters.TokensInUrls.ShouldBe(0);
        await shop.Signal.StopAsync();
        foreach (var file in Directory.EnumerateFiles(shop.Signal.DataDirectory, "*", SearchOption.AllDirectories))
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("cccccccccccccccc"u8).ShouldBe(-1, file);
    }

    [Fact]
    public async Task OptOut_AMatomoCookieReachingUs_DropsTheEventForMatomo()
    {
        await using var shop = await Shop.OpenAsync();
        var optedOut = new Dictionary<string, string> { ["Cookie"] = "mtm_consent_removed=1700000000" };

        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/no" } }, headers: optedOut);
        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/yes" } });

        await shop.SettledAsync(1);
        shop.Sandbox.Matomo.State().Actions.Select(a => a.Url).ShouldBe(["https://shop.example.com/yes"]);
    }

    [Fact]
    public async Task RelevantHeaders_DoNotTrack_TravelsWithItsOwnRequest()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Sandbox.Matomo.Faults = new SandboxFaults { Dnt = true };
        var dnt = new Dictionary<string, string> { ["DNT"] = "1" };

        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/private" } }, headers: dnt);
        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/open" } });

        await shop.SettledAsync(2);
        shop.Sandbox.Matomo.State().Actions.Select(a => a.Url).ShouldBe(["https://shop.example.com/open"]);
    }
}
