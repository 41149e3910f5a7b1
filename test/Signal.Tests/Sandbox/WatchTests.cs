using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>The sandbox counts what a well-behaved sender never does.</summary>
public sealed class WatchTests : SandboxFixture
{
    [Theory]
    [InlineData("uid=ann&cid=00000000000000a1", "uid=ann&cid=00000000000000a2", 1)]
    [InlineData("cid=00000000000000a1", "cid=00000000000000a1", 1)]
    [InlineData("cid=00000000000000a1", "cid=00000000000000a2", 0)]
    public async Task Track_TwoAtOnce_CountsASharedVisitor(string one, string other, int violations)
    {
        await FaultAsync("""{"delay":{"ms":200}}""");

        await Task.WhenAll(TrackAsync(one), TrackAsync(other));

        State.Counters.ConcurrentVisitorViolations.ShouldBe(violations);
    }

    [Fact]
    public async Task Track_OneAfterTheOther_CountsNothing()
    {
        await TrackAsync("cid=00000000000000a1");
        await TrackAsync("cid=00000000000000a1");

        State.Counters.ConcurrentVisitorViolations.ShouldBe(0);
        State.Counters.OutOfOrder.ShouldBe(0);
    }

    [Fact]
    public async Task Track_OlderHitOfAVisitor_CountsOutOfOrder()
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();

        await TrackAsync($"cid=00000000000000a1&cdt={now - 60}");
        await TrackAsync($"cid=00000000000000a2&cdt={now - 120}");
        await TrackAsync($"cid=00000000000000a1&cdt={now - 90}");

        State.Counters.OutOfOrder.ShouldBe(1);
    }

    [Fact]
    public async Task Track_TokenInAddress_IsCountedAndMasked()
    {
        using var response = await Client.GetAsync(new Uri($"matomo.php?idsite=1&rec=1&token_auth={WriteToken}", UriKind.Relative));

        State.Counters.TokensInUrls.ShouldBe(1);
        State.Requests[^1].Target.ShouldNotContain(WriteToken);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "idsite=1&rec=1&token_auth=" + WriteToken)]
    [InlineData("application/json", "{\"requests\":[{\"token_auth\": \"" + WriteToken + "\"},\"?idsite=1&token_auth=" + WriteToken + "&rec=1\"],\"token_auth\":\"" + WriteToken + "\"}")]
    public async Task Track_TokenInBody_IsMaskedInTheLog(string type, string body)
    {
        await PostAsync("matomo.php", body, type);

        State.Requests[^1].Body.ShouldNotContain("cccc");
    }
}
