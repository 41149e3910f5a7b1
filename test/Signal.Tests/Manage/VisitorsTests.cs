using System.Net;
using System.Text.Json;
using Shouldly;
using Signal.Destinations;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class VisitorsTests : ManageTest
{
    private async Task TwoVisitorsAsync()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        Host.Log.Add(Some.Event("evt_1", "visitor-a"));
        Host.Log.Add(Some.Event("evt_2", "visitor-a", "ada+1@example.com"));
        Host.Log.Add(Some.Event("evt_3", "visitor-b"));
        Host.Delivery.Records.AddRange([Some.Record(id, "evt_1"), Some.Record(id, "evt_3", "visitor-b")]);
        Host.Delivery.Letters.Add(Some.Letter(id, "dl_1"));
        Host.Delivery.Visitors[(id, "visitor-a")] = new("visitor-a", "ada+1@example.com", """{"cart":1}""", Some.Noon);
    }

    [Theory]
    [InlineData("anonymous_id=visitor-a")]
    [InlineData("user_id=ada%2B1@example.com")]
    public async Task Find_CountsWhatIsHeld(string query)
    {
        await TwoVisitorsAsync();

        var held = await (await Admin.GetAsync($"/v1/admin/visitors?{query}")).JsonAsync();

        held.GetProperty("visitors").GetArrayLength().ShouldBe(1);
        held.GetProperty("visitors")[0].Text("anonymous_id").ShouldBe("visitor-a");
        held.GetProperty("visitors")[0].GetProperty("held").GetRawText().ShouldBe("""{"records":1,"states":1,"events":2}""");
    }

    [Fact]
    public async Task Export_HoldsTheEventsThemselves()
    {
        await TwoVisitorsAsync();

        var export = await (await Admin.PostAsync("/v1/admin/visitors/export", Some.Json("""{"anonymous_id":"visitor-a"}"""))).JsonAsync();

        export.GetProperty("visitors")[0].GetProperty("data").GetProperty("events")[0].GetProperty("request").Text("ip").ShouldBe("203.0.113.50");
        export.GetProperty("visitors")[0].GetProperty("data").GetProperty("states")[0].GetRawText().ShouldBe("""{"cart":1}""");
        Host.Audit.Entries[0].Action.ShouldBe("visitor.exported");
    }

    [Theory]
    [InlineData("""{"anonymous_id":"visitor-a"}""")]
    [InlineData("""{"user_id":"ada+1@example.com"}""")]
    public async Task Erase_LeavesNothingOfTheVisitorAndAllOfTheOther(string key)
    {
        await TwoVisitorsAsync();

        var receipt = await (await Admin.PostAsync("/v1/admin/visitors/erase", Some.Json(key))).JsonAsync();

        receipt.GetProperty("erased").GetRawText().ShouldBe("""{"events":2,"records":1,"dead_letters":1,"states":1}""");
        (await (await Admin.GetAsync("/v1/admin/visitors?anonymous_id=visitor-a")).JsonAsync()).GetProperty("visitors").GetArrayLength().ShouldBe(0);
        (await (await Admin.GetAsync("/v1/admin/visitors?anonymous_id=visitor-b")).JsonAsync()).GetProperty("visitors").GetArrayLength().ShouldBe(1);
        var entry = Host.Audit.Entries[0];
        entry.Action.ShouldBe("visitor.erased");
        entry.ResourceId.ShouldBe(receipt.Text("id"));
        JsonSerializer.Serialize(entry).ShouldNotContain("visitor-a");
        JsonSerializer.Serialize(entry).ShouldNotContain("example.com");
    }

    [Fact]
    public async Task Erase_IsHandedOnAfterwards_AndTheAuditLogKeepsCountsAndNoIds()
    {
        await TwoVisitorsAsync();
        Host.Tools.Result = new HandOnResult(HandOnStatus.NotAllowed, 3, "Visitor ID is 0123456789abcdef");

        var receipt = await (await Admin.PostAsync("/v1/admin/visitors/erase", Some.Json("""{"user_id":"ada+1@example.com"}"""))).JsonAsync();

        var asked = Host.Tools.Asked.ShouldHaveSingleItem();
        asked.Purpose.ShouldBe(HandOnPurpose.Erase);
        asked.Subject.AnonymousIds.ShouldBe(["visitor-a"]);
        asked.Subject.UserIds.ShouldBe(["ada+1@example.com"]);
        var handed = receipt.GetProperty("handed_on")[0];
        handed.Text("integration_id").ShouldBe(asked.Integration);
        handed.Text("status").ShouldBe("not_allowed");
        handed.Text("remedy").ShouldContain("0123456789abcdef");
        var entry = JsonSerializer.Serialize(Host.Audit.Entries[0]);
        entry.ShouldContain("not_allowed");
        entry.ShouldNotContain("0123456789abcdef");
    }

    [Fact]
    public async Task Find_NothingHeldHere_AsksTheDestinationAllTheSame()
    {
        await TwoVisitorsAsync();
        Host.Tools.Result = new HandOnResult(HandOnStatus.Found, 2);

        var held = await (await Admin.GetAsync("/v1/admin/visitors?user_id=long-ago")).JsonAsync();

        held.GetProperty("visitors").GetArrayLength().ShouldBe(0);
        held.GetProperty("handed_on")[0].GetProperty("visits").GetInt32().ShouldBe(2);
        Host.Feed.Forgotten.ShouldBe(0);
    }

    [Fact]
    public async Task ById_TakesEitherId()
    {
        await TwoVisitorsAsync();

        (await (await Admin.GetAsync("/v1/admin/visitors/ada%2B1@example.com")).JsonAsync()).GetProperty("visitors").GetArrayLength().ShouldBe(1);
        (await (await Admin.DeleteAsync("/v1/admin/visitors/visitor-a")).JsonAsync()).Text("id").ShouldStartWith("era_");
        (await Admin.GetAsync("/v1/admin/visitors/visitor-a")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"anonymous_id":"a","user_id":"b"}""")]
    [InlineData("""{"anonymous_id":""}""")]
    public async Task Erase_NotOneKey_IsRefused(string body) =>
        (await (await Admin.PostAsync("/v1/admin/visitors/erase", Some.Json(body))).FieldsAsync()).ShouldBe(["anonymous_id required"]);
}
