using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios.Management;

/// <summary>The contract's views of what was delivered, row by row, against the running program.</summary>
public sealed class DeliveryContractTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private static readonly string[] CheckIds =
    [
        "address", "tls", "tracker", "token", "token_scope", "site", "ecommerce", "ip_override", "geolocation", "clock", "queued_tracking", "maintenance",
        "exclusions", "visitor_id", "dimensions", "goals",
    ];

    private RunningSignal Signal => shared.Signal;

    [Fact]
    public async Task RecentEvents_HaveEveryFieldAndFilter()
    {
        await using var shop = await Shop.OpenAsync(Signal);
        var (ada, bob) = (Some.Visitor(), Some.Visitor());
        var before = Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddMinutes(-1).ToString("O"));
        await shop.PageAsync(ada, "/1");
        await shop.TrackAsync(ada, "Signed Up", messageId: "m-signed-up");
        await shop.PageAsync(bob, "/2");
        await shop.SettledAsync(3);
        var path = $"integrations/{shop.IntegrationId}/events";
        async Task<int> CountAsync(string query) => (await Signal.GetAdminAsync($"{path}?{query}")).Rows().Count;

        var row = (await Signal.GetAdminAsync($"{path}?message_id=m-signed-up")).Rows().ShouldHaveSingleItem();
        row.Has("event_id message_id type event anonymous_id received_at delivered_at outcome reason status_code attempts latency_ms warnings revision request response");
        row.Text("event_id").ShouldStartWith("evt_");
        row.Text("outcome").ShouldBe("delivered");
        row.Text("request").ShouldContain("token_auth=***");
        (await CountAsync("outcome=delivered")).ShouldBe(3);
        (await CountAsync("outcome=dropped")).ShouldBe(0);
        (await CountAsync("event=Signed%20Up")).ShouldBe(1);
        (await CountAsync($"visitor={ada}")).ShouldBe(2);
        (await CountAsync($"from={before}")).ShouldBe(3);
        (await CountAsync($"to={before}")).ShouldBe(0);
        (await CountAsync("text=Signed")).ShouldBe(1);
        (await Signal.CallAsync(HttpMethod.Get, $"{path}?outcome=lost")).Refusal(HttpStatusCode.BadRequest).ShouldBe("VALIDATION_FAILED");
        var whole = await Signal.GetAdminAsync($"events/{row.Text("event_id")}");
        whole.Has("id received deliveries").GetProperty("deliveries")[0].Text("integration_id").ShouldBe(shop.IntegrationId);
    }

    [Fact]
    public async Task Lists_PageByCursorWithoutLossOrRepeat()
    {
        await using var shop = await Shop.OpenAsync(Signal);
        await shop.PagesAsync(Some.Visitor(), Enumerable.Range(0, 7).Select(i => $"/{i}"));
        await shop.SettledAsync(7);
        var path = $"integrations/{shop.IntegrationId}/events?limit=3";

        var (seen, cursor) = (new List<string>(), "");
        while (true)
        {
            var page = await Signal.GetAdminAsync(path + cursor);
            seen.AddRange(page.Rows().Select(r => r.Text("event_id")));
            if (!page.GetProperty("has_more").GetBoolean()) break;
            cursor = $"&cursor={page.Text("next_cursor")}";
        }

        seen.Count.ShouldBe(7);
        seen.Distinct().Count().ShouldBe(7);
        (await Signal.CallAsync(HttpMethod.Get, $"integrations/{shop.IntegrationId}/events?limit=101")).Refusal(HttpStatusCode.BadRequest).ShouldBe("VALIDATION_FAILED");
        (await Signal.CallAsync(HttpMethod.Get, $"integrations/{shop.IntegrationId}/events?cursor=made-up")).Refusal(HttpStatusCode.BadRequest).ShouldBe("VALIDATION_FAILED");
    }

    [Fact]
    public async Task DeadLetters_AreListedReplayedAndRemoved()
    {
        await using var shop = await Shop.OpenAsync(Signal, integration: new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "99" } } });
        var visitor = Some.Visitor();
        await shop.TrackAsync(visitor, "Signed Up", messageId: "m-1");
        await shop.TrackAsync(visitor, "Signed Up", messageId: "m-2");
        await shop.SettledAsync(2);
        var path = $"integrations/{shop.IntegrationId}/dead-letters";

        var letters = (await Signal.GetAdminAsync(path)).Rows();
        letters.Count.ShouldBe(2);
        letters[0].Has("id event_id message_id event reason message attempts failed_at request response payload").Text("id").ShouldStartWith("dl_");
        letters[0].GetProperty("payload").Text("event").ShouldBe("Signed Up");
        (await Signal.CallAsync(HttpMethod.Delete, $"{path}/{letters[0].Text("id")}")).Answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Signal.CallAsync(HttpMethod.Post, $"{path}/replay", new { ids = new[] { letters[0].Text("id") } })).Refusal(HttpStatusCode.BadRequest).ShouldBe("VALIDATION_FAILED");
        await shop.PatchAsync(new { mappings = Array.Empty<object>() });
        var (answer, replay) = await Signal.CallAsync(HttpMethod.Post, $"{path}/replay", new { all = true });

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        replay.Has("id status matched sent failed").Text("id").ShouldStartWith("rpl_");
        await DoneAsync(shop, replay, sent: 1);
        (await Signal.GetAdminAsync(path)).Rows().ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_OfARange_IsCountedStartedWatchedAndCancelled()
    {
        await using var shop = await Shop.OpenAsync(Signal);
        await shop.PagesAsync(Some.Visitor(), ["/1", "/2", "/3"]);
        await shop.SettledAsync(3);
        var range = new { from = TimeProvider.System.GetUtcNow().AddMinutes(-5), to = TimeProvider.System.GetUtcNow().AddMinutes(5) };
        var path = $"integrations/{shop.IntegrationId}";

        var (_, counted) = await Signal.CallAsync(HttpMethod.Post, $"{path}/replay", new { range.from, range.to, dry_run = true, filter = new { message_id = (string?)null } });
        var (answer, slow) = await Signal.CallAsync(HttpMethod.Post, $"{path}/replay", new { range.from, range.to, rate = 0.01, filter = new { }, dry_run = false });

        counted.Text("matched").ShouldBe("3");
        counted.Text("status").ShouldBe("dry_run");
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.Location!.ToString().ShouldEndWith($"/replays/{slow.Text("id")}");
        (await Signal.GetAdminAsync($"{path}/replays/{slow.Text("id")}")).Text("status").ShouldBe("running");
        (await Signal.CallAsync(HttpMethod.Delete, $"{path}/replays/{slow.Text("id")}")).Answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Signal.GetAdminAsync($"{path}/replays/{slow.Text("id")}")).Text("status").ShouldBe("cancelled");
        (await Signal.CallAsync(HttpMethod.Delete, $"{path}/replays/{slow.Text("id")}")).Refusal(HttpStatusCode.NotFound).ShouldBe("NOT_FOUND");
        (await Signal.GetAdminAsync($"{path}/replays")).Rows().Select(r => r.Text("id")).ShouldBe([slow.Text("id"), counted.Text("id")]);
    }

    [Fact]
    public async Task Test_RunsTheContractsChecks()
    {
        await using var shop = await Shop.OpenAsync(Signal);

        var (_, report) = await Signal.CallAsync(HttpMethod.Post, $"integrations/{shop.IntegrationId}/test");

        report.Has("ok checks");
        foreach (var check in report.GetProperty("checks").EnumerateArray())
        {
            check.Has("id status finding evidence remedy");
            CheckIds.ShouldContain(check.Text("id"));
            new[] { "pass", "warn", "fail", "skip" }.ShouldContain(check.Text("status"));
        }

        report.GetProperty("checks").EnumerateArray().Select(c => c.Text("id")).ShouldBe(CheckIds, ignoreOrder: true);
    }

    [Fact]
    public async Task Overview_CountsOutcomesReasonsLagAndThroughput()
    {
        await using var shop = await Shop.OpenAsync(Signal);
        await shop.PagesAsync(Some.Visitor(), ["/1", "/2"]);
        await shop.SettledAsync(2);

        var overview = await Eventually.Async(
            () => Signal.GetAdminAsync($"overview?range=1h&integration_id={shop.IntegrationId}"),
            o => o.GetProperty("outcomes").TryGetProperty("delivered", out var n) && n.GetInt64() == 2,
            () => "the counts");

        overview.Has("from to step_seconds outcomes reasons lag series integrations");
        overview.GetProperty("series").EnumerateArray().Sum(p => p.GetProperty("counts").TryGetProperty("delivered", out var n) ? n.GetInt64() : 0).ShouldBe(2);
        (await Signal.CallAsync(HttpMethod.Get, "overview?range=soon")).Refusal(HttpStatusCode.BadRequest).ShouldBe("VALIDATION_FAILED");
    }

    [Fact]
    public async Task Overview_OfASource_AccountsForEveryEventReceived()
    {
        await using var shop = await Shop.OpenAsync(Signal);
        var visitor = Some.Visitor();
        for (var i = 0; i < 3; i++) await shop.TrackAsync(visitor, "Signed Up", messageId: "m-sent-thrice");
        await shop.SendAsync("/v1/t", visitor, new { @event = "Crawled" }, userAgent: "Googlebot/2.1 (+http://www.google.com/bot.html)");
        using var refused = await Signal.SendAsync(shop.Key, "/v1/batch", new { batch = new object[] { new { type = "track" } } });

        var overview = await Eventually.Async(
            () => Signal.GetAdminAsync($"overview?range=1h&source_id={shop.SourceId}"),
            o => o.GetProperty("outcomes").TryGetProperty("received", out var n) && n.GetInt64() == 5,
            () => "the counts");

        var outcomes = overview.GetProperty("outcomes");
        outcomes.GetProperty("accepted").GetInt64().ShouldBe(1);
        outcomes.GetProperty("duplicate").GetInt64().ShouldBe(2);
        outcomes.GetProperty("dropped").GetInt64().ShouldBe(1);
        outcomes.GetProperty("rejected").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Stream_TellsWhatHappens_AndAfterABreakWhatWasMissed()
    {
        await using var shop = await Shop.OpenAsync(Signal);
        var path = $"/v1/admin/events/stream?source_id={shop.SourceId}&stage=accepted";
        string last;
        await using (var live = await EventStream.OpenAsync(Signal.Manage, path, null))
        {
            await shop.TrackAsync(Some.Visitor(), "first");
            var first = await live.NextAsync();
            first.Event.ShouldBe("accepted");
            first.Data.Has("at stage source_id event_id message_id event anonymous_id reason").Text("event").ShouldBe("first");
            last = first.Id;
        }

        await shop.TrackAsync(Some.Visitor(), "missed");
        await using var again = await EventStream.OpenAsync(Signal.Manage, path, last);
        (await again.NextAsync()).Data.Text("event").ShouldBe("missed");
        await shop.TrackAsync(Some.Visitor(), "third");
        (await again.NextAsync()).Data.Text("event").ShouldBe("third");
        (await Signal.GetAdminAsync($"events?source_id={shop.SourceId}&stage=accepted&limit=2")).Rows().Select(r => r.Text("event")).ShouldBe(["third", "missed"]);
    }

    [Fact]
    public async Task Visitors_AreFoundExportedAndErased()
    {
        await using var shop = await Shop.OpenAsync(Signal);
        var visitor = Some.Visitor();
        var user = $"user-{visitor}";
        await shop.SendAsync("/v1/t", visitor, new { @event = "Signed Up", userId = user });
        await shop.SettledAsync(1);

        (await Signal.GetAdminAsync($"visitors?anonymous_id={visitor}")).GetProperty("visitors").GetArrayLength().ShouldBe(1);
        (await Signal.GetAdminAsync($"visitors?user_id={user}")).GetProperty("visitors")[0].Text("anonymous_id").ShouldBe(visitor);
        (await Signal.GetAdminAsync($"visitors/{user}")).GetRawText().ShouldContain("Signed Up");
        (await Signal.CallAsync(HttpMethod.Get, "visitors")).Refusal(HttpStatusCode.BadRequest).ShouldBe("VALIDATION_FAILED");
        var (_, export) = await Signal.CallAsync(HttpMethod.Post, "visitors/export", new { user_id = user });
        export.GetRawText().ShouldContain("Signed Up");
        var (_, receipt) = await Signal.CallAsync(HttpMethod.Post, "visitors/erase", new { anonymous_id = visitor });

        receipt.Has("id erased at").GetProperty("erased").EnumerateObject().Sum(k => k.Value.GetInt32()).ShouldBeGreaterThan(1);
        (await Signal.GetAdminAsync($"visitors?anonymous_id={visitor}")).GetProperty("visitors").GetArrayLength().ShouldBe(0);
        (await Signal.CallAsync(HttpMethod.Delete, $"visitors/{visitor}")).Refusal(HttpStatusCode.NotFound).ShouldBe("NOT_FOUND");
        (await Signal.GetAdminAsync("audit-logs?action=visitor.erased")).Rows().Select(e => e.Text("resource_id")).ShouldContain(receipt.Text("id"));
    }

    private async Task DoneAsync(Shop shop, JsonElement replay, int sent) => (await Eventually.Async(
        () => Signal.GetAdminAsync($"integrations/{shop.IntegrationId}/replays/{replay.Text("id")}"),
        r => r.Text("status") == "done",
        () => "the replay to be done")).Text("sent").ShouldBe(sent.ToString());
}
