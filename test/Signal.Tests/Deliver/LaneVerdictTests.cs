using Shouldly;
using Signal.Configure;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Events;
using Signal.State;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>What a lane does about single events: refused, poisonous, orders that were counted before.</summary>
public class LaneVerdictTests
{
    [Fact]
    public async Task Step_RefusedEvent_IsConfirmedByProbeAndBecomesDeadLetter()
    {
        var bench = new Bench();
        bench.Append("a");
        var refused = bench.Append("a", body: new { refuse = "0" });
        var after = bench.Append("a");

        await bench.RunAsync();

        bench.Sender.Probes.ShouldBe(1);
        bench.Store.DeadLetters.Single().EventId.ShouldBe(refused.Id);
        bench.Store.RecordOf(refused.Id)!.Outcome.ShouldBe(DeliveryOutcome.DeadLetter);
        bench.Sender.RecordedEvents.Last().ShouldBe(after.Id);
        bench.Store.StateOf(Bench.IntegrationId, "a").ShouldBe("3");
    }

    [Fact]
    public async Task Step_OneOfSeveralHitsRefused_TheOthersAreDeliveredAndTheDeadLetterKnows()
    {
        var bench = new Bench();
        bench.Append("a", body: new { hits = 3, refuse = "1" });

        await bench.RunAsync();

        bench.Sender.Recorded.Select(r => r["hit"]).ShouldBe(["0", "2"]);
        bench.Store.DeadLetters.Single().Hits.ShouldBe([1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Step_OneHitRefusedAndTheNextRetried_TheEventIsADeadLetter(bool crash)
    {
        var bench = new Bench();
        var outage = true;
        bench.Sender.Fault = (_, hits) => outage && hits.Any(h => h["hit"] == "1") ? FakeFault.Unavailable : null;
        var e = bench.Append("a", body: new { hits = 2, refuse = "0" });
        await bench.RunAsync(TimeSpan.FromMinutes(1));
        bench.Store.RecordOf(e.Id)!.Outcome.ShouldBe(DeliveryOutcome.Retrying);

        if (crash) bench.Restart();
        outage = false;
        await bench.RunAsync();

        bench.Sender.Recorded.Select(r => r["hit"]).ShouldBe(["1"]);
        bench.Store.RecordOf(e.Id)!.Outcome.ShouldBe(DeliveryOutcome.DeadLetter);
        bench.Store.DeadLetters.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            d => d.Hits.ShouldBe([0]),
            d => d.Reason.ShouldBe(Reasons.RefusedByDestination));
    }

    [Fact]
    public async Task Step_RefusedBeforeTheConfigurationWasCorrected_IsAskedAgain()
    {
        var bench = new Bench();
        bench.Sender.Fault = (form, _) =>
        {
            // Corrected right before the probe that is to confirm the refusal.
            bench.Sender.Forgiving |= form.EndsWith("probe", StringComparison.Ordinal);
            return null;
        };
        var e = bench.Append("a", body: new { refuse = "0" });

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([e.Id]);
        bench.Store.DeadLetters.ShouldBeEmpty();
        bench.Store.RecordOf(e.Id)!.Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(29)]
    public async Task Step_PoisonInABacklog_IsIsolatedAndNeighboursDeliveredOnce(int at)
    {
        var bench = new Bench();
        var events = Enumerable.Range(0, 30).Select(i => bench.Append($"v{i % 5}", body: i == at ? new { poison = "0" } : new object())).ToList();

        await bench.RunAsync();

        bench.Store.DeadLetters.Single().ShouldSatisfyAllConditions(
            d => d.Reason.ShouldBe(Reasons.Poison),
            d => d.EventId.ShouldBe(events[at].Id));
        // Other visitors need not wait for it; its own do.
        bench.Sender.RecordedEvents.Order().ShouldBe(events.Where((_, i) => i != at).Select(e => e.Id));
        foreach (var visitor in bench.Sender.Recorded.GroupBy(h => h["visitor"])) visitor.Select(h => h["event"]).ShouldBeInOrder();
    }

    [Fact]
    public async Task Step_DestinationFailsEverythingButProbes_GivesUpHardlyAnything()
    {
        var bench = new Bench(partitions: 4) { Sender = { Fault = (form, _) => form == "probe" ? null : FakeFault.Failing } };
        for (var i = 0; i < 100; i++) bench.Append($"v{i}");

        await bench.RunAsync(TimeSpan.FromHours(12));

        bench.Store.DeadLetters.Count.ShouldBeLessThanOrEqualTo(14);
        bench.Sender.Fault = null;
        await bench.RunAsync();
        (bench.Sender.Recorded.Count + bench.Store.DeadLetters.Count).ShouldBe(100);
    }

    [Fact]
    public async Task Step_DestinationCodeThrows_CostsOneEvent()
    {
        var bench = new Bench();
        var bad = bench.Append("a", body: new { explode = "1" });
        var good = bench.Append("b");

        await bench.RunAsync();

        bench.Store.DeadLetters.Single().ShouldSatisfyAllConditions(d => d.EventId.ShouldBe(bad.Id), d => d.Reason.ShouldBe(Reasons.MappingFailed));
        bench.Sender.RecordedEvents.ShouldBe([good.Id]);
    }

    [Fact]
    public async Task Step_SameOrderAgain_IsDroppedWithoutTouchingTheVisitor()
    {
        var bench = new Bench();
        bench.Append("a", body: new { order = "O-1" });
        var again = bench.Append("a", body: new { order = "o-1" });
        bench.Append("a");

        await bench.RunAsync();

        bench.Store.RecordOf(again.Id)!.Reason.ShouldBe(Reasons.DuplicateOrder);
        bench.Sender.Recorded.Select(r => r["seq"]).ShouldBe(["1", "2"]);
        bench.Store.Orders.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Step_FirstOfTwoSameOrdersRefused_SendsTheSecond()
    {
        var bench = new Bench();
        bench.Append("a", body: new { order = "O-1", refuse = "0" });
        var second = bench.Append("b", body: new { order = "O-1" });

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([second.Id]);
    }

    [Theory]
    [InlineData(29, false, true)]
    [InlineData(31, false, false)]
    [InlineData(31, true, true)]
    public async Task Step_OrderRefusedForItsId_IsRecordedAlreadyWhenItIsRecentOrWasSentBefore(int days, bool unknown, bool recorded)
    {
        var bench = new Bench();
        bench.Sender.Recorded.Add(new Dictionary<string, string> { ["event"] = "another's", ["hit"] = "0", ["order"] = "O-1" });
        var times = 0;
        bench.Sender.Fault = (_, _) => unknown && times++ == 0 ? FakeFault.Lost : null;
        var order = bench.Event("a", body: new { order = "O-1" }) with { Time = Bench.Start.AddDays(-days) };
        bench.Log.Append(order);

        await bench.RunAsync();

        bench.Store.RecordOf(order.Id)!.Outcome.ShouldBe(recorded ? DeliveryOutcome.Delivered : DeliveryOutcome.DeadLetter);
        bench.Store.Orders.Count.ShouldBe(recorded ? 1 : 0);
        bench.Store.DeadLetters.Count.ShouldBe(recorded ? 0 : 1);
    }

    [Fact]
    public async Task Step_OrderAfterUnknownOutcome_IsAlreadyRecorded()
    {
        var bench = new Bench();
        var times = 0;
        bench.Sender.Fault = (_, _) => times++ == 0 ? FakeFault.RecordedButNoAnswer : null;
        var order = bench.Append("a", body: new { order = "O-1" });

        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(1);
        bench.Store.RecordOf(order.Id)!.ShouldSatisfyAllConditions(
            r => r.Outcome.ShouldBe(DeliveryOutcome.Delivered), r => r.Reason.ShouldBe("already_recorded"));
    }
}
