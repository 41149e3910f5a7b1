using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>A token that stops working stops the integration, costs no event, and never gets this machine blocked.</summary>
public sealed class TokenScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private const string Superuser = "0123456789abcdef0123456789abcdef";

    // Six integrations find out, each by a bulk and a probe; the others wait for them.
    private const int RefusalsOfAStart = 12;
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

    [Theory]
    [InlineData("auto")]
    [InlineData("single")]
    public async Task Revoked_BehindAQueueThatSaysYesToAll_StopsAndKeeps(string mode)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { request_mode = mode });
        var visitor = Some.Visitor();
        shop.Faults = Revoked with { QueuedTracking = true };

        await shop.PageAsync(visitor, "/before");
        await shop.BecomesAsync("configuration_error");
        foreach (var path in Paths.Take(5)) await shop.PageAsync(visitor, path);
        shop.State.Actions.ShouldBeEmpty();
        shop.Faults = new SandboxFaults { QueuedTracking = true };
        await shop.PatchAsync(new { note = "The token was restored in Matomo." });

        await shop.RecordedAsync(6);
        shop.Paths.ShouldBe(Paths.Take(5).Prepend("/before"));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("single")]
    public async Task Revoked_LaterBehindAQueueThatSaysYesToAll_LosesNothing(string mode)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { request_mode = mode });
        var visitor = Some.Visitor();
        shop.Faults = new SandboxFaults { QueuedTracking = true };
        await shop.PageAsync(visitor, "/before");
        await shop.SettledAsync(1);
        shop.Faults = Revoked with { QueuedTracking = true };

        foreach (var path in Paths.Take(5)) await shop.PageAsync(visitor, path);
        await shop.BecomesAsync("configuration_error");
        shop.Faults = new SandboxFaults { QueuedTracking = true };
        await shop.PatchAsync(new { note = "The token was restored in Matomo." });

        await shop.RecordedAsync(6);
        shop.Paths.ShouldBe(Paths.Take(5).Prepend("/before"));
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
    public async Task WrongToken_KilledAndStartedAgainAndAgain_IsNeverBlocked()
    {
        var options = SandboxOptions.Recorded with { BruteForceProtection = true };
        await using var shop = await Shop.OpenAsync(config: new { token_auth = new string('e', 32) }, sandbox: options);
        foreach (var path in Paths.Take(3)) await shop.PageAsync(Some.Visitor(), path);

        for (var n = 0; n < 16; n++)
        {
            // Killed as soon as the next refusal has happened, if there is one: before or after its answer was written down.
            var refused = shop.State.Counters.RefusedTokens;
            if (refused < 8) await Eventually.Async(() => shop.State, s => s.Counters.RefusedTokens > refused || n > 0, () => "the wrong token to be tried");
            await shop.Signal.KillAsync();
            await shop.Signal.RestartAsync();
            await shop.PageAsync(Some.Visitor(), $"/again/{n}");
        }

        await shop.BecomesAsync("configuration_error");
        shop.State.Counters.RefusedTokens.ShouldBeInRange(1, 12);
        await shop.PatchAsync(new { config = new { token_auth = new string('c', 32) } });
        await shop.RecordedAsync(19);
    }

    [Fact]
    public async Task RevokedTokenOfSeveralIntegrations_ShareWhatTheSameMatomoMayRefuse()
    {
        await using var shop = await OpenAsync();
        shop.Faults = Revoked;
        var others = new List<string>();
        for (var n = 0; n < 9; n++)
            others.Add((await shop.Signal.CreateMatomoAsync(shop.SourceId, shop.Sandbox.BaseAddress)).GetProperty("id").GetString()!);

        await shop.PagesAsync(Some.Visitor(), Paths);

        await Eventually.Async(() => shop.State.Counters.RefusedTokens, refused => refused >= RefusalsOfAStart, () => "the integrations to find out");
        shop.Faults = new SandboxFaults();
        foreach (var id in others.Append(shop.IntegrationId)) await shop.Signal.PatchAdminAsync($"integrations/{id}", new { note = "Restored." });
        await shop.RecordedAsync(300);
        shop.State.Counters.RefusedTokens.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Corrected_WhileARefusalIsUnderWay_TheOldAnswerStopsNothing()
    {
        await using var shop = await OpenAsync();
        shop.Faults = Revoked with { Delay = new DelayFault { Ms = 1500 } };
        await shop.PageAsync(Some.Visitor(), "/one");
        // Refused as a single request; it is asked again in bulk now.
        await Eventually.Async(() => shop.State.Counters.RefusedTokens, refused => refused > 0, () => "the first refusal");

        await shop.PatchAsync(new { config = new { token_auth = Superuser } });
        shop.Faults = Revoked;

        await shop.RecordedAsync(1);
        await shop.BecomesAsync("active");
        shop.State.Counters.RefusedTokens.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task RevokedTokenOfManyIntegrationsThatWereWell_IsNeverBlocked()
    {
        await using var shop = await OpenAsync();
        var all = new List<string> { shop.IntegrationId };
        for (var n = 0; n < 29; n++)
            all.Add((await shop.Signal.CreateMatomoAsync(shop.SourceId, shop.Sandbox.BaseAddress)).GetProperty("id").GetString()!);
        await shop.PagesAsync(Some.Visitor(), ["/before"]);
        await shop.RecordedAsync(30);

        shop.Faults = Revoked;
        foreach (var visitor in Enumerable.Range(0, 20).Select(_ => Some.Visitor())) await shop.PagesAsync(visitor, ["/after"]);
        await Eventually.Async(
            () => shop.Signal.GetAdminAsync("integrations?limit=100"),
            page => page.GetProperty("data").EnumerateArray().Any(i => all.Contains(i.GetProperty("id").GetString()!) && i.GetProperty("status").GetString() == "configuration_error"),
            () => "one of them to find out");
        await QuietAsync(shop);

        shop.State.Counters.RefusedTokens.ShouldBeInRange(2, 16);
        shop.Faults = new SandboxFaults();
        foreach (var id in all) await shop.Signal.PatchAdminAsync($"integrations/{id}", new { note = "Restored." });
        await shop.RecordedAsync(30 + 600, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task ThirtyTokensRevokedAtOnce_AreRefusedNoMoreThanSixteenTimes_AndFourThatAreGoodGoOn()
    {
        const int All = 34;
        var tokens = Enumerable.Range(1, All).Select(n => $"{n:x32}").ToList();
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { token_auth = tokens[0] }, sandbox: SandboxOptions.Recorded with
        {
            BruteForceProtection = true,
            Sites = [.. Enumerable.Range(1, All).Select(n => new SandboxSite(n, $"Shop {n}", "https://shop.example.com"))],
            Tokens = [.. tokens.Select((token, n) => new SandboxToken(token, TokenKind.Write) { Sites = [n + 1] })],
        });
        var ids = new List<string> { shop.IntegrationId };
        for (var n = 1; n < All; n++)
            ids.Add((await shop.Signal.CreateMatomoAsync(shop.SourceId, shop.Sandbox.BaseAddress, config: new { site_id = $"{n + 1}" }, token: tokens[n])).GetProperty("id").GetString()!);
        await shop.PagesAsync(Some.Visitor(), ["/before"]);
        await shop.RecordedAsync(All);

        // Those in the middle stay good: nothing says which they are.
        var good = new[] { 3, 11, 19, 30 };
        shop.Faults = new SandboxFaults { RevokedTokens = [.. tokens.Where((_, n) => !good.Contains(n))] };
        foreach (var visitor in Enumerable.Range(0, 10).Select(_ => Some.Visitor())) await shop.PagesAsync(visitor, ["/1", "/2", "/3"]);
        await Eventually.Async(
            () => shop.State,
            state => good.All(n => state.Actions.Count(a => state.Visits.Any(v => v.Id == a.VisitId && v.Site == n + 1)) == 31),
            () => $"the good ones to go on, with {shop.State.Counters.RefusedTokens} refusals; the program printed:\n{shop.Signal.Output}");
        await QuietAsync(shop);

        shop.State.Counters.RefusedTokens.ShouldBeInRange(2, 16);
        shop.State.Actions.Count.ShouldBe(All + (good.Length * 30));
        await shop.PageAsync(Some.Visitor(), "/later");
        await Eventually.Async(() => shop.State.Actions.Count(a => a.Url!.EndsWith("/later", StringComparison.Ordinal)), n => n == good.Length, () => "the good ones to go on still");
        shop.State.Counters.RefusedTokens.ShouldBeLessThanOrEqualTo(16);

        shop.Faults = new SandboxFaults();
        foreach (var id in ids) await shop.Signal.PatchAdminAsync($"integrations/{id}", new { note = "Restored." });
        await shop.RecordedAsync(All * 32, TimeSpan.FromSeconds(60));
        shop.State.Counters.RefusedTokens.ShouldBeLessThanOrEqualTo(16);
    }

    [Fact]
    public async Task OneTokenAfterAnotherRevoked_EachStopsAlone_AndNobodyIsBlocked()
    {
        const int All = 8;
        var tokens = Enumerable.Range(1, All).Select(n => $"{n:x32}").ToList();
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { token_auth = tokens[0] }, sandbox: SandboxOptions.Recorded with
        {
            BruteForceProtection = true,
            Tokens = [.. tokens.Select(token => new SandboxToken(token, TokenKind.Write) { Sites = [1] })],
        });
        var ids = new List<string> { shop.IntegrationId };
        for (var n = 1; n < All; n++)
            ids.Add((await shop.Signal.CreateMatomoAsync(shop.SourceId, shop.Sandbox.BaseAddress, token: tokens[n])).GetProperty("id").GetString()!);
        await shop.PageAsync(Some.Visitor(), "/before");
        await shop.RecordedAsync(All);

        for (var revoked = 1; revoked < 6; revoked++)
        {
            var recorded = shop.State.Actions.Count;
            shop.Faults = new SandboxFaults { RevokedTokens = [.. tokens.Take(revoked)] };
            await shop.PageAsync(Some.Visitor(), $"/{revoked}");
            await Eventually.Async(
                () => shop.Signal.GetAdminAsync($"integrations/{ids[revoked - 1]}"), i => i.GetProperty("status").GetString() == "configuration_error", () => $"number {revoked} to stop");
            await Eventually.Async(() => shop.State.Actions.Count, n => n == recorded + All - revoked, () => "the others to go on");
        }

        shop.State.Counters.RefusedTokens.ShouldBeLessThanOrEqualTo(16);
    }

    [Fact]
    public async Task Revoked_WhileEveryLaneOfTwoIntegrationsSends_IsRefusedNoMoreThanSixteenTimes()
    {
        await using var shop = await OpenAsync();
        await shop.Signal.CreateMatomoAsync(shop.SourceId, shop.Sandbox.BaseAddress);
        var visitors = Enumerable.Range(0, 60).Select(_ => Some.Visitor()).ToList();
        var slow = new SandboxFaults { Delay = new DelayFault { Ms = 200 } };
        shop.Faults = slow;

        foreach (var visitor in visitors) await shop.PagesAsync(visitor, Paths.Take(5));
        await shop.RecordedAsync(12);
        shop.Faults = slow with { RevokedTokens = Revoked.RevokedTokens };
        await Eventually.Async(
            () => shop.Signal.GetAdminAsync("integrations?limit=100"),
            page => page.GetProperty("data").EnumerateArray().Where(i => i.GetProperty("source_id").GetString() == shop.SourceId).All(i => i.GetProperty("status").GetString() != "active"),
            () => "both integrations to find out, or one to wait since the other has");
        shop.State.Actions.Count.ShouldBeLessThan(300, "the token was revoked in the middle");

        await QuietAsync(shop);
        shop.State.Counters.RefusedTokens.ShouldBeInRange(2, 16);
        shop.Faults = new SandboxFaults();
        await shop.PatchAsync(new { note = "Restored." });
        await Eventually.Async(() => shop.State.Actions.Count, count => count >= 300, () => "the rest of this integration");
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

    private static async Task QuietAsync(Shop shop)
    {
        var (requests, still) = (0, 0);
        await Eventually.Async(
            () => shop.State.Counters.Requests,
            now =>
            {
                (still, requests) = (now == requests ? still + 1 : 0, now);
                return still == 40;
            },
            () => "nobody to send any more");
    }

    private Task<Shop> OpenAsync() => Shop.OpenAsync(shared.Signal, sandbox: SandboxOptions.Recorded with { BruteForceProtection = true });
}
