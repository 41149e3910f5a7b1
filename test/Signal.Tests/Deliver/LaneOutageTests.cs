using Shouldly;
using Signal.Configure;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Events;
using Signal.State;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>A lane while its destination is away or refuses the credentials: patience, probes, and never too many refusals.</summary>
public class LaneOutageTests
{
    [Fact]
    public async Task Step_Unavailable_RetriesShowsItAndRecovers()
    {
        var bench = new Bench();
        bench.Sender.Fault = (_, _) => FakeFault.Unavailable;
        var e = bench.Append("a");
        await bench.RunAsync(TimeSpan.FromSeconds(3));

        var waiting = bench.Store.RecordOf(e.Id)!;
        waiting.Outcome.ShouldBe(DeliveryOutcome.Retrying);
        waiting.StatusCode.ShouldBe(503);
        waiting.Request.ShouldNotBeNull().ShouldContain("token=***");
        var attempts = waiting.Attempts;
        attempts.ShouldBeGreaterThan(0);
        (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Status.ShouldBe("retrying");
        bench.Sender.Fault = null;
        await bench.RunAsync();

        var delivered = bench.Store.RecordOf(e.Id)!;
        delivered.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        delivered.Attempts.ShouldBe(attempts + 1);
        (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Status.ShouldBe("active");
    }

    [Fact]
    public async Task Step_LongOutage_ProbesInsteadOfSending()
    {
        var bench = new Bench(partitions: 4);
        bench.Sender.Fault = (_, _) => FakeFault.Unreachable;
        for (var i = 0; i < 40; i++) bench.Append($"v{i}");

        await bench.RunAsync(TimeSpan.FromDays(1));
        var during = bench.Sender.Requests.ToList();
        bench.Sender.Fault = null;
        var took = await bench.RunAsync();

        during.Count(r => r.Form != "probe").ShouldBeLessThanOrEqualTo(8);
        during.Count.ShouldBeInRange(200, 1500);
        took.ShouldBeLessThan(TimeSpan.FromMinutes(6));
        bench.Sender.Recorded.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Step_OnlySinglesAndTheDatabaseIsDead_IsAnOutageAndNoWrongToken()
    {
        var bench = new Bench { Sender = { Fault = (_, _) => FakeFault.Dead } };
        bench.Destination.Limits = bench.Destination.Limits with { Backlog = RequestForm.Single };
        for (var i = 0; i < 30; i++) bench.Append($"v{i}");

        await bench.RunAsync(TimeSpan.FromHours(3));
        var health = (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Status;
        bench.Sender.Fault = null;
        var took = await bench.RunAsync();

        bench.Sender.Requests.ShouldContain(r => r.Form == "single_probe");
        health.ShouldBe("retrying");
        took.ShouldBeLessThan(TimeSpan.FromMinutes(6));
        bench.Sender.Recorded.Count.ShouldBe(30);
    }

    [Fact]
    public async Task Step_OnlySinglesAndAWrongToken_Stops()
    {
        var bench = new Bench { Sender = { GoodToken = "other" } };
        bench.Destination.Limits = bench.Destination.Limits with { Backlog = RequestForm.Single };
        bench.Append("a");

        await bench.RunAsync(TimeSpan.FromHours(3));

        (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Status.ShouldBe("configuration_error");
        bench.Sender.Requests.Count.ShouldBeLessThan(40);
    }

    [Fact]
    public async Task Step_RetryAfter_IsObeyed()
    {
        var bench = new Bench { Sender = { RetryAfter = TimeSpan.FromMinutes(7), Fault = (_, _) => FakeFault.Unavailable } };
        bench.Append("a");
        await bench.RunAsync(TimeSpan.FromMinutes(6.9));

        bench.Sender.Requests.Count.ShouldBe(1);
        bench.Sender.Fault = null;
        await bench.RunAsync();
        bench.Sender.Recorded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Step_WrongToken_StopsKeepsEverythingAndProbesRarely()
    {
        var bench = new Bench(partitions: 4);
        bench.Sender.GoodToken = "other";
        for (var i = 0; i < 30; i++) bench.Append($"v{i}");

        await bench.RunAsync(TimeSpan.FromHours(10));

        (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Status.ShouldBe("configuration_error");
        bench.Sender.Requests.Count.ShouldBeLessThan(70);
        bench.Store.DeadLetters.ShouldBeEmpty();
        bench.Feed.Put(bench.Integration with { Revision = 2, Secrets = new Dictionary<string, string> { ["token"] = "other" } });
        var took = await bench.RunAsync();

        took.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        bench.Sender.Recorded.Count.ShouldBe(30);
        (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Status.ShouldBe("active");
    }

    [Fact]
    public async Task Step_TokenWorksAgain_ResumesByTheRareProbe()
    {
        var bench = new Bench();
        bench.Sender.GoodToken = "other";
        bench.Append("a");
        await bench.RunAsync(TimeSpan.FromMinutes(30));
        bench.Sender.GoodToken = "good";

        await bench.RunAsync(TimeSpan.FromHours(2));

        bench.Sender.Recorded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Step_ManyWrongTokensTried_StaysBelowTheBlockade()
    {
        var bench = new Bench(partitions: 4);
        bench.Sender.GoodToken = "other";
        for (var i = 0; i < 30; i++) bench.Append($"v{i}");
        for (var r = 2; r < 40; r++)
        {
            bench.Feed.Put(bench.Integration with { Revision = r, Secrets = new Dictionary<string, string> { ["token"] = $"wrong{r}" } });
            await bench.RunAsync(TimeSpan.FromSeconds(20));
        }

        bench.Sender.Requests.Count.ShouldBeLessThanOrEqualTo(RefusalBudget.Most);
        bench.Refusals.Notes.Count.ShouldBe(bench.Sender.Requests.Count, "every one of them was refused");
    }

    [Fact]
    public async Task Step_WrongTokenAndCrashesAllTheTime_StaysBelowTheBlockade()
    {
        var bench = new Bench(partitions: 4);
        bench.Sender.GoodToken = "other";
        for (var i = 0; i < 30; i++) bench.Append($"v{i}");
        bench.Sender.Fault = (_, _) => throw new OperationCanceledException("killed");
        for (var i = 0; i < 50; i++)
        {
            try
            {
                await bench.RunAsync(TimeSpan.FromSeconds(20));
            }
            catch (OperationCanceledException)
            {
                // The process ends before the answer: nothing but what was written before the question is left.
                bench.Restart();
            }
        }

        bench.Sender.Requests.Count.ShouldBe(RefusalBudget.Start);
        (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Reason.ShouldBe("credentials_in_doubt");
    }

    [Fact]
    public async Task Step_TokenRevokedUnderLoad_OneLaneFindsOutForAll()
    {
        var bench = new Bench(partitions: 4) { Destination = { Limits = new RequestLimits(RequestForm.Single, RequestForm.Single, 1, 4, null, null) } };
        for (var i = 0; i < 40; i++) bench.Append($"v{i}");
        await bench.StepAsync();
        var waiting = new TaskCompletionSource();
        bench.Sender.During = () => waiting.Task;
        var steps = Enumerable.Range(0, 4).Select(p => bench.StepAsync(p)).ToList();
        await Scenarios.Eventually.Async(() => bench.Sender.Requests.Count, count => count == 5, () => "four requests in flight");
        bench.Sender.GoodToken = "other";
        bench.Sender.During = null;
        waiting.SetResult();
        await Task.WhenAll(steps);

        bench.Sender.Requests.Count.ShouldBe(1 + 4 + 1, "the four in flight and one more in bulk");
        bench.Refusals.Notes.Count.ShouldBe(5);
        bench.Target.Circuit.IsStopped.ShouldBeTrue();
    }
}
