using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>An order is counted once, however often and by whomever it is told.</summary>
public sealed class OrderScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private static readonly object[] Hat = [new { sku = "HAT-7", name = "Straw hat", price = 19.5, quantity = 1 }];

    [Fact]
    public async Task ReloadedThankYouPage_OneOrder_AndNothingRefused()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();

        for (var n = 0; n < 3; n++) await OrderAsync(shop, visitor, "A-1");

        var rows = await shop.SettledAsync(3);
        rows.Select(r => r.GetProperty("outcome").GetString()).ShouldBe(["delivered", "dropped", "dropped"]);
        rows[2].GetProperty("reason").GetString().ShouldBe("duplicate_order");
        shop.State.Conversions.ShouldHaveSingleItem().Revenue.ShouldBe(19.5);
        shop.State.Counters.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task SameOrderInOneBatch_OneOrder()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        var order = new { type = "track", @event = "Order Completed", anonymousId = visitor, properties = new { order_id = "B-1", revenue = 5 } };

        using var answer = await shop.Signal.SendAsync(shop.Key, "/v1/b", new { batch = new[] { order, order, order } });

        var rows = await shop.SettledAsync(3);
        rows.Count(r => r.GetProperty("outcome").GetString() == "delivered").ShouldBe(1);
        shop.State.Conversions.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("A-1", "a-1")]
    [InlineData("Café", "cafe ")]
    public async Task SameOrderFromAnotherVisitor_OneOrder(string id, string sameToMatomo)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);

        await OrderAsync(shop, Some.Visitor(), id);
        await shop.SettledAsync(1);
        await OrderAsync(shop, Some.Visitor(), sameToMatomo);

        var rows = await shop.SettledAsync(2);
        rows[1].GetProperty("reason").GetString().ShouldBe("duplicate_order");
        shop.State.Conversions.ShouldHaveSingleItem();
        shop.State.Visits.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task UnknownOutcome_IsSentAgain_AndTheRefusalIsUnderstood()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { DropAfter = new Fault { Times = 1 } };

        await OrderAsync(shop, Some.Visitor(), "C-1");

        var row = (await shop.SettledAsync(1))[0];
        row.GetProperty("outcome").GetString().ShouldBe("delivered");
        row.GetProperty("reason").GetString().ShouldBe("already_recorded");
        row.GetProperty("attempts").GetInt32().ShouldBe(2);
        shop.State.Conversions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task OrderAgainAfterAKill_OneOrder()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);

        await OrderAsync(shop, Some.Visitor(), "D-1");
        await shop.SettledAsync(1);
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await OrderAsync(shop, Some.Visitor(), "D-1");

        var rows = await shop.SettledAsync(2);
        rows[1].GetProperty("reason").GetString().ShouldBe("duplicate_order");
        shop.State.Conversions.ShouldHaveSingleItem();
        shop.State.Counters.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task KillBetweenAnswerAndCommit_OneOrder()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        shop.Faults = new SandboxFaults { DropAfter = new Fault() };

        await OrderAsync(shop, visitor, "E-1");
        await Eventually.Async(() => shop.State, s => s.Conversions.Count > 0, () => "Matomo to record the order");
        await shop.Signal.KillAsync();
        shop.Faults = new SandboxFaults();
        await shop.Signal.RestartAsync();

        var row = (await shop.SettledAsync(1))[0];
        row.GetProperty("outcome").GetString().ShouldBe("delivered");
        shop.State.Conversions.ShouldHaveSingleItem();
        shop.State.Items.ShouldHaveSingleItem();
    }

    private static Task OrderAsync(Shop shop, string visitor, string id) =>
        shop.TrackAsync(visitor, "Order Completed", new { order_id = id, revenue = 19.5, products = Hat });
}
