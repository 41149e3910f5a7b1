using Shouldly;
using Signal.Destinations;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

public class DeliveryServiceTests
{
    private readonly Bench _bench = new(partitions: 4);

    [Fact]
    public async Task Run_EventsAppendedLater_AreDelivered()
    {
        using var service = _bench.Service();
        await service.StartAsync(default);
        await _bench.UntilAsync(() => _bench.Target is not null);
        for (var i = 0; i < 40; i++) _bench.Append($"v{i % 9}");

        await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == 40);

        await service.StopAsync(default);
        _bench.Sender.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_BacklogAfterBacklog_ExpressLanesComeAndGo()
    {
        using var service = _bench.Service();
        await service.StartAsync(default);
        var sent = 0;
        for (var round = 0; round < 8; round++)
        {
            _bench.Sender.Fault = (_, _) => FakeFault.Unavailable;
            for (var i = 0; i < 30; i++, sent++) _bench.Append($"v{i % 9}");
            var until = _bench.Time.GetUtcNow().AddSeconds(12 + round);
            await _bench.UntilAsync(() => _bench.Time.GetUtcNow() > until);
            for (var i = 0; i < 10; i++, sent++) _bench.Append($"new{round}-{i}");
            _bench.Sender.Fault = null;
            await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == sent);
        }

        await service.StopAsync(default);
        _bench.Store.Settlements.Count(s => s.Ends is not null).ShouldBeGreaterThan(8);
        _bench.Sender.RecordedEvents.ShouldBeUnique();
        _bench.Sender.Violations.ShouldBeEmpty();
        foreach (var visitor in _bench.Sender.Recorded.GroupBy(h => h["visitor"])) visitor.Select(h => h["event"]).ShouldBeInOrder();
    }

    [Fact]
    public async Task Run_IntegrationDisabledAndEnabled_KeepsItsPlace()
    {
        using var service = _bench.Service();
        await service.StartAsync(default);
        var first = _bench.Append("a");
        await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == 1);

        _bench.Feed.Put(_bench.Integration with { Revision = 2, Enabled = false });
        await _bench.UntilAsync(() => _bench.Target is null);
        var second = _bench.Append("a");
        await Task.Delay(50);
        _bench.Sender.Recorded.Count.ShouldBe(1);

        _bench.Feed.Put(_bench.Integration with { Revision = 3, Enabled = true });
        await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == 2);
        await service.StopAsync(default);
        _bench.Sender.RecordedEvents.ShouldBe([first.Id, second.Id]);
    }

    [Fact]
    public async Task Run_NewIntegrationAndDeleted_FollowWithoutRestart()
    {
        using var service = _bench.Service();
        await service.StartAsync(default);
        _bench.Append("a");
        await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == 1);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        _bench.Feed.Put(Some.Integration with { Id = "int_2", SourceId = Bench.SourceId, CreatedAt = _bench.Time.GetUtcNow() });
        _bench.Feed.Remove(Bench.IntegrationId);
        await _bench.UntilAsync(() => _bench.Targets.Find("int_2") is not null && _bench.Target is null);
        _bench.Append("a");

        await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == 2);
        await service.StopAsync(default);
        _bench.Store.Count("int_2", "delivered").ShouldBe(1);
    }

    [Fact]
    public async Task Run_CorrectedToken_IsTakenUp()
    {
        _bench.Sender.GoodToken = "right";
        using var service = _bench.Service();
        await service.StartAsync(default);
        _bench.Append("a");
        await _bench.UntilAsync(() => _bench.Target?.Circuit.IsStopped == true);

        _bench.Feed.Put(_bench.Integration with { Revision = 2, Secrets = new Dictionary<string, string> { ["token"] = "right" } });

        await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == 1);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task Stop_RequestInFlight_IsFinishedAndSettled()
    {
        var answer = new TaskCompletionSource();
        _bench.Sender.During = () => answer.Task;
        using var service = _bench.Service();
        await service.StartAsync(default);
        var e = _bench.Append("a");
        await _bench.UntilAsync(() => _bench.Sender.Requests.Count == 1);

        var stopping = service.StopAsync(default);
        stopping.IsCompleted.ShouldBeFalse();
        answer.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(60));

        _bench.Store.RecordOf(e.Id).ShouldNotBeNull();
        _bench.Sender.Recorded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_NoAnswerWithinTheDrainTime_EndsAnyway()
    {
        _bench.Sender.During = () => new TaskCompletionSource().Task;
        using var service = _bench.Service();
        await service.StartAsync(default);
        _bench.Append("a");
        await _bench.UntilAsync(() => _bench.Sender.Requests.Count == 1);

        var stopping = service.StopAsync(default);
        await _bench.UntilAsync(() => stopping.IsCompleted);

        _bench.Store.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_OneUserOnManyDevices_IsNeverInFlightTwice()
    {
        _bench.Destination.Limits = new RequestLimits(RequestForm.Single, RequestForm.Bulk, 20, 8, null, null);
        _bench.Sender.During = async () => await Task.Yield();
        for (var i = 0; i < 200; i++) _bench.Append($"device{i % 16}", body: new { user = $"u{i % 3}" });
        using var service = _bench.Service();
        await service.StartAsync(default);

        await _bench.UntilAsync(() => _bench.Sender.Recorded.Count == 200);

        await service.StopAsync(default);
        _bench.Sender.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_StoreInTrouble_GoesOnWhenItIsBack()
    {
        var broken = true;
        _bench.Store.BeforeSettle = _ =>
        {
            if (broken) throw new IOException("disk full");
        };
        using var service = _bench.Service();
        await service.StartAsync(default);
        _bench.Append("a");
        await Task.Delay(50);
        broken = false;

        await _bench.UntilAsync(() => _bench.Store.Count(Bench.IntegrationId, "delivered") == 1);
        await service.StopAsync(default);
    }
}
