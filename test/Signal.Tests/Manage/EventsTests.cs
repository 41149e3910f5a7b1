using System.Net;
using Shouldly;
using Signal.Record;
using Signal.State;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class EventsTests : ManageTest
{
    [Fact]
    public async Task RecentEvents_RowHasTheContractsFields()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        Host.Delivery.Records.Add(Some.Record(id, "evt_1"));

        var row = (await (await Admin.GetAsync($"/v1/admin/integrations/{id}/events")).JsonAsync()).GetProperty("data")[0];

        foreach (var field in "event_id message_id type event anonymous_id received_at delivered_at outcome reason status_code attempts latency_ms warnings revision request response".Split(' '))
            row.TryGetProperty(field, out _).ShouldBeTrue(field);
        row.Text("outcome").ShouldBe("delivered");
        row.Text("received_at").ShouldBe("2026-03-01T12:00:00.000Z");
    }

    [Fact]
    public async Task RecentEvents_SameInstant_PagesWithoutLossOrRepeat()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        for (var i = 0; i < 7; i++) Host.Delivery.Records.Add(Some.Record(id, $"evt_{i}"));
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await (await Admin.GetAsync($"/v1/admin/integrations/{id}/events?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).JsonAsync();
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(r => r.Text("event_id")));
            cursor = page.GetProperty("has_more").GetBoolean() ? page.Text("next_cursor") : null;
        }
        while (cursor is not null);

        seen.ShouldBe(["evt_6", "evt_5", "evt_4", "evt_3", "evt_2", "evt_1", "evt_0"]);
    }

    [Theory]
    [InlineData("outcome=delivered", 2)]
    [InlineData("outcome=dropped", 0)]
    [InlineData("visitor=visitor-b", 1)]
    [InlineData("message_id=m-evt_1", 1)]
    [InlineData("event=Order%20Completed", 2)]
    [InlineData("text=IDSITE", 2)]
    [InlineData("from=2026-03-01T12:00:01Z", 0)]
    [InlineData("from=2026-03-01T13:00:00%2B01:00&to=2026-03-01T12:00:01Z", 2)]
    public async Task RecentEvents_Filter_Narrows(string query, int count)
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        Host.Delivery.Records.Add(Some.Record(id, "evt_1"));
        Host.Delivery.Records.Add(Some.Record(id, "evt_2", "visitor-b"));

        (await (await Admin.GetAsync($"/v1/admin/integrations/{id}/events?{query}")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(count);
    }

    [Fact]
    public async Task RecentEvents_WrongFilter_SaysWhatIsAllowed()
    {
        var id = (await Host.IntegrationAsync()).Text("id");

        var answer = await Admin.GetAsync($"/v1/admin/integrations/{id}/events?outcome=lost&from=yesterday&vistor=a");

        (await answer.FieldsAsync()).ShouldBe(["outcome one_of", "from type", "vistor unknown"], ignoreOrder: true);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("delivered, retrying, dead_letter, dropped");
    }

    [Fact]
    public async Task RecentEventsOfASource_AreThoseOfItsIntegrations_WithTheSameFilters()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        var other = (await (await Admin.PostAsync("/v1/admin/integrations", Some.SeedBody())).JsonAsync(HttpStatusCode.Created)).Text("id");
        Host.Delivery.Records.Add(Some.Record(id, "evt_1", "visitor-a"));
        Host.Delivery.Records.Add(Some.Record(other, "evt_2", "visitor-b") with { Outcome = DeliveryOutcome.Dropped, Reason = "too_old", Request = "action_name=find+me" });
        Host.Delivery.Records.Add(Some.Record("int_elsewhere", "evt_3"));
        async Task<string> FindAsync(string query) =>
            string.Join(",", (await (await Admin.GetAsync($"/v1/admin/sources/src_abc123/events{query}")).JsonAsync()).GetProperty("data").EnumerateArray().Select(r => $"{r.Text("event_id")}@{r.Text("integration_id")}").Order());

        (await FindAsync("")).ShouldBe($"evt_1@{id},evt_2@{other}");
        (await FindAsync("?visitor=visitor-a")).ShouldBe($"evt_1@{id}");
        (await FindAsync("?outcome=dropped")).ShouldBe($"evt_2@{other}");
        (await FindAsync("?reason=too_old")).ShouldBe($"evt_2@{other}");
        (await FindAsync("?event=Nothing")).ShouldBe("");
        (await FindAsync("?text=FIND%2Bme")).ShouldBe($"evt_2@{other}");
        (await Admin.GetAsync("/v1/admin/sources/src_none/events")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("outcome=delivered", 1)]
    [InlineData("stage=delivered", 1)]
    [InlineData("outcome=delivered&stage=accepted", 0)]
    [InlineData("source_id=src_abc123", 2)]
    [InlineData("source_id=src_other", 1)]
    [InlineData("integration_id=int_1", 1)]
    [InlineData("visitor=visitor-b", 1)]
    [InlineData("event=order%20completed", 2)]
    [InlineData("reason=bot", 1)]
    [InlineData("text=HEADLESS", 1)]
    public async Task LiveListAndStream_TakeEachFilter(string query, int expected)
    {
        var items = new[]
        {
            Item("accepted", "Order Completed"),
            Item("delivered", "Order Completed") with { IntegrationId = "int_1" },
            Item("dropped", "Product Viewed") with { SourceId = "src_other", AnonymousId = "visitor-b", Reason = "bot", Detail = "HeadlessChrome" },
        };
        foreach (var item in items) Host.Feed.Publish(item);

        var listed = await (await Admin.GetAsync($"/v1/admin/events?{query}")).JsonAsync();

        listed.GetProperty("data").GetArrayLength().ShouldBe(expected);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await Admin.GetAsync($"/v1/admin/events/stream?{query}", HttpCompletionOption.ResponseHeadersRead, end.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(end.Token));
        (await lines.ReadLineAsync(end.Token)).ShouldBe(": connected");
        foreach (var item in items) Host.Feed.Publish(item);
        var seen = 0;
        // What matches comes at once; the heartbeat tells that nothing more does.
        for (var line = ReadAsync(); await line != ": still here"; line = ReadAsync()) if ((await line)!.StartsWith("event: ", StringComparison.Ordinal)) seen++;
        seen.ShouldBe(expected);

        async Task<string?> ReadAsync()
        {
            var next = lines.ReadLineAsync(end.Token).AsTask();
            while (!next.IsCompleted)
            {
                await Task.WhenAny(next, Task.Delay(50, end.Token));
                if (!next.IsCompleted) Host.Time.Advance(TimeSpan.FromSeconds(15));
            }

            return await next;
        }
    }

    [Fact]
    public async Task LiveList_OfAnOutcomeThatDoesNotExist_SaysWhichDo() =>
        (await (await Admin.GetAsync("/v1/admin/events?outcome=lost&stage=gone")).FieldsAsync()).ShouldBe(["outcome one_of", "stage one_of"], ignoreOrder: true);

    [Fact]
    public async Task Event_ShowsItsWholeWay()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        Host.Log.Add(Some.Event("evt_1"));
        Host.Delivery.Records.Add(Some.Record(id, "evt_1"));

        var way = await (await Admin.GetAsync("/v1/admin/events/evt_1")).JsonAsync();

        way.GetProperty("received").GetProperty("body").GetProperty("properties").Text("url").ShouldBe("https://shop.example.com/done");
        way.GetProperty("deliveries")[0].Text("integration_id").ShouldBe(id);
        (await Admin.GetAsync("/v1/admin/events/evt_9")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task LiveList_FiltersNewestFirst()
    {
        Host.Feed.Publish(Item("accepted", "Order Completed"));
        Host.Feed.Publish(Item("dropped", "Order Completed"));
        Host.Feed.Publish(Item("accepted", "Product Viewed"));

        var all = await (await Admin.GetAsync("/v1/admin/events?limit=2")).JsonAsync();
        var some = await (await Admin.GetAsync("/v1/admin/events?stage=accepted&event=order%20completed")).JsonAsync();

        all.GetProperty("data").EnumerateArray().Select(i => i.Text("event")).ShouldBe(["Product Viewed", "Order Completed"]);
        all.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        some.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Stream_SendsWhatMatchesAsItHappens()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await Admin.GetAsync("/v1/admin/events/stream?stage=delivered", HttpCompletionOption.ResponseHeadersRead, end.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(end.Token));
        (await lines.ReadLineAsync(end.Token)).ShouldBe(": connected");
        await lines.ReadLineAsync(end.Token);

        Host.Feed.Publish(Item("accepted", "Order Completed"));
        Host.Feed.Publish(Item("delivered", "Order\nCompleted"));

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await lines.ReadLineAsync(end.Token)).ShouldBe("id: 2");
        (await lines.ReadLineAsync(end.Token)).ShouldBe("event: delivered");
        var data = await lines.ReadLineAsync(end.Token);
        data!.ShouldStartWith("data: {\"at\":\"2026-03-01T12:00:00.000Z\",\"stage\":\"delivered\"");
        data.ShouldContain("Order\\nCompleted");
        (await lines.ReadLineAsync(end.Token)).ShouldBe("");
    }

    [Fact]
    public async Task Stream_Idle_SendsAHeartbeat()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await Admin.GetAsync("/v1/admin/events/stream", HttpCompletionOption.ResponseHeadersRead, end.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(end.Token));
        await lines.ReadLineAsync(end.Token);
        await lines.ReadLineAsync(end.Token);

        var next = lines.ReadLineAsync(end.Token).AsTask();
        while (!next.IsCompleted)
        {
            // The stream may not have begun to wait when the clock first moves.
            Host.Time.Advance(TimeSpan.FromSeconds(15));
            await Task.WhenAny(next, Task.Delay(20, end.Token));
        }

        (await next).ShouldBe(": still here");
    }

    [Fact]
    public async Task Stream_OfATokenThatWasRevoked_Ends()
    {
        var token = await (await Admin.PostAsync("/v1/admin/tokens", Some.Json("""{"name":"wall","role":"viewer"}"""))).JsonAsync(HttpStatusCode.Created);
        using var client = Host.Client(token.Text("token"));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await client.GetAsync("/v1/admin/events/stream", HttpCompletionOption.ResponseHeadersRead, end.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(end.Token));
        (await lines.ReadLineAsync(end.Token)).ShouldBe(": connected");

        (await Admin.DeleteAsync($"/v1/admin/tokens/{token.Text("id")}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Host.Feed.Publish(Item("accepted", "Order Completed"));

        var rest = lines.ReadToEndAsync(end.Token);
        while (!rest.IsCompleted)
        {
            Host.Time.Advance(TimeSpan.FromSeconds(15));
            await Task.WhenAny(rest, Task.Delay(20, end.Token));
        }

        (await rest).ShouldNotContain("still here");
        Host.Feed.Readers.ShouldBe(0);
    }

    [Fact]
    public async Task Stream_ReaderLeaves_IsForgotten()
    {
        using (var answer = await Admin.GetAsync("/v1/admin/events/stream", HttpCompletionOption.ResponseHeadersRead))
            Host.Feed.Readers.ShouldBeLessThanOrEqualTo(1);

        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Host.Feed.Readers > 0) await Task.Delay(10, end.Token);
        Host.Logs.Text.Split('\n').Where(l => l.StartsWith("Error", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static FeedItem Item(string stage, string name) => new(Some.Noon, stage, "src_abc123", null, "evt_1", "m-1", "track", name, "visitor-a", null, null);
}
