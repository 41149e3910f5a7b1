using System.Net;
using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class DeadLettersTests : ManageTest
{
    private string _path = null!;

    private async Task ThreeAsync()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        _path = $"/v1/admin/integrations/{id}/dead-letters";
        Host.Delivery.Letters.AddRange([Some.Letter(id, "dl_1"), Some.Letter(id, "dl_2", reason: "poison"), Some.Letter(id, "dl_3")]);
    }

    [Fact]
    public async Task List_ShowsTheEventAsItWasSent()
    {
        await ThreeAsync();

        var page = await (await Admin.GetAsync($"{_path}?limit=2")).JsonAsync();
        var rest = await (await Admin.GetAsync($"{_path}?limit=2&cursor={page.Text("next_cursor")}")).JsonAsync();

        page.GetProperty("data").EnumerateArray().Select(l => l.Text("id")).ShouldBe(["dl_3", "dl_2"]);
        rest.GetProperty("data").EnumerateArray().Select(l => l.Text("id")).ShouldBe(["dl_1"]);
        var row = rest.GetProperty("data")[0];
        foreach (var field in "id event_id message_id event reason message attempts failed_at request response payload".Split(' ')) row.TryGetProperty(field, out _).ShouldBeTrue(field);
        row.GetProperty("payload").Text("event").ShouldBe("Order Completed");
        (await (await Admin.GetAsync($"{_path}?reason=poison")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Replay_Ids_StartsAReplay()
    {
        await ThreeAsync();

        var answer = await Admin.PostAsync($"{_path}/replay", Some.Json("""{"ids":["dl_1","dl_2"]}"""));
        var replay = await answer.JsonAsync(HttpStatusCode.Accepted);

        replay.Text("id").ShouldStartWith("rpl_");
        Host.Replays.Selected!.Ids.ShouldBe(["dl_1", "dl_2"]);
        (await (await Admin.GetAsync(answer.Headers.Location)).JsonAsync()).Text("status").ShouldBe("running");
        Host.Audit.Entries[0].Action.ShouldBe("dead_letter.replayed");
    }

    [Fact]
    public async Task Replay_AllOfAReason_PassesBoth()
    {
        await ThreeAsync();

        (await Admin.PostAsync($"{_path}/replay", Some.Json("""{"all":true,"reason":"poison"}"""))).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        Host.Replays.Selected!.Ids.ShouldBeNull();
        Host.Replays.Selected.Reason.ShouldBe("poison");
    }

    [Fact]
    public async Task Replay_Filtered_PassesEveryFilter()
    {
        await ThreeAsync();

        var body = """{"all":true,"event_name":"Order Completed","visitor":"v1","from":"2026-02-01T00:00:00Z","to":"2026-02-02T00:00:00Z"}""";
        (await Admin.PostAsync($"{_path}/replay", Some.Json(body))).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        Host.Replays.Selected!.Filter("int", 5, "dl_9").ShouldBe(new DeadLetterFilter(
            "int", null, null, "Order Completed", "v1", "dl_9", 5, new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 2, 2, 0, 0, 0, TimeSpan.Zero)));
        Host.Audit.Entries[0].Changes.Keys.ShouldContain("visitor");
    }

    [Fact]
    public async Task Discard_Filtered_LeavesTheOthers()
    {
        await ThreeAsync();
        var id = Host.Delivery.Letters[0].IntegrationId;
        Host.Delivery.Letters.Add(Some.Letter(id, "dl_4") with { AnonymousId = "another", Event = "Signed Up", FailedAt = DateTimeOffset.UnixEpoch });

        foreach (var (filter, discarded) in new[]
        {
            ("\"visitor\":\"nobody\"", "0"), ("\"event_name\":\"Signed In\"", "0"), ("\"to\":\"1970-01-01T00:00:00Z\"", "0"),
            ("\"visitor\":\"another\",\"event_name\":\"Signed Up\",\"to\":\"1970-01-01T00:00:01Z\"", "1"),
        })
        {
            (await (await Admin.PostAsync($"{_path}/discard", Some.Json($$"""{"all":true,{{filter}}}"""))).JsonAsync()).Text("discarded").ShouldBe(discarded);
        }

        Host.Delivery.Letters.Select(l => l.Id).ShouldBe(["dl_1", "dl_2", "dl_3"]);
        (await (await Admin.GetAsync($"{_path}?from=1971-01-01T00:00:00Z&to=2999-01-01T00:00:00Z")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(3);
        (await (await Admin.GetAsync($"{_path}?to=1971-01-01T00:00:00Z")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Replay_Edited_PassesTheEvent()
    {
        await ThreeAsync();

        (await Admin.PostAsync($"{_path}/replay", Some.Json("""{"ids":["dl_1"],"event":{"type":"page"}}"""))).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        Host.Replays.Selected!.Edited!.Value.Text("type").ShouldBe("page");
    }

    [Theory]
    [InlineData("{}", "ids required")]
    [InlineData("""{"ids":[]}""", "ids required")]
    [InlineData("""{"ids":["dl_1"],"all":true}""", "ids required")]
    [InlineData("""{"ids":["dl_9"]}""", "ids[0] unknown")]
    [InlineData("""{"ids":["dl_1","dl_2"],"event":{}}""", "event alone")]
    [InlineData("""{"all":true,"from":"2026-02-02T00:00:00Z","to":"2026-02-01T00:00:00Z"}""", "from range")]
    public async Task Replay_WrongSelection_NamesTheField(string body, string field)
    {
        await ThreeAsync();

        (await (await Admin.PostAsync($"{_path}/replay", Some.Json(body))).FieldsAsync()).ShouldBe([field]);
    }

    [Fact]
    public async Task Delete_OneThenAll_RemovesThem()
    {
        await ThreeAsync();

        (await Admin.DeleteAsync($"{_path}/dl_1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Admin.DeleteAsync($"{_path}/dl_1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await Admin.PostAsync($"{_path}/discard", Some.Json("""{"all":true}"""))).JsonAsync()).Text("discarded").ShouldBe("2");

        Host.Delivery.Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReplayOfTheLog_PassesRangeFilterAndRate()
    {
        var id = (await Host.IntegrationAsync()).Text("id");

        var replay = await (await Admin.PostAsync($"/v1/admin/integrations/{id}/replay", Some.Json("""
            {"from":"2026-02-01T00:00:00Z","to":"2026-02-02T00:00:00Z","filter":{"event":"Order Completed","outcome":"dropped"},"dry_run":true,"rate":null}
            """))).JsonAsync(HttpStatusCode.Accepted);

        replay.GetRawText().ShouldStartWith("""{"id":"rpl_1","status":"dry_run","matched":3,"sent":0,"failed":0""");
        Host.Replays.Asked!.Filter.Event.ShouldBe("Order Completed");
        Host.Replays.Asked.DryRun.ShouldBeTrue();
        (await (await Admin.GetAsync($"/v1/admin/integrations/{id}/replays")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await Admin.DeleteAsync($"/v1/admin/integrations/{id}/replays/rpl_1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}", "from required")]
    [InlineData("""{"from":"2026-02-02T00:00:00Z","to":"2026-02-01T00:00:00Z"}""", "from range")]
    [InlineData("""{"from":"2026-02-02T00:00:00Z","rate":0}""", "rate range")]
    [InlineData("""{"from":"2026-02-02T00:00:00Z","filter":{"evnt":"x"}}""", "filter.evnt unknown")]
    public async Task ReplayOfTheLog_WrongInput_NamesTheField(string body, string field)
    {
        var id = (await Host.IntegrationAsync()).Text("id");

        (await (await Admin.PostAsync($"/v1/admin/integrations/{id}/replay", Some.Json(body))).FieldsAsync()).ShouldBe([field]);
    }
}
