using Shouldly;
using Signal.Deliver;
using Xunit;

namespace Signal.Tests.Deliver;

public class VisitorGateTests
{
    private readonly VisitorGate _gate = new();

    [Fact]
    public async Task Claim_SharedVisitor_WaitsForTheFirst()
    {
        var first = await _gate.ClaimAsync(["a", "b"], default);
        var second = _gate.ClaimAsync(["b", "c"], default).AsTask();
        var third = _gate.ClaimAsync(["d"], default).AsTask();

        (await third).Dispose();
        second.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Claim_LaterOne_NeverOvertakesAnEarlierThatSharesAKey()
    {
        var a = await _gate.ClaimAsync(["a"], default);
        var both = _gate.ClaimAsync(["a", "b"], default).AsTask();
        var b = _gate.ClaimAsync(["b"], default).AsTask();

        b.IsCompleted.ShouldBeFalse();
        a.Dispose();
        (await both).Dispose();
        (await b).Dispose();
    }

    [Fact]
    public async Task Claim_MoreThanTheMost_Waits()
    {
        _gate.Limit(1);
        var first = await _gate.ClaimAsync(["a"], default);
        var second = _gate.ClaimAsync(["b"], default).AsTask();
        second.IsCompleted.ShouldBeFalse();
        _gate.Limit(2);
        (await second).Dispose();
        first.Dispose();
    }

    [Fact]
    public async Task Claim_Cancelled_LeavesTheQueue()
    {
        var first = await _gate.ClaimAsync(["a"], default);
        using var stop = new CancellationTokenSource();
        var waiting = _gate.ClaimAsync(["a", "b"], stop.Token).AsTask();
        var behind = _gate.ClaimAsync(["b"], default).AsTask();
        behind.IsCompleted.ShouldBeFalse();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        (await behind).Dispose();
        first.Dispose();
        first.Dispose();
        (await _gate.ClaimAsync(["a", "b"], default)).Dispose();
    }

    [Fact]
    public async Task Claim_ManyAtRandom_NeverShareAndAllGetThrough()
    {
        const int Most = 5;
        _gate.Limit(Most);
        var inFlight = new Dictionary<string, int>();
        var together = 0;
        var most = 0;
        var shared = false;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 60; i++)
            {
                var keys = Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"v{random.Next(20)}").ToHashSet();
                using var claim = await _gate.ClaimAsync(keys, default);
                lock (inFlight)
                {
                    most = Math.Max(most, ++together);
                    foreach (var key in keys) shared |= (inFlight[key] = inFlight.GetValueOrDefault(key) + 1) > 1;
                }

                await Task.Delay(1);
                lock (inFlight)
                {
                    together--;
                    foreach (var key in keys) inFlight[key]--;
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(120));

        shared.ShouldBeFalse();
        most.ShouldBeInRange(2, Most);
    }
}
