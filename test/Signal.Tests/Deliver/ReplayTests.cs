using System.Text.Json;
using Shouldly;
using Signal.Deliver;
using Signal.Events;
using Signal.Record;
using Signal.State;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

public class ReplayTests
{
    private readonly Bench _bench = new(partitions: 4);

    private FakeReplayStore Stored => _bench.Store.Replays;

    private Replays Replays => new(Stored, _bench.Store, _bench.Log, new ReplayFilterReader(_bench.Log, _bench.Store), _bench.Time);

    [Fact]
    public async Task Start_DryRun_CountsAndSendsNothing()
    {
        await DeliverAsync(20);

        var view = await Replays.StartAsync(_bench.Integration, Everything() with { DryRun = true, Filter = new ReplayFilter { Visitor = "v1" } }, default);
        await RunAsync();

        view.Status.ShouldBe("dry_run");
        view.Matched.ShouldBe(4);
        _bench.Sender.Recorded.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Run_Range_SendsAgainWithTheStateOfTheTimeAndLeavesTodaysAlone()
    {
        await DeliverAsync(20);
        var before = _bench.Sender.Recorded.OrderBy(r => r["event"]).Select(r => (r["event"], r["seq"])).ToList();

        var view = await Replays.StartAsync(_bench.Integration, Everything(), default);
        await RunAsync();

        _bench.Sender.Recorded.Skip(20).OrderBy(r => r["event"]).Select(r => (r["event"], r["seq"])).ShouldBe(before);
        _bench.Store.StateOf(Bench.IntegrationId, "v1").ShouldBe("4");
        (await Replays.FindAsync(Bench.IntegrationId, view.Id, default))!.ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe("done"), r => r.Matched.ShouldBe(20), r => r.Sent.ShouldBe(20), r => r.Failed.ShouldBe(0));
    }

    [Fact]
    public async Task Run_FilteredRangeInTheMiddle_StillKnowsWhatCameBefore()
    {
        await DeliverAsync(10);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        var from = _bench.Time.GetUtcNow();
        var wanted = _bench.Append("v1", "wanted");
        await _bench.RunAsync();

        await Replays.StartAsync(_bench.Integration, Everything() with { From = from, Filter = new ReplayFilter { Event = "wanted" } }, default);
        await RunAsync();

        _bench.Sender.Recorded.Count.ShouldBe(12);
        _bench.Sender.Recorded[^1]["event"].ShouldBe(wanted.Id);
        _bench.Sender.Recorded[^1]["seq"].ShouldBe("3");
    }

    [Fact]
    public async Task Run_OrdersCountedBefore_AreNotSentAgain()
    {
        var order = _bench.Append("a", body: new { order = "O-1", hits = 2 });
        await _bench.RunAsync();

        await Replays.StartAsync(_bench.Integration, Everything(), default);
        await RunAsync();

        _bench.Sender.Requests.Count.ShouldBe(3);
        _bench.Sender.Recorded.Select(r => r["hit"]).ShouldBe(["0", "1", "1"]);
        _bench.Store.RecordOf(order.Id)!.Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_AnOrderThatCameAgain_IsNotTold(bool beforeTheRange)
    {
        _bench.Append("a", body: new { order = "O-1" });
        _bench.Append("a", body: new { order = "o-1" });
        await _bench.RunAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        var from = beforeTheRange ? _bench.Time.GetUtcNow() : Everything().From;
        var wanted = _bench.Append("a", "wanted");
        await _bench.RunAsync();
        _bench.Sender.Recorded[^1]["seq"].ShouldBe("2");

        await Replays.StartAsync(_bench.Integration, Everything() with { From = from, Filter = new ReplayFilter { Event = "wanted" } }, default);
        await RunAsync();

        _bench.Sender.Recorded.Skip(2).Select(r => (r["event"], r["seq"])).ShouldBe([(wanted.Id, "2")]);
    }

    [Fact]
    public async Task Run_WhatAWithdrawalTook_IsNeitherSentNorTold()
    {
        _bench.Append("a");
        await SayAsync(false);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await SayAsync(true);
        var from = _bench.Time.GetUtcNow();
        var wanted = _bench.Append("a", "wanted");
        await _bench.RunAsync();
        _bench.Sender.RecordedEvents.ShouldBe([wanted.Id]);

        await Replays.StartAsync(_bench.Integration, Everything() with { Filter = new ReplayFilter { Event = "wanted" } }, default);
        await Replays.StartAsync(_bench.Integration, Everything() with { From = from }, default);
        await Replays.StartAsync(_bench.Integration, Everything(), default);
        await RunAsync();

        _bench.Sender.Recorded.Select(r => (r["event"], r["seq"])).ShouldBe(Enumerable.Repeat((wanted.Id, "1"), 4));

        async Task SayAsync(bool granted) => await _bench.Consents.SetAsync(
            Bench.SourceId, "a", new Dictionary<string, bool> { ["analytics"] = granted }, _bench.Time.GetUtcNow(), null, default);
    }

    [Fact]
    public async Task Start_NeverReachesWhatIsStillWaiting()
    {
        await DeliverAsync(10);
        for (var i = 0; i < 10; i++) _bench.Append($"v{i % 5}");

        var view = await Replays.StartAsync(_bench.Integration, Everything() with { DryRun = true }, default);

        view.Matched.ShouldBe(10);
    }

    [Fact]
    public async Task Run_Restarted_GoesOnWhereItWas()
    {
        await DeliverAsync(20);
        var view = await Replays.StartAsync(_bench.Integration, Everything(), default);
        var crash = 0;
        _bench.Store.AfterSettle = s =>
        {
            if (s.Lane == view.Id && ++crash == 3) throw new IOException("crash");
        };
        await Should.ThrowAsync<IOException>(RunAsync);
        _bench.Restart();
        await RunAsync();

        var done = (await Replays.FindAsync(Bench.IntegrationId, view.Id, default))!;
        (done.Status, done.Sent, done.Failed).ShouldBe(("done", 20, 0), "the settlement before the crash counts, once");
        _bench.Sender.Recorded.Count.ShouldBe(40);
        _bench.Sender.Recorded.Skip(20).Select(r => r["event"]).Distinct().Count().ShouldBe(20);
        _bench.Sender.Recorded.Skip(20).Select(r => (r["event"], r["seq"])).Order().ShouldBe(_bench.Sender.Recorded.Take(20).Select(r => (r["event"], r["seq"])).Order());
    }

    [Fact]
    public async Task Run_WithRate_TakesItsTime()
    {
        await DeliverAsync(20);
        await Replays.StartAsync(_bench.Integration, Everything() with { Rate = 5 }, default);
        var started = _bench.Time.GetUtcNow();

        await RunAsync();

        (_bench.Time.GetUtcNow() - started).TotalSeconds.ShouldBeInRange(2.5, 6);
    }

    [Fact]
    public async Task Cancel_Running_EndsIt()
    {
        await DeliverAsync(20);
        var view = await Replays.StartAsync(_bench.Integration, Everything(), default);

        (await Replays.CancelAsync(Bench.IntegrationId, view.Id, default)).ShouldBeTrue();
        (await Replays.CancelAsync(Bench.IntegrationId, view.Id, default)).ShouldBeFalse();
        await RunAsync();

        _bench.Sender.Recorded.Count.ShouldBe(20);
        (await Replays.FindAsync(Bench.IntegrationId, view.Id, default))!.Status.ShouldBe("cancelled");
    }

    [Fact]
    public async Task Run_DeadLetters_SendsOnlyTheFailedHitsWithTheStateOfTheTime()
    {
        var e = _bench.Append("a", body: new { hits = 2, refuse = "1" });
        _bench.Append("a");
        await _bench.RunAsync();
        var letter = _bench.Store.DeadLetters.Single();

        var edited = JsonSerializer.SerializeToElement(new { hits = 2 });
        await Replays.StartAsync(_bench.Integration, new DeadLetterSelection([letter.Id]), default);
        await RunAsync();
        _bench.Store.DeadLetters.Single().Id.ShouldBe(letter.Id);
        _bench.Sender.Recorded.Count.ShouldBe(2);

        await Replays.StartAsync(_bench.Integration, new DeadLetterSelection([letter.Id], Edited: edited), default);
        await RunAsync();

        _bench.Store.DeadLetters.ShouldBeEmpty();
        _bench.Sender.Recorded.Skip(2).ShouldAllBe(r => r["event"] == e.Id && r["seq"] == "1");
        _bench.Store.RecordOf(e.Id)!.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        _bench.Store.StateOf(Bench.IntegrationId, "a").ShouldBe("2");
    }

    [Fact]
    public async Task Run_AllDeadLettersOfAReason_InOrder()
    {
        var refused = Enumerable.Range(0, 6).Select(i => _bench.Append($"v{i % 2}", body: new { refuse = "0", n = i })).ToList();
        await _bench.RunAsync();
        _bench.Store.DeadLetters.Count.ShouldBe(6);
        _bench.Sender.Forgiving = true;

        var view = await Replays.StartAsync(_bench.Integration, new DeadLetterSelection(null, Reasons.RefusedByDestination), default);
        await RunAsync();

        _bench.Sender.RecordedEvents.ShouldBe(refused.Select(e => e.Id));
        _bench.Store.DeadLetters.ShouldBeEmpty();
        (await Replays.FindAsync(Bench.IntegrationId, view.Id, default))!.Sent.ShouldBe(6);
    }

    [Fact]
    public async Task Run_DeadLettersAcrossACrash_AreCountedAndRemovedExactly()
    {
        for (var i = 0; i < 6; i++) _bench.Append($"v{i % 2}", body: new { refuse = "0", n = i });
        await _bench.RunAsync();
        _bench.Sender.Forgiving = true;
        var view = await Replays.StartAsync(_bench.Integration, new DeadLetterSelection(null, Reasons.RefusedByDestination), default);
        var settlements = 0;
        _bench.Store.AfterSettle = s =>
        {
            if (s.Lane == view.Id && s.Replay is { Sent: > 0 } && ++settlements == 2) throw new IOException("crash");
        };
        await Should.ThrowAsync<IOException>(RunAsync);
        _bench.Store.DeadLetters.Count.ShouldBe(4, "what the settlement delivered is no dead letter any more");
        _bench.Restart();
        await RunAsync();

        _bench.Store.DeadLetters.ShouldBeEmpty();
        _bench.Sender.Recorded.Count.ShouldBe(6);
        (await Replays.FindAsync(Bench.IntegrationId, view.Id, default))!.Sent.ShouldBe(6);
    }

    [Fact]
    public async Task Cancel_InTheMiddle_KeepsWhatWasCounted()
    {
        await DeliverAsync(20);
        var view = await Replays.StartAsync(_bench.Integration, Everything(), default);
        _bench.Store.AfterSettle = s =>
        {
            if (s.Lane == view.Id && s.Replay is { Sent: > 0 }) Replays.CancelAsync(Bench.IntegrationId, view.Id, default).GetAwaiter().GetResult();
        };
        await RunAsync();

        var after = (await Replays.FindAsync(Bench.IntegrationId, view.Id, default))!;
        after.Status.ShouldBe("cancelled");
        after.Sent.ShouldBe(_bench.Sender.Recorded.Count - 20);
        after.Sent.ShouldBeInRange(1, 19);
    }

    private static ReplayRequest Everything() => new(Bench.Start.AddDays(-1), Bench.Start.AddDays(1), new ReplayFilter(), false, null);

    private async Task DeliverAsync(int count)
    {
        for (var i = 0; i < count; i++) _bench.Append($"v{i % 5}");
        await _bench.RunAsync();
        _bench.Sender.Recorded.Count.ShouldBe(count);
    }

    // Virtual time goes on by itself while the runner waits.
    private async Task RunAsync()
    {
        await _bench.Targets.UseAsync(_bench.Integration, default);
        var runner = new ReplayRunner(Stored, _bench.Log, _bench.Consents, _bench.Feed, _bench.Targets, new ReplayFilterReader(_bench.Log, _bench.Store), _bench.Services);
        foreach (var replay in await Stored.ListAsync(null, true, default))
        {
            var running = runner.RunAsync(replay, default, default);
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(1));
                if (!running.IsCompleted) _bench.Time.Advance(TimeSpan.FromMilliseconds(200));
            }

            await running;
        }
    }
}
