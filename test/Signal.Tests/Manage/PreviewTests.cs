using System.Net;
using Shouldly;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class PreviewTests : ManageTest
{
    [Fact]
    public async Task PastedEvent_ShowsRequestsRulesAndWarnings()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        Host.Delivery.Visitors[(id, "visitor-a")] = new("visitor-a", null, "two shoes", Some.Noon);

        var answer = await Admin.PostAsync($"/v1/admin/integrations/{id}/preview", Some.Json("""{"event":{"type":"page","anonymousId":"visitor-a","properties":{"url":"https://x.example.com/a b"}}}"""));
        var preview = await answer.JsonAsync();

        var request = preview.GetProperty("requests")[0];
        request.Text("method").ShouldBe("POST");
        request.Text("url").ShouldBe("https://analytics.example.com/matomo.php");
        request.GetProperty("fields").Text("url").ShouldBe("https://x.example.com/a b");
        request.GetProperty("fields").Text("cart").ShouldBe("two shoes");
        request.GetProperty("fields").Text("token_auth").ShouldBe("***");
        request.Text("body").ShouldEndWith("&token_auth=***");
        preview.GetProperty("rules").Text("url").ShouldBe("preset: page");
        preview.GetProperty("warnings")[0].GetString().ShouldBe("shortened");
        preview.GetProperty("dropped").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Some.Token);
    }

    [Fact]
    public async Task TriedMappingsAndConfig_AreUsedAndNotKept()
    {
        var id = (await Host.IntegrationAsync()).Text("id");

        var preview = await (await Admin.PostAsync($"/v1/admin/integrations/{id}/preview", Some.Json("""
            {"event":{"event":"Signed Up"},"mappings":[{"event":"*","target":"dimension1","value":"gold"}],"config":{"matomo_url":"https://other.example.com/"}}
            """))).JsonAsync();

        preview.GetProperty("requests")[0].GetProperty("fields").Text("dimension1").ShouldBe("gold");
        preview.GetProperty("requests")[0].Text("url").ShouldStartWith("https://other.example.com/matomo.php");
        (await Host.Store.LoadAsync(default)).Integrations[id].Mappings.ShouldBeEmpty();
    }

    [Fact]
    public async Task StoredEvent_IsReadFromTheLog()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        Host.Log.Add(Some.Event("evt_0"));
        Host.Log.Add(Some.Event("evt_1"));
        Host.Delivery.Records.Add(Some.Record(id, "evt_1"));

        var preview = await (await Admin.PostAsync($"/v1/admin/integrations/{id}/preview", Some.Json("""{"event_id":"evt_1"}"""))).JsonAsync();

        preview.GetProperty("requests")[0].GetProperty("fields").Text("url").ShouldBe("https://shop.example.com/done");
        (await (await Admin.PostAsync($"/v1/admin/integrations/{id}/preview", Some.Json("""{"event_id":"evt_9"}"""))).FieldsAsync()).ShouldBe(["event_id unknown"]);
    }

    [Fact]
    public async Task EventWithoutAHit_SaysWhy()
    {
        var id = (await Host.IntegrationAsync()).Text("id");

        var preview = await (await Admin.PostAsync($"/v1/admin/integrations/{id}/preview", Some.Json("""{"event":{"type":"identify","userId":"u"}}"""))).JsonAsync();

        preview.Text("dropped").ShouldBe("no_hit");
        preview.GetProperty("requests").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{}""", "event required")]
    [InlineData("""{"event":{}}""", "event.type one_of")]
    [InlineData("""{"event":{"type":"track"}}""", "event.event required")]
    [InlineData("""{"event":"page"}""", "event type")]
    [InlineData("""{"event":{"type":"page"},"mappings":[{"event":"*","target":"nonsense"}]}""", "mappings[0].target unknown")]
    [InlineData("""{"event":{"type":"page"},"config":{"sight_id":1}}""", "config.sight_id unknown")]
    public async Task WrongInput_NamesTheField(string body, string field)
    {
        var id = (await Host.IntegrationAsync()).Text("id");

        (await (await Admin.PostAsync($"/v1/admin/integrations/{id}/preview", Some.Json(body))).FieldsAsync()).ShouldBe([field]);
    }

    [Fact]
    public async Task UnknownIntegration_Answers404() =>
        (await (await Admin.PostAsync("/v1/admin/integrations/int_none/preview", Some.Json("""{"event":{"type":"page"}}"""))).ErrorAsync(HttpStatusCode.NotFound)).ShouldBe("NOT_FOUND");
}
