using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>Outages, kills and very busy visitors: everything arrives, in order, once.</summary>
public sealed class OutageScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    [Fact]
    public async Task Backlog_AfterAnOutage_DrainsInBulkAndInOrder()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };
        var visitors = Enumerable.Range(0, 6).Select(_ => Some.Visitor()).ToList();

        foreach (var (n, visitor) in visitors.Index()) await shop.PagesAsync(visitor, Enumerable.Range(0, 200).Select(i => $"/{n}/{i}"));
        await shop.BecomesAsync("retrying");
        var before = shop.State.Counters.Requests;
        shop.Faults = new SandboxFaults();

        await shop.RecordedAsync(1200, TimeSpan.FromSeconds(120));
        await shop.BecomesAsync("active");
        var paths = shop.Paths;
        foreach (var n in Enumerable.Range(0, 6)) paths.Where(p => p.StartsWith($"/{n}/", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(0, 200).Select(i => $"/{n}/{i}"));
        (shop.State.Counters.Requests - before).ShouldBeLessThan(120);
        shop.State.Counters.ConcurrentVisitorViolations.ShouldBe(0);
    }

    [Fact]
    public async Task NewVisitor_WhileABacklogDrains_IsSeenAtOnceAndAKillChangesNothing()
    {
        await using var shop = await Shop.OpenAsync(config: new { rate_limit = 50 }, environment: new Dictionary<string, string> { ["SIGNAL_PARTITIONS"] = "1" });
        var old = Some.Visitor();
        var backlog = Enumerable.Range(0, 1500).Select(i => $"/old/{i:0000}").ToList();
        await shop.PagesAsync(old, backlog);
        await shop.RecordedAsync(700, TimeSpan.FromSeconds(60));

        await shop.PageAsync(Some.Visitor(), "/new");
        await shop.PageAsync(old, "/old/again");
        var paths = await Eventually.Async(() => shop.Paths, p => p.Contains("/new"), () => $"the new visitor, with {shop.Paths.Count} recorded", TimeSpan.FromSeconds(60));
        paths.Count.ShouldBeLessThan(1200);

        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await shop.PatchAsync(new { config = new { rate_limit = (int?)null } });
        await Eventually.Async(() => shop.Paths, p => p.Contains("/old/again"), () => $"the last of the backlog, with {shop.Paths.Count} recorded", TimeSpan.FromSeconds(60));

        // The request under way at the kill may have come twice; all else came once, each visitor's in order.
        shop.Paths.Where(p => p != "/new").Distinct().ShouldBe([.. backlog, "/old/again"]);
        shop.Paths.Count(p => p == "/new").ShouldBe(1);
        (shop.Paths.Count - 1502).ShouldBeInRange(0, 50);
        shop.State.Counters.ConcurrentVisitorViolations.ShouldBe(0);
    }

    [Fact]
    public async Task OneVisitor_With10000Events_ArrivesInOrder()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, source: new { rate_limit = 100_000 });
        var visitor = Some.Visitor();
        var paths = Enumerable.Range(0, 10_000).Select(i => $"/{i}").ToList();

        await shop.PagesAsync(visitor, paths);

        await Eventually.Async(() => shop.State.Actions.Count, count => count >= 10_000, () => $"10,000 recorded actions; there are {shop.State.Actions.Count}", TimeSpan.FromSeconds(180));
        shop.Paths.ShouldBe(paths);
        shop.State.Counters.ConcurrentVisitorViolations.ShouldBe(0);
        shop.State.Visits.Sum(v => v.Actions).ShouldBe(10_000);
    }

    [Fact]
    public async Task Backlog_TooLargeForTheServer_GoesInSmallerRequests()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 413, Times = 2 } };
        var paths = Enumerable.Range(0, 100).Select(i => $"/{i}").ToList();

        await shop.PagesAsync(Some.Visitor(), paths);

        (await shop.RecordedAsync(100)).ShouldBe(paths);
        var requests = shop.State.Requests;
        requests.Take(2).Select(r => (r.Status, r.Entries)).ShouldBe([(413, 50), (413, 25)]);
        requests.Skip(2).ShouldAllBe(r => r.Status == 200 && r.Entries <= 12);
        (await shop.SettledAsync(100)).ShouldAllBe(r => r.GetProperty("outcome").GetString() == "delivered");
    }

    [Fact]
    public async Task TwoDevicesOfOneUser_AreNeverInFlightAtOnce()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var devices = Enumerable.Range(0, 4).Select(_ => Some.Visitor()).ToList();
        shop.Faults = new SandboxFaults { Delay = new DelayFault { Ms = 20 } };

        await Task.WhenAll(devices.Select(async device =>
        {
            for (var n = 0; n < 10; n++)
                await shop.SendAsync("/v1/p", device, new { userId = "user-1", properties = new { url = $"https://shop.example.com/{device}/{n}" } });
        }));

        await shop.RecordedAsync(40);
        shop.State.Counters.ConcurrentVisitorViolations.ShouldBe(0);
        foreach (var device in devices)
            shop.Paths.Where(p => p.StartsWith($"/{device}/", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(0, 10).Select(n => $"/{device}/{n}"));
    }

    [Fact]
    public async Task Cart_AcrossAKill_StaysWhole()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();

        await shop.TrackAsync(visitor, "Product Added", new { sku = "SHOE-1", name = "Red shoe", price = 49.9, quantity = 2 });
        await shop.SettledAsync(1);
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await shop.TrackAsync(visitor, "Product Added", new { sku = "HAT-7", name = "Straw hat", price = 19.5 });
        await shop.TrackAsync(visitor, "Product Removed", new { sku = "SHOE-1", quantity = 1 });

        await shop.SettledAsync(3);
        shop.State.Conversions.ShouldHaveSingleItem().Revenue.ShouldBe(69.4, 0.001);
        shop.State.Items.Where(i => !i.Deleted).Select(i => (i.Sku, i.Quantity)).ShouldBe([("SHOE-1", 1L), ("HAT-7", 1L)]);
    }

    [Fact]
    public async Task Cart_KilledInMidRetry_IsAppliedOnce()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        shop.Faults = new SandboxFaults { DropAfter = new Fault() };

        await shop.TrackAsync(visitor, "Product Added", new { sku = "SHOE-1", name = "Red shoe", price = 49.9, quantity = 2 });
        await Eventually.Async(() => shop.State, s => s.Conversions.Count > 0, () => "Matomo to record the cart");
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        shop.Faults = new SandboxFaults();
        await shop.TrackAsync(visitor, "Product Added", new { sku = "SHOE-1", name = "Red shoe", price = 49.9, quantity = 1 });

        await shop.SettledAsync(2);
        shop.State.Items.ShouldHaveSingleItem().Quantity.ShouldBe(3);
    }

    [Fact]
    public async Task Identify_AcrossAKill_IsRemembered()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, integration: new { mappings = new[] { new { @event = "*", target = "dimension1", source = "traits.plan" } } });
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/i", visitor, new { userId = "user-7", traits = new { plan = "gold" } });
        await shop.SettledAsync(1);
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await shop.PageAsync(visitor, "/account");

        var fields = Shop.Fields((await shop.SettledAsync(2))[1]);
        fields["uid"].ShouldBe("user-7");
        fields["dimension1"].ShouldBe("gold");
    }

    [Fact]
    public async Task KillWhileDraining_NothingIsLost_AndOnlyWhatWasUnderWayComesTwice()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { bulk_size = 20 });
        var visitors = Enumerable.Range(0, 4).Select(_ => Some.Visitor()).ToList();
        shop.Faults = new SandboxFaults { Delay = new DelayFault { Ms = 30 } };
        foreach (var (n, visitor) in visitors.Index()) await shop.PagesAsync(visitor, Enumerable.Range(0, 200).Select(i => $"/{n}/{i}"));

        await shop.RecordedAsync(150);
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();

        await Eventually.Async(() => shop.Paths.Distinct().Count(), count => count == 800, () => $"800 pages; there are {shop.Paths.Distinct().Count()}", TimeSpan.FromSeconds(120));
        await shop.BecomesAsync("active");
        (shop.Paths.Count - 800).ShouldBeLessThanOrEqualTo(4 * 20, "four requests of twenty may have been under way");
        foreach (var n in Enumerable.Range(0, 4))
            shop.Paths.Where(p => p.StartsWith($"/{n}/", StringComparison.Ordinal)).Distinct().ShouldBe(Enumerable.Range(0, 200).Select(i => $"/{n}/{i}"));
    }

    [Fact]
    public async Task KillWhileMatomoHoldsTheAnswer_ComesTwiceAtMost_AndTheRowSaysSo()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();
        var old = TimeProvider.System.GetUtcNow().AddDays(-40);
        var order = new { type = "track", @event = "Order Completed", anonymousId = visitor, timestamp = old, properties = new { order_id = "K-1", revenue = 5 } };
        await shop.PageAsync(visitor, "/before");
        await shop.SettledAsync(1);

        foreach (var body in new object[] { order, new { type = "page", anonymousId = visitor, properties = new { url = "https://shop.example.com/held" } } })
        {
            var requests = shop.State.Counters.Requests;
            shop.Faults = new SandboxFaults { Delay = new DelayFault { Ms = 60_000, After = true } };
            (await shop.Signal.SendAsync(shop.Key, "/v1/b", new { batch = new[] { body } })).Dispose();
            await Eventually.Async(() => shop.State.Counters.Requests, n => n > requests, () => "the request to be recorded and its answer held");
            await shop.Signal.KillAsync();
            shop.Faults = new SandboxFaults();
            await shop.Signal.RestartAsync();
            await Eventually.Async(() => shop.State.Counters.Requests, n => n > requests + 1, () => "the request to come again");
        }

        var rows = await shop.SettledAsync(3);
        shop.Paths.ShouldBe(["/before", "/held", "/held"]);
        shop.State.Conversions.ShouldHaveSingleItem().Order.ShouldBe("K-1");
        (await shop.Signal.GetAdminAsync($"integrations/{shop.IntegrationId}/dead-letters")).GetProperty("data").GetArrayLength().ShouldBe(0);
        rows.Select(r => (Reason: r.GetProperty("reason").GetString(), Attempts: r.GetProperty("attempts").GetInt32(), Warnings: r.GetProperty("warnings").GetArrayLength()))
            .ShouldBe([(null, 1, 0), ("already_recorded", 2, 0), (null, 2, 1)]);
        rows[2].GetProperty("warnings")[0].GetString()!.ShouldContain("may count it twice");
    }

    [Fact]
    public async Task UnknownOutcome_ComesTwiceAtMost_AndTheRowSaysItWasTriedTwice()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { DropAfter = new Fault { Times = 1 } };

        await shop.PagesAsync(Some.Visitor(), ["/1", "/2"]);

        var rows = await shop.SettledAsync(2);
        shop.Paths.ShouldBe(["/1", "/1", "/2"]);
        rows.Select(r => (Page: Shop.Fields(r)["url"][^1], Attempts: r.GetProperty("attempts").GetInt32())).ShouldBe([('1', 2), ('2', 1)]);
        rows.Select(r => r.GetProperty("warnings").GetArrayLength()).ShouldBe([1, 0]);
    }
}
