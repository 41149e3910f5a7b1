using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>A token that stops working stops the integration, costs no event, and never gets this machine blocked.</summary>
public sealed class TokenScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private const string Superuser = "0123456789abcdef0123456789abcdef";
    private static readonly IReadOnlyList<string> Paths = [.. Enumerable.Range(0, 30).Select(n => $"/{n}")];
    private static readonly SandboxFaults Revoked = new() { RevokedTokens = [new string('c', 32)] };

    [Fact]
    public async Task Revoked_StopsAndKeeps_AnotherTokenResumes()
    {
        await using var shop = await OpenAsync();
        shop.Faults = Revoked;

        foreach (var visitor in Enumerable.Range(0, 3).Select(_ => Some.Visitor())) await shop.PagesAsync(visitor, Paths);
        await shop.BecomesAsync("configuration_error");
        shop.State.Actions.ShouldBeEmpty();
        var refused = shop.State.Counters.RefusedTokens;
        var patched = await shop.PatchAsync(new { config = new { token_auth = Superuser } });

        patched.GetProperty("config").GetProperty("token_auth").GetString().ShouldBe("***");
        await shop.RecordedAsync(90);
        await shop.BecomesAsync("active");
        shop.Paths.Count.ShouldBe(90);
        shop.State.Counters.OutOfOrder.ShouldBe(0);
        refused.ShouldBeLessThan(5);
        shop.State.Counters.RefusedTokens.ShouldBe(refused);
    }

    [Fact]
    public async Task Revoked_AndRestored_SavingAgainResumesAtOnce()
    {
        await using var shop = await OpenAsync();
        shop.Faults = Revoked;

        await shop.PagesAsync(Some.Visitor(), Paths);
        await shop.BecomesAsync("configuration_error");
        shop.Faults = new SandboxFaults();
        await shop.PatchAsync(new { note = "The token was restored in Matomo." });

        await shop.RecordedAsync(30);
        shop.Paths.ShouldBe(Paths);
    }

    [Fact]
    public async Task Revoked_ARestartDoesNotAskAgain()
    {
        await using var shop = await OpenAsync();
        shop.Faults = Revoked;
        await shop.PagesAsync(Some.Visitor(), Paths);
        await shop.BecomesAsync("configuration_error");
        var requests = shop.State.Counters.Requests;

        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await shop.BecomesAsync("configuration_error");
        await shop.PageAsync(Some.Visitor(), "/later");
        shop.State.Counters.Requests.ShouldBe(requests);
    }

    [Fact]
    public async Task OneWrongTokenAfterAnother_IsNeverBlocked()
    {
        await using var shop = await OpenAsync();
        shop.Faults = Revoked;
        await shop.PagesAsync(Some.Visitor(), Paths);
        await shop.BecomesAsync("configuration_error");

        for (var n = 0; n < 30; n++)
        {
            var requests = shop.State.Counters.Requests;
            await shop.PatchAsync(new { config = new { token_auth = $"{n:D32}" } });
            if (n < 5) await Eventually.Async(() => shop.State, s => s.Counters.Requests > requests, () => "the new token to be tried");
        }

        shop.State.Counters.RefusedTokens.ShouldBeLessThan(20);
        shop.State.Actions.ShouldBeEmpty();
    }

    [Fact]
    public async Task WrongSite_StopsAndKeeps_TheRightSiteResumes()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { site_id = "77" });

        await shop.PagesAsync(Some.Visitor(), Paths);
        await shop.BecomesAsync("configuration_error");
        await shop.PatchAsync(new { config = new { site_id = "1" } });

        await shop.RecordedAsync(30);
        shop.Paths.ShouldBe(Paths);
    }

    private Task<Shop> OpenAsync() => Shop.OpenAsync(shared.Signal, sandbox: SandboxOptions.Recorded with { BruteForceProtection = true });
}
