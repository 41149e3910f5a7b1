using System.Net;
using System.Text.Json;
using MatomoSandbox;
using Shouldly;
using Signal.Destinations;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>A privacy request is handed on to Matomo's own data subject API, or the remedy is told.</summary>
public sealed class HandOnScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private static readonly string AdminOfSite = new('9', 32);

    [Theory]
    [InlineData("ada+shop@example.org")]
    [InlineData("o'hara \"<b>\" & a,b;userId!=x 100%25 ü😀")]
    public async Task ByUserId_WithAdminAccess_TheirVisitsAreFoundExportedAndErasedInMatomo(string user)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { privacy_token = AdminOfSite });
        var (visitor, other) = (Some.Visitor(), Some.Visitor());
        // Each from an address of their own: a Matomo puts a user's hit into an anonymous visit from the same one.
        await shop.SendAsync("/v1/p", visitor, new { properties = new { url = "https://shop.example.com/before" } }, headers: From(1));
        await shop.SendAsync("/v1/t", visitor, new { userId = user, @event = "Order Completed", properties = new { order_id = "H-1", revenue = 9 } }, headers: From(1));
        await shop.SendAsync("/v1/p", Some.Visitor(), new { userId = user, properties = new { url = "https://shop.example.com/phone" } }, headers: From(2));
        await shop.SendAsync("/v1/p", other, new { userId = user.ToUpperInvariant() + "2", properties = new { url = "https://shop.example.com/other" } }, headers: From(3));
        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/nobody" } }, headers: From(4));
        await shop.SettledAsync(5);
        var before = shop.State.Visits.Count;

        var found = Only(await shop.Signal.GetAdminAsync($"visitors?user_id={Uri.EscapeDataString(user)}&source_id={shop.SourceId}"));
        var key = new { user_id = user, source_id = shop.SourceId };
        var exported = Only(await shop.Signal.PostAdminAsync("visitors/export", key, HttpStatusCode.OK));
        var receipt = await shop.Signal.PostAdminAsync("visitors/erase", key, HttpStatusCode.OK);

        found.GetProperty("status").GetString().ShouldBe("found", found.GetRawText());
        exported.GetProperty("data")[0].GetProperty("log_conversion").GetRawText().ShouldContain("H-1");
        var erased = Only(receipt);
        erased.GetProperty("status").GetString().ShouldBe("erased");
        erased.GetProperty("visits").GetInt32().ShouldBe(found.GetProperty("visits").GetInt32());
        erased.GetProperty("integration_id").GetString().ShouldBe(shop.IntegrationId);
        erased.GetProperty("remedy").ValueKind.ShouldBe(JsonValueKind.Null);
        shop.State.Visits.Count.ShouldBe(before - erased.GetProperty("visits").GetInt32());
        shop.State.Conversions.ShouldBeEmpty();
        Urls(shop).ShouldBe(["https://shop.example.com/other", "https://shop.example.com/nobody"], ignoreOrder: true);
        shop.State.Counters.TokensInUrls.ShouldBe(0);
        Only(await shop.Signal.PostAdminAsync("visitors/erase", key, HttpStatusCode.OK)).GetProperty("status").GetString().ShouldBe("nothing_found");

        var audit = (await shop.Signal.GetAdminAsync($"audit-logs?resource_id={receipt.GetProperty("id").GetString()}")).GetRawText();
        audit.ShouldContain("erased");
        audit.ShouldContain(shop.IntegrationId);
        audit.ShouldNotContain("ada+shop");
        audit.ShouldNotContain(AdminOfSite);
    }

    [Fact]
    public async Task ByAnonymousId_OfWhoHasSignedIn_ErasesTheAnonymousVisitsAndTellsTheRest()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { privacy_token = AdminOfSite });
        var visitor = Some.Visitor();
        await shop.PageAsync(visitor, "/anonymous");
        await shop.SettledAsync(1);
        var receipt = await shop.Signal.PostAdminAsync("visitors/erase", new { anonymous_id = visitor, source_id = shop.SourceId }, HttpStatusCode.OK);
        Only(receipt).GetProperty("visits").GetInt32().ShouldBe(1);
        shop.State.Visits.ShouldBeEmpty();

        await shop.SendAsync("/v1/p", visitor, new { userId = "ada", properties = new { url = "https://shop.example.com/in" } });
        await Eventually.Async(() => shop.State.Visits.Count, n => n == 1, () => "the visit of the user");
        await shop.SettledAsync(1);
        var second = Only(await shop.Signal.PostAdminAsync("visitors/erase", new { anonymous_id = visitor, source_id = shop.SourceId }, HttpStatusCode.OK));

        second.GetProperty("remedy").GetString().ShouldNotBeNull().ShouldContain("Ask by user ID too");
    }

    [Fact]
    public async Task TokenForTrackingOnly_IsNotAllowed_AndTheRemedyNamesTheVisitorAsMatomoKnowsThem()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        await shop.PageAsync(visitor, "/stays");
        await shop.SettledAsync(1);

        var receipt = await shop.Signal.PostAdminAsync("visitors/erase", new { anonymous_id = visitor, source_id = shop.SourceId }, HttpStatusCode.OK);

        receipt.GetProperty("erased").GetProperty("events").GetInt32().ShouldBe(1);
        var handed = Only(receipt);
        handed.GetProperty("status").GetString().ShouldBe("not_allowed");
        var remedy = handed.GetProperty("remedy").GetString()!;
        remedy.ShouldContain($"Visitor ID is {visitor.Replace("-", "")[..16]}");
        remedy.ShouldContain("GDPR Tools");
        remedy.ShouldNotContain("cccccccc");
        shop.State.Visits.ShouldHaveSingleItem();
        (await shop.Signal.GetAdminAsync($"audit-logs?resource_id={receipt.GetProperty("id").GetString()}")).GetRawText().ShouldNotContain(visitor.Replace("-", "")[..16]);
    }

    [Theory]
    [InlineData("ffffffffffffffffffffffffffffffff", false, "not_allowed")]
    [InlineData("99999999999999999999999999999999", true, "unreachable")]
    public async Task NoUsableAnswer_TheErasureHereIsDone_AndItIsSaid(string token, bool down, string status)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { privacy_token = token });
        var visitor = Some.Visitor();
        await shop.PageAsync(visitor, "/seen");
        await shop.SettledAsync(1);
        if (down) shop.Faults = new SandboxFaults { DatabaseDown = true };

        var receipt = await shop.Signal.PostAdminAsync("visitors/erase", new { anonymous_id = visitor, source_id = shop.SourceId }, HttpStatusCode.OK);

        receipt.GetProperty("erased").GetProperty("events").GetInt32().ShouldBe(1);
        Only(receipt).GetProperty("status").GetString().ShouldBe(status);
        Only(receipt).GetProperty("remedy").GetString().ShouldNotBeNullOrEmpty();
        Only(receipt).GetRawText().ShouldNotContain(token);
    }

    private static JsonElement Only(JsonElement view) => view.GetProperty("handed_on").EnumerateArray().ShouldHaveSingleItem();

    private static Dictionary<string, string> From(int person) => new() { ["X-Forwarded-For"] = $"203.0.113.{person}" };

    private static List<string?> Urls(Shop shop) => [.. shop.State.Actions.Select(a => a.Url)];
}
