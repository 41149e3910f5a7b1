using System.Collections.Concurrent;
using System.Net;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>Nothing acknowledged is lost, and what arrives is in order.</summary>
public class DurabilityTests
{
    [Fact]
    public async Task Kill_While50ClientsPost_EveryAcknowledgedEventIsDelivered()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Sandbox.Matomo.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };
        var acknowledged = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource();
        var clients = Enumerable.Range(0, 50).Select(async client =>
        {
            var visitor = Some.Visitor();
            for (var n = 0; ; n++)
            {
                var url = $"https://shop.example.com/{client}/{n}";
                try
                {
                    using var answer = await shop.Signal.SendAsync(shop.Key, "/v1/p", new { anonymousId = visitor, messageId = url, properties = new { url } });
                    if (answer.StatusCode != HttpStatusCode.OK) continue;
                }
                catch (HttpRequestException)
                {
                    return;
                }

                acknowledged.Add(url);
                if (acknowledged.Count > 1500) enough.TrySetResult();
            }
        }).ToList();

        await enough.Task.WaitAsync(TimeSpan.FromSeconds(120));
        await shop.Signal.KillAsync();
        await Task.WhenAll(clients);

        // Only now: a request that was under way when the process ended must still meet a Matomo that records nothing.
        await shop.Signal.RestartAsync();
        shop.Sandbox.Matomo.Faults = new SandboxFaults();

        var expected = acknowledged.ToHashSet();
        var delivered = await Eventually.Async(
            () => shop.Sandbox.Matomo.State().Actions.Select(a => a.Url!).ToList(),
            urls => expected.IsSubsetOf(urls),
            () => $"{expected.Count} events",
            TimeSpan.FromSeconds(180));
        delivered.Count.ShouldBe(delivered.Distinct().Count(), "no event may arrive twice: Matomo answered every request");
        shop.Sandbox.Matomo.State().Counters.OutOfOrder.ShouldBe(0);
        shop.Sandbox.Matomo.State().Counters.ConcurrentVisitorViolations.ShouldBe(0);
    }

    [Fact]
    public async Task MatomoDown_EventsWait_AndArriveInOrderAfterwards()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();
        shop.Sandbox.Matomo.Faults = new SandboxFaults { DropBefore = new Fault() };

        for (var n = 0; n < 20; n++) await shop.SendAsync("/v1/p", visitor, new { properties = new { url = $"https://shop.example.com/{n}" } });
        var waiting = await Eventually.Async(
            () => shop.Signal.GetAdminAsync($"integrations/{shop.IntegrationId}"),
            i => i.GetProperty("status").GetString() == "retrying",
            () => "the integration to be retrying");
        waiting.GetProperty("status").GetString().ShouldBe("retrying");
        shop.Sandbox.Matomo.Faults = new SandboxFaults();

        await shop.SettledAsync(20);
        shop.Sandbox.Matomo.State().Actions.Select(a => a.Url).ShouldBe(Enumerable.Range(0, 20).Select(n => $"https://shop.example.com/{n}"));
    }

    [Fact]
    public async Task Stop_ByTheSystem_FinishesAndExitsCleanly()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/" } });

        var exit = await shop.Signal.StopAsync();
        await shop.Signal.RestartAsync();

        exit.ShouldBe(0, shop.Signal.Output);
        await shop.SettledAsync(1);
        shop.Sandbox.Matomo.State().Actions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task StateGoneWhileMatomoAnswers_IsSettledOnceItIsBack_AndNothingIsSentTwice()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();
        await shop.PageAsync(visitor, "/before");
        await shop.SettledAsync(1);
        var (state, aside) = (Path.Combine(shop.Signal.DataDirectory, "state.db"), Path.Combine(shop.Signal.DataDirectory, "aside.db"));
        shop.Faults = new SandboxFaults { Delay = new DelayFault { Ms = 3000, Times = 1 } };

        await shop.PageAsync(visitor, "/during");
        await Eventually.Async(() => shop.Sandbox.Matomo.Faults.Delay, d => d is null, () => "the request to be under way");
        File.Move(state, aside);
        await Eventually.Async(() => shop.Signal.Output, o => o.Contains("can't store what an answer changed", StringComparison.Ordinal), () => "the settlement to fail");
        File.Move(aside, state);
        await shop.PageAsync(visitor, "/after");

        await shop.SettledAsync(3);
        shop.Paths.ShouldBe(["/before", "/during", "/after"]);
    }

    [Fact]
    public async Task SameMessageId_AcrossARestart_IsDeliveredOnce()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/p", visitor, new { messageId = "once", properties = new { url = "https://shop.example.com/once" } });
        await shop.SettledAsync(1);
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await shop.SendAsync("/v1/p", visitor, new { messageId = "once", properties = new { url = "https://shop.example.com/once" } });
        await shop.SendAsync("/v1/p", visitor, new { messageId = "after", properties = new { url = "https://shop.example.com/after" } });

        await shop.SettledAsync(2);
        shop.Sandbox.Matomo.State().Actions.Select(a => a.Url).ShouldBe(["https://shop.example.com/once", "https://shop.example.com/after"]);
    }
}
