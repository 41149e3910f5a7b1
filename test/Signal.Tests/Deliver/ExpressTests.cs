using System.Text;
using Shouldly;
using Signal.Deliver;
using Signal.Events;
using Signal.Record;
using Signal.State;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>Newest traffic while a backlog drains: visitors of whom nothing waits overtake it, the others stay in order.</summary>
public class ExpressTests
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task NewVisitor_WhileABacklogDrains_DoesNotWaitForIt()
    {
        await OutageAsync(2000);
        var newest = _bench.Append("new");

        await _bench.RunAsync();

        PlaceOf(newest).ShouldBeLessThan(200);
        NothingIsLostOrReordered(2001);
        _bench.Store.StateOf(Bench.IntegrationId, "new").ShouldBe("1");
    }

    [Fact]
    public async Task VisitorOfWhomSomethingWaits_ComesAgain_StaysInOrder()
    {
        await OutageAsync(2000);
        _bench.Append("v3");
        _bench.Append("new");
        _bench.Append("v3");

        await _bench.RunAsync();

        NothingIsLostOrReordered(2003);
        _bench.Store.StateOf(Bench.IntegrationId, "v3").ShouldBe((1 + (2000 - 4) / 17 + 2).ToString());
    }

    [Fact]
    public async Task UserOfWhomSomethingWaits_OnAnotherDevice_StaysInOrder()
    {
        var phone = _bench.Event("phone", userId: "ann");
        _bench.Log.Append(phone);
        await OutageAsync(2000);
        var laptop = _bench.Event("laptop", userId: "ann");
        _bench.Log.Append(laptop);
        var later = _bench.Append("laptop");

        await _bench.RunAsync();

        new[] { PlaceOf(phone), PlaceOf(laptop), PlaceOf(later) }.ShouldBeInOrder();
        PlaceOf(laptop).ShouldBeGreaterThan(1900);
    }

    [Fact]
    public async Task Backlog_Drained_TheExpressLaneIsGone()
    {
        await OutageAsync(600);
        for (var i = 0; i < 300; i++) _bench.Append($"new{i}");

        await _bench.RunAsync();

        NothingIsLostOrReordered(900);
        (await CursorAsync(Bench.IntegrationId))!.Express.ShouldBeNull();
        (await CursorAsync(ExpressLanes.Of(Bench.IntegrationId))).ShouldBeNull();
        (await _bench.Store.OvertakenExtentAsync(Bench.IntegrationId, 0, default)).ShouldBe(default);
        (await new Backlogs(_bench.Log, _bench.Store, _bench.Time).OfAsync(_bench.Integration, default)).Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Crash_InTheMiddle_NothingIsSentTwice()
    {
        await OutageAsync(600);
        for (var i = 0; i < 900; i++) _bench.Append($"new{i % 120}");

        for (var i = 0; i < 60; i++)
        {
            await _bench.StepBothAsync();
            if (i % 7 == 6) _bench.Restart();
        }

        (await _bench.Store.OvertakenExtentAsync(Bench.IntegrationId, 0, default)).Count.ShouldBeGreaterThan(100);
        await _bench.RunAsync();

        NothingIsLostOrReordered(1500);
    }

    [Fact]
    public async Task SecondOutage_WhileTheFirstBacklogDrains_NewestStillComesFirst()
    {
        await OutageAsync(2000);
        for (var i = 0; i < 5; i++) await _bench.StepAsync();
        _bench.Sender.Fault = (_, _) => FakeFault.Unavailable;
        for (var i = 0; i < 2000; i++) _bench.Append($"second{i % 40}");
        await _bench.RunAsync(TimeSpan.FromHours(1));
        _bench.Sender.Fault = null;
        var before = _bench.Sender.Recorded.Count;
        while (_bench.Sender.Recorded.Count == before) await _bench.StepBothAsync();
        var newest = _bench.Append("new");

        await _bench.RunAsync();

        (PlaceOf(newest) - before).ShouldBeLessThan(200);
        NothingIsLostOrReordered(4001);
    }

    [Fact]
    public async Task EventThatFailsAlone_HoldsUpItsOwnVisitorOnly()
    {
        var poison = _bench.Append("ill", body: new { poison = "0" });
        var next = _bench.Append("ill");
        await _bench.RunAsync(TimeSpan.FromSeconds(15));
        _bench.Store.RecordOf(poison.Id)!.Outcome.ShouldBe(DeliveryOutcome.Retrying);
        var other = _bench.Append("well");

        for (var i = 0; i < 500 && _bench.Sender.Recorded.Count == 0; i++) await _bench.StepBothAsync();

        _bench.Store.RecordOf(poison.Id)!.Outcome.ShouldBe(DeliveryOutcome.Retrying);
        _bench.Store.RecordOf(other.Id)!.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        _bench.Sender.RecordedEvents.ShouldBe([other.Id]);
        await _bench.RunAsync();
        _bench.Store.RecordOf(poison.Id)!.Outcome.ShouldBe(DeliveryOutcome.DeadLetter);
        _bench.Sender.RecordedEvents.ShouldBe([other.Id, next.Id]);
    }

    [Fact]
    public async Task EventThatTravelledWithAnEarlierOne_IsNotSentAgain()
    {
        _bench.Append("a", "page", EventType.Page);
        _bench.Append("b", body: new { poison = "0" });
        var view = _bench.Append("a", "view");
        await _bench.RunAsync(TimeSpan.FromSeconds(30));

        await _bench.RunAsync();

        _bench.Sender.Recorded.ShouldHaveSingleItem()["with"].ShouldBe(view.Id);
    }

    [Fact]
    public async Task ExpressLaneThatFailed_IsForgottenWhenItEnds()
    {
        _bench.Append("ill", body: new { poison = "0" });
        await _bench.RunAsync(TimeSpan.FromSeconds(15));
        _bench.Append("ill too", body: new { poison = "0" });
        await _bench.RunAsync(TimeSpan.FromMinutes(30));

        for (var i = 0; i < 3; i++)
        {
            _bench.Append($"well {i}");
            await _bench.RunAsync(TimeSpan.FromMinutes(1));
        }

        _bench.Sender.Recorded.Count.ShouldBe(3);
        _bench.Target.Health.Current!.Status.ShouldBe(TargetHealth.Active);
    }

    [Fact]
    public async Task LogLetsGoOfTheBacklog_TheLaneGoesOn()
    {
        await OutageAsync(600, stay: true);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        var overtaking = _bench.Append("new");
        for (var i = 0; i < 20; i++)
        {
            await _bench.StepBothAsync();
        }

        await _bench.Log.TrimAsync(overtaking.ReceivedAt, null, default);
        _bench.Sender.Fault = null;
        var last = _bench.Append("v1");

        await _bench.RunAsync();

        _bench.Sender.RecordedEvents.ShouldContain(overtaking.Id);
        _bench.Sender.RecordedEvents.ShouldContain(last.Id);
        (await CursorAsync(Bench.IntegrationId))!.Express.ShouldBeNull();
    }

    [Fact]
    public async Task Backlog_CountsWhatWasOvertakenAsDone()
    {
        await OutageAsync(2000);
        for (var i = 0; i < 50; i++) _bench.Append($"new{i}");
        for (var i = 0; i < 500 && (await _bench.Store.OvertakenExtentAsync(Bench.IntegrationId, 0, default)).Count < 50; i++) await _bench.StepBothAsync();

        var backlog = await new Backlogs(_bench.Log, _bench.Store, _bench.Time).OfAsync(_bench.Integration, default);

        backlog.Waiting.ShouldBe(2050 - _bench.Sender.Recorded.Count);
        backlog.LagSeconds.ShouldBeGreaterThan(3000);
    }

    [Fact]
    public async Task Expiry_DoesNotCountWhatWasOvertaken()
    {
        await OutageAsync(2000);
        for (var i = 0; i < 50; i++) _bench.Append($"new{i}");
        for (var i = 0; i < 500 && (await _bench.Store.OvertakenExtentAsync(Bench.IntegrationId, 0, default)).Count < 50; i++) await _bench.StepBothAsync();
        var counters = new FakeCounters();
        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        await new Expiry(_bench.Log, _bench.Store, _bench.Feed, counters).TrimAsync(_bench.Time.GetUtcNow(), null, default);

        counters[Bench.IntegrationId, $"dropped:{Reasons.Expired}"].ShouldBe(2050 - _bench.Sender.Recorded.Count);
    }

    [Theory]
    [InlineData("""{"source":"src","aid":"a","uid":"u","body":{"aid":"other"}}""", "src", "a", "u")]
    [InlineData("""{"source":"src","aid":"a","body":{"uid":"other"}}""", "src", "a", null)]
    public void StoredVisitor_OfAStoredEvent_IsReadFromItsHead(string stored, string source, string anonymous, string? user) =>
        StoredVisitor.Of(Encoding.UTF8.GetBytes(stored)).ShouldBe(new StoredVisitor(source, anonymous, user));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"source":"src","aid":7,"body":{}}""")]
    [InlineData("""{"aid":"a","body":{"source":"src"}}""")]
    public void StoredVisitor_OfAnythingElse_IsNobody(string stored) => StoredVisitor.Of(Encoding.UTF8.GetBytes(stored)).ShouldBeNull();

    private async Task OutageAsync(int events, bool stay = false)
    {
        _bench.Sender.Fault = (_, _) => FakeFault.Unavailable;
        for (var i = 0; i < events; i++) _bench.Append($"v{i % 17}");
        await _bench.RunAsync(TimeSpan.FromHours(1));
        if (!stay) _bench.Sender.Fault = null;
    }

    private int PlaceOf(Event e) => _bench.Sender.RecordedEvents.ToList().IndexOf(e.Id);

    private Task<Cursor?> CursorAsync(string lane) => _bench.Store.CursorAsync(lane, 0, default);

    private void NothingIsLostOrReordered(int events)
    {
        _bench.Sender.Recorded.Count.ShouldBe(events);
        _bench.Sender.RecordedEvents.ShouldBeUnique();
        _bench.Sender.Violations.ShouldBeEmpty();
        foreach (var visitor in _bench.Sender.Recorded.GroupBy(h => h["visitor"]))
            visitor.Select(h => int.Parse(h["seq"])).ShouldBe(Enumerable.Range(1, visitor.Count()), visitor.Key);
    }
}
