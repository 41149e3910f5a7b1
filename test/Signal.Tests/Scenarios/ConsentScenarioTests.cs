using System.Net;
using System.Text.Json;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>A withdrawal counts up to the last moment, for good, and leaves a receipt.</summary>
public sealed class ConsentScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private static readonly object Refused = new { context = new { consent = new { analytics = false } }, properties = new { url = "https://shop.example.com/refused" } };
    private static readonly object Granted = new { context = new { consent = new { analytics = true } }, properties = new { url = "https://shop.example.com/granted" } };

    [Fact]
    public async Task Withdrawn_WhatWaitsIsDropped_OthersAreNot_AndTheAuditLogHasTheReceipt()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var (leaving, staying) = (Some.Visitor(), Some.Visitor());
        // So that nothing is under way when the visitor withdraws: what has been sent can't be called back.
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 503, RetryAfter = 5 } };

        await shop.PagesAsync(leaving, ["/a", "/b", "/c"]);
        await shop.RowAsync("retrying");
        await shop.PageAsync(staying, "/kept");
        await shop.SendAsync("/v1/p", leaving, Refused);
        shop.Faults = new SandboxFaults();

        var rows = await shop.SettledAsync(4);
        shop.Paths.ShouldBe(["/kept"]);
        var dropped = rows.Where(r => r.GetProperty("anonymous_id").GetString() == leaving).ToList();
        dropped.Count.ShouldBe(3);
        dropped.ShouldAllBe(r => r.GetProperty("outcome").GetString() == "dropped" && r.GetProperty("reason").GetString() == "consent_withdrawn");
        var receipts = await ReceiptsAsync(shop, "dropped.events");
        receipts.Sum().ShouldBe(3);
    }

    [Fact]
    public async Task WithdrawnAndGrantedAgain_WhatWaitedBeforeIsDropped_WhatCameAfterIsDelivered()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 503, RetryAfter = 5 } };

        await shop.PagesAsync(visitor, ["/a", "/b"]);
        await shop.RowAsync("retrying");
        await shop.SendAsync("/v1/p", visitor, Refused);
        await shop.SendAsync("/v1/p", visitor, Granted);
        await shop.PageAsync(visitor, "/after");
        shop.Faults = new SandboxFaults();

        var rows = await shop.SettledAsync(4);
        shop.Paths.ShouldBe(["/granted", "/after"]);
        rows.Select(r => (r.GetProperty("outcome").GetString(), r.GetProperty("reason").GetString())).ShouldBe(
            [("dropped", "consent_withdrawn"), ("dropped", "consent_withdrawn"), ("delivered", null), ("delivered", null)]);
        (await ReceiptsAsync(shop, "dropped.events")).Sum().ShouldBe(2);
    }

    [Fact]
    public async Task Withdrawn_DeadLettersAreDropped_AndTheAuditLogHasTheReceipt()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, integration: new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "99" } } });
        var (leaving, staying) = (Some.Visitor(), Some.Visitor());
        await shop.TrackAsync(leaving, "Signed Up");
        await shop.TrackAsync(staying, "Signed Up");
        await shop.SettledAsync(2);

        await shop.SendAsync("/v1/p", leaving, Refused);

        (await ReceiptsAsync(shop, "dropped.dead_letters")).ShouldBe([1]);
        var letters = await shop.Signal.GetAdminAsync($"integrations/{shop.IntegrationId}/dead-letters");
        letters.GetProperty("data").EnumerateArray().ShouldHaveSingleItem().GetProperty("anonymous_id").GetString().ShouldBe(staying);
    }

    [Fact]
    public async Task Refused_IsRememberedAcrossAKill_UntilAGrant()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/p", visitor, Refused);
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await shop.PageAsync(visitor, "/still-refused");
        await shop.SendAsync("/v1/p", visitor, Granted);
        await shop.PageAsync(visitor, "/again");

        await shop.SettledAsync(2);
        shop.Paths.ShouldBe(["/granted", "/again"]);
    }

    [Fact]
    public async Task TwoIntegrations_EachAsksForItsOwnCategories()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        await using var second = await SandboxServer.StartAsync(SandboxOptions.Recorded);
        await shop.Signal.CreateMatomoAsync(shop.SourceId, second.BaseAddress, more: new { consent_categories = new[] { "marketing" } });
        var visitor = Some.Visitor();

        await shop.SendAsync("/v1/p", visitor, new { context = new { consent = new { analytics = true, marketing = false } }, properties = new { url = "https://shop.example.com/1" } });
        await shop.SendAsync("/v1/p", visitor, new { context = new { consent = new { analytics = false, marketing = true } }, properties = new { url = "https://shop.example.com/2" } });

        await Eventually.Async(() => second.Matomo.State(), s => s.Actions.Count > 0, () => "the second Matomo to be told");
        second.Matomo.State().Actions.ShouldHaveSingleItem().Url!.ShouldEndWith("/2");
        shop.Paths.ShouldBeSubsetOf(["/1"]);
    }

    private static async Task<IReadOnlyList<int>> ReceiptsAsync(Shop shop, string what)
    {
        var entries = await Eventually.Async(
            () => shop.Signal.GetAdminAsync($"audit-logs?action=consent.withdrawn&resource_id={shop.IntegrationId}"),
            page => page.GetProperty("data").GetArrayLength() > 0,
            () => "a receipt in the audit log");
        var changes = entries.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("changes")).ToList();
        changes.ShouldAllBe(c => c.GetProperty("subject").GetProperty("new").GetString()!.StartsWith("sha256:", StringComparison.Ordinal));
        return [.. changes.Where(c => c.TryGetProperty(what, out _)).Select(c => c.GetProperty(what).GetProperty("new").GetInt32())];
    }
}
