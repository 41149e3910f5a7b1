using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>Whatever a Matomo answers, every event arrives once and in order, and its row says what happened meanwhile.</summary>
public sealed class AnswerScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private static readonly Dictionary<string, (SandboxFaults Faults, string Reason)> Troubles = new()
    {
        ["asks for patience"] = (new SandboxFaults { Status = new StatusFault { Code = 429, RetryAfter = 1 } }, "rate_limited"),
        ["is in maintenance"] = (new SandboxFaults { Maintenance = true }, "maintenance"),
        ["shows a page"] = (new SandboxFaults { Html = new Fault() }, "not_matomo"),
        ["breaks off"] = (new SandboxFaults { Empty500 = new Fault() }, "server_error"),
        ["has lost PHP"] = (new SandboxFaults { Status = new StatusFault { Code = 502 } }, "bad_gateway"),
        ["has lost its database"] = (new SandboxFaults { DatabaseDown = true }, "internal_error"),
        ["hangs up"] = (new SandboxFaults { DropBefore = new Fault() }, "no_answer"),
    };

    public static TheoryData<string> What => [.. Troubles.Keys];

    [Theory]
    [MemberData(nameof(What))]
    public async Task Trouble_ThatPasses_CostsNothing(string matomo)
    {
        var (faults, reason) = Troubles[matomo];
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        shop.Faults = faults;

        await shop.PageAsync(visitor, "/1");
        await shop.PageAsync(visitor, "/2");
        await shop.RowAsync("retrying", reason);
        shop.State.Actions.ShouldBeEmpty();
        shop.Faults = new SandboxFaults();

        var rows = await shop.SettledAsync(2);
        shop.Paths.ShouldBe(["/1", "/2"]);
        rows[0].GetProperty("outcome").GetString().ShouldBe("delivered");
        rows[0].GetProperty("attempts").GetInt32().ShouldBeGreaterThan(1);
        shop.State.Counters.OutOfOrder.ShouldBe(0);
    }

    [Fact]
    public async Task RetryAfter_IsObeyed()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 429, RetryAfter = 2, Times = 1 } };

        await shop.PageAsync(Some.Visitor(), "/1");

        var row = (await shop.SettledAsync(1))[0];
        (row.GetProperty("delivered_at").GetDateTimeOffset() - row.GetProperty("received_at").GetDateTimeOffset()).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
        shop.State.Counters.Requests.ShouldBeInRange(2, 3, "the request, at most one probe, and the request again");
    }

    [Fact]
    public async Task Single400_IsAskedAgainInBulk_WhoseAnswerTellsRefusalFromTrouble()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, integration: new
        {
            mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "99" } },
        });

        await shop.TrackAsync(Some.Visitor(), "Signed Up");

        var row = await shop.RowAsync("dead_letter");
        row.GetProperty("reason").GetString().ShouldBe("refused_by_destination");
        shop.State.Requests.Select(r => r.Kind).ShouldBe(["single", "single", "bulk", "bulk", "bulk"], "the event, its goal, the goal asked again in bulk, the probe, and since that was good the goal once more");
        shop.State.Actions.ShouldHaveSingleItem().EventAction.ShouldBe("Signed Up");
    }

    [Fact]
    public async Task LockWaitInABulk_NothingIsLost()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { request_mode = "bulk" });
        shop.Faults = new SandboxFaults { LockWait = new LockWaitFault { Entry = 0, Times = 1 } };
        var paths = Enumerable.Range(0, 8).Select(n => $"/{n}").ToList();

        await shop.PagesAsync(Some.Visitor(), paths);

        await shop.SettledAsync(8);
        shop.Paths.Distinct().ShouldBe(paths, ignoreOrder: true);
        shop.State.Requests[0].Outcomes[0].ShouldBe("lock_timeout");
    }

    [Fact]
    public async Task QueuedTracking_EverythingGoesAroundTheQueueOnceItShowed()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { QueuedTracking = true };
        var visitor = Some.Visitor();
        var paths = Enumerable.Range(0, 30).Select(n => $"/{n}").ToList();

        await shop.PageAsync(visitor, "/first");
        await shop.SettledAsync(1);
        await shop.PagesAsync(visitor, paths);
        await shop.TrackAsync(visitor, "Order Completed", new { order_id = "Q-1", revenue = 5 });
        await shop.SettledAsync(32);
        await shop.PageAsync(visitor, "/last");

        var rows = await shop.SettledAsync(33);
        rows.ShouldAllBe(r => r.GetProperty("outcome").GetString() == "delivered");
        rows.Select(r => r.GetProperty("reason").GetString()).ShouldBe([.. Enumerable.Repeat<string?>(null, 32).Prepend("queued")]);
        shop.Paths.ShouldBe([.. paths.Prepend("/first"), "/last"]);
        shop.State.Conversions.ShouldHaveSingleItem().Order.ShouldBe("Q-1");
        shop.State.Requests.Select(r => r.Target.Contains("queuedtracking=0")).ShouldBe([.. Enumerable.Repeat(true, shop.State.Requests.Count - 1).Prepend(false)]);
    }

    [Fact]
    public async Task Poison_IsFoundAndItsNeighboursAreDeliveredOnce()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { request_mode = "bulk" });
        shop.Faults = new SandboxFaults { Poison = "/poison" };
        var visitor = Some.Visitor();
        var paths = Enumerable.Range(0, 20).Select(n => $"/{n}").ToList();

        await shop.PageAsync(visitor, "/before");
        await shop.SettledAsync(1);
        await shop.PagesAsync(visitor, [.. paths.Take(7), "/poison", .. paths.Skip(7)]);

        await shop.SettledAsync(22);
        shop.Paths.ShouldBe(paths.Prepend("/before"));
        var letters = await shop.Signal.GetAdminAsync($"integrations/{shop.IntegrationId}/dead-letters");
        var letter = letters.GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        letter.GetProperty("reason").GetString().ShouldBe("poison");
        letter.GetProperty("message_id").GetString().ShouldBe(visitor + "/poison");
    }

    [Fact]
    public async Task PoisonAmongLiveTraffic_OtherVisitorsAreServedMeanwhile()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { Poison = "/poison" };
        var sick = Some.Visitor();

        await shop.PageAsync(sick, "/poison");
        await shop.PageAsync(sick, "/after");
        for (var n = 0; n < 20; n++) await shop.PageAsync(Some.Visitor(), $"/{n}");

        await shop.SettledAsync(22);
        shop.Paths.ShouldBe([.. Enumerable.Range(0, 20).Select(n => $"/{n}"), "/after"], ignoreOrder: true);
        (await shop.RowAsync("dead_letter")).GetProperty("reason").GetString().ShouldBe("poison");
    }

    [Fact]
    public async Task ProductViewOfItsOwnRequest_IsNoSecondPageView()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        var context = new { page = new { url = "https://shop.example.com/p/shoe", pv_id = "abc123" } };

        await shop.SendAsync("/v1/p", visitor, new { context, properties = new { title = "Red shoe" } });
        await shop.SendAsync("/v1/t", visitor, new { @event = "Product Viewed", context, properties = new { sku = "SHOE-1", name = "Red shoe", price = 49.9 } });

        await shop.SettledAsync(2);
        shop.State.Actions.Count(a => a.TypeUrl == 1).ShouldBe(1);
        shop.State.Actions.Count(a => a.ProductSku == "SHOE-1").ShouldBe(1);
    }

    [Fact]
    public async Task Redirect_StopsAndKeeps_TheRightAddressResumes()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 301 } };

        await shop.PageAsync(Some.Visitor(), "/1");
        await shop.BecomesAsync("configuration_error");
        shop.Faults = new SandboxFaults();
        await shop.PatchAsync(new { config = new { matomo_url = shop.Sandbox.BaseAddress.ToString().TrimEnd('/') } });

        await shop.SettledAsync(1);
        shop.Paths.ShouldBe(["/1"]);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:10Z", null)]
    [InlineData(null, 30)]
    public async Task OlderThanMatomoTakes_IsADeadLetterThatSaysSo(string? time, int? rawDataDays)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: rawDataDays is null ? null : new { raw_data_days = rawDataDays });
        time ??= DateTimeOffset.UtcNow.AddDays(-60).ToString("O");

        await shop.SendAsync("/v1/p", Some.Visitor(), new { timestamp = time, properties = new { url = "https://shop.example.com/old" } });
        await shop.PageAsync(Some.Visitor(), "/new");

        (await shop.RecordedAsync(1)).ShouldBe(["/new"]);
        var row = (await shop.SettledAsync(2)).Single(r => r.GetProperty("outcome").GetString() != "delivered");
        row.GetProperty("reason").GetString().ShouldBe("too_old");
    }

    [Fact]
    public async Task ClockOfMatomoBehind_EventsAreNeverInItsFuture()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, sandbox: SandboxOptions.Recorded with { ClockOffset = TimeSpan.FromHours(-1) });
        var visitor = Some.Visitor();

        await shop.PageAsync(visitor, "/1");
        await shop.SettledAsync(1);
        await shop.PageAsync(visitor, "/2");

        var row = (await shop.SettledAsync(2))[1];
        long.Parse(Shop.Fields(row)["cdt"]).ShouldBeLessThanOrEqualTo(shop.State.Now.ToUnixTimeSeconds());
        shop.State.Visits.ShouldHaveSingleItem().Actions.ShouldBe(2);
    }

    [Fact]
    public async Task SecureOnlySuperuser_InSingleMode_AnOrderRefusedForAMomentIsSentAgain()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { request_mode = "single", token_auth = new string('a', 32) });
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 400, Times = 1 } };

        await shop.TrackAsync(Some.Visitor(), "Order Completed", new { order_id = "S-1", revenue = 5 });

        var row = (await shop.SettledAsync(1))[0];
        row.GetProperty("outcome").GetString().ShouldBe("delivered");
        row.GetProperty("reason").GetString().ShouldBeNull("no earlier request recorded it");
        shop.State.Conversions.ShouldHaveSingleItem().Revenue.ShouldBe(5);
        shop.State.Counters.RefusedTokens.ShouldBe(2, "the bulk that was to say why, and its probe");
    }

    [Fact]
    public async Task SecureOnlySuperuser_InSingleMode_DeliversABacklog()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { request_mode = "single", token_auth = new string('a', 32) });
        var visitor = Some.Visitor();
        var paths = Enumerable.Range(0, 40).Select(n => $"/{n}").ToList();

        await shop.PagesAsync(visitor, paths);
        await shop.TrackAsync(visitor, "Order Completed", new { order_id = "S-1", revenue = 5 });
        await shop.TrackAsync(Some.Visitor(), "Order Completed", new { order_id = "S-1", revenue = 5 });

        await shop.SettledAsync(42);
        shop.Paths.ShouldBe(paths);
        shop.State.Conversions.ShouldHaveSingleItem();
        shop.State.Requests.ShouldAllBe(r => r.Kind == "single");
    }
}
