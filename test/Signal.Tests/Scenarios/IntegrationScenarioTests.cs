using System.Net;
using System.Text.Json;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>What happens to delivery when integrations are made, changed, switched off and stood side by side.</summary>
public sealed class IntegrationScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    [Fact]
    public async Task NewIntegration_BeginsWithWhatComesAfterIt()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        await using var second = await SandboxServer.StartAsync(SandboxOptions.Recorded);
        var visitor = Some.Visitor();

        await shop.PageAsync(visitor, "/before");
        await shop.RecordedAsync(1);
        await shop.Signal.CreateMatomoAsync(shop.SourceId, second.BaseAddress);
        await shop.PageAsync(visitor, "/after");

        await Eventually.Async(() => second.Matomo.State(), s => s.Actions.Count > 0, () => "the second Matomo to be told");
        await shop.RecordedAsync(2);
        second.Matomo.State().Actions.ShouldHaveSingleItem().Url!.ShouldEndWith("/after");
    }

    [Fact]
    public async Task TwoIntegrations_OneMatomoDown_TheOtherIsServedAtOnce()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        await using var second = await SandboxServer.StartAsync(SandboxOptions.Recorded);
        await shop.Signal.CreateMatomoAsync(shop.SourceId, second.BaseAddress);
        shop.Faults = new SandboxFaults { DropBefore = new Fault() };

        await shop.PagesAsync(Some.Visitor(), ["/1", "/2", "/3"]);
        await Eventually.Async(() => second.Matomo.State(), s => s.Actions.Count == 3, () => "the second Matomo to be told");
        shop.State.Actions.ShouldBeEmpty();
        shop.Faults = new SandboxFaults();

        (await shop.RecordedAsync(3)).ShouldBe(["/1", "/2", "/3"]);
        second.Matomo.State().Actions.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Disabled_KeepsItsPlace_AndGoesOnFromThere()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        await using var second = await SandboxServer.StartAsync(SandboxOptions.Recorded);
        await shop.Signal.CreateMatomoAsync(shop.SourceId, second.BaseAddress);
        var visitor = Some.Visitor();

        await shop.PageAsync(visitor, "/1");
        await shop.RecordedAsync(1);
        (await shop.PatchAsync(new { enabled = false })).GetProperty("status").GetString().ShouldBe("disabled");
        await shop.PagesAsync(visitor, ["/2", "/3"]);
        await Eventually.Async(() => second.Matomo.State(), s => s.Actions.Count == 3, () => "the second Matomo to be told");
        shop.Paths.ShouldBe(["/1"]);
        await shop.PatchAsync(new { enabled = true });

        (await shop.RecordedAsync(3)).ShouldBe(["/1", "/2", "/3"]);
    }

    [Fact]
    public async Task MappingChange_AppliesToWhatFollows_AndTheRowNamesTheRevision()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();

        await shop.PageAsync(visitor, "/1");
        await shop.SettledAsync(1);
        var changed = await shop.PatchAsync(new { mappings = new[] { new { @event = "page", target = "dimension3", value = "blue" } } });
        await shop.PageAsync(visitor, "/2");

        var rows = await shop.SettledAsync(2);
        changed.GetProperty("revision").GetInt32().ShouldBe(2);
        rows.Select(r => r.GetProperty("revision").GetInt32()).ShouldBe([1, 2]);
        Shop.Fields(rows[0]).ShouldNotContainKey("dimension3");
        Shop.Fields(rows[1])["dimension3"].ShouldBe("blue");
    }

    [Fact]
    public async Task MappingChange_DuringAnOutage_AppliesToWhatWaits()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };

        await shop.PageAsync(Some.Visitor(), "/1");
        await shop.RowAsync("retrying");
        await shop.PatchAsync(new { mappings = new[] { new { @event = "page", target = "dimension3", value = "blue" } } });
        shop.Faults = new SandboxFaults();

        var row = (await shop.SettledAsync(1))[0];
        row.GetProperty("revision").GetInt32().ShouldBe(2);
        shop.State.Actions.ShouldHaveSingleItem().Dimensions[3].ShouldBe("blue");
    }

    [Fact]
    public async Task DeadLetter_IsListed_AndReplayedAfterTheMappingIsRight()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, integration: new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "99" } } });
        var visitor = Some.Visitor();

        await shop.PageAsync(visitor, "/signup");
        await shop.TrackAsync(visitor, "Signed Up");
        await shop.PageAsync(visitor, "/welcome");
        await shop.SettledAsync(3);
        var letter = (await LettersAsync(shop)).ShouldHaveSingleItem();
        letter.GetProperty("reason").GetString().ShouldBe("refused_by_destination");
        letter.GetProperty("request").GetString()!.ShouldContain("idgoal=99");
        letter.GetProperty("request").GetString()!.ShouldNotContain(new string('c', 32));
        letter.GetProperty("payload").GetProperty("event").GetString().ShouldBe("Signed Up");

        await shop.PatchAsync(new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "1" } } });
        var started = await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/dead-letters/replay", new { ids = new[] { letter.GetProperty("id").GetString() } }, HttpStatusCode.Accepted);
        var replay = await DoneAsync(shop, started);

        replay.GetProperty("sent").GetInt32().ShouldBe(1);
        (await LettersAsync(shop)).ShouldBeEmpty();
        shop.State.Conversions.ShouldHaveSingleItem().Goal.ShouldBe(1);
        shop.State.Actions.Count.ShouldBe(3, "only what failed is sent again");
    }

    [Fact]
    public async Task Replay_OfARange_SendsAgain_ButNoOrderTwice()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var visitor = Some.Visitor();
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-1);

        await shop.PagesAsync(visitor, ["/1", "/2"]);
        await shop.TrackAsync(visitor, "Product Added", new { sku = "HAT-7", name = "Straw hat", price = 19.5 });
        await shop.TrackAsync(visitor, "Order Completed", new { order_id = "R-1", revenue = 19.5 });
        await shop.SettledAsync(4);
        var dry = await DoneAsync(shop, await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/replay", new { from, dry_run = true }, HttpStatusCode.Accepted));
        shop.Paths.Count.ShouldBe(2);
        var replay = await DoneAsync(shop, await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/replay", new { from }, HttpStatusCode.Accepted));

        dry.GetProperty("matched").GetInt32().ShouldBe(4);
        replay.GetProperty("matched").GetInt32().ShouldBe(4);
        shop.Paths.ShouldBe(["/1", "/2", "/1", "/2"]);
        shop.State.Conversions.Where(c => c.Goal == 0).ShouldHaveSingleItem().Order.ShouldBe("R-1");
        await shop.TrackAsync(visitor, "Product Added", new { sku = "HAT-7", name = "Straw hat", price = 19.5 });
        await shop.SettledAsync(5);
        shop.State.Items.Where(i => i.Order == "0" && !i.Deleted).ShouldHaveSingleItem().Quantity.ShouldBe(1, "the replay left the visitor's cart alone");
    }

    [Fact]
    public async Task Replay_SurvivesAKill()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var paths = Enumerable.Range(0, 90).Select(n => $"/{n}").ToList();
        await shop.PagesAsync(Some.Visitor(), paths);
        await shop.SettledAsync(90);

        var started = await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/replay", new { from, rate = 20 }, HttpStatusCode.Accepted);
        await shop.RecordedAsync(100);
        await shop.Signal.KillAsync();
        var before = shop.Paths.Count;
        await shop.Signal.RestartAsync();
        var replay = await DoneAsync(shop, started);

        before.ShouldBeLessThan(180, "it was killed while it ran");
        replay.GetProperty("status").GetString().ShouldBe("done");
        replay.GetProperty("sent").GetInt32().ShouldBe(90, "counts are written with each settlement, so no kill loses or repeats any");
        shop.Paths.Skip(90).Distinct().ShouldBe(paths);
        shop.Paths.Count.ShouldBeLessThanOrEqualTo(180 + 20, "only what was under way comes again");
    }

    [Fact]
    public async Task Replay_Cancelled_EndsWhereItIs()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await shop.PagesAsync(Some.Visitor(), Enumerable.Range(0, 90).Select(n => $"/{n}"));
        await shop.SettledAsync(90);
        var counted = await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/replay", new { from, dry_run = true }, HttpStatusCode.Accepted);
        counted.GetProperty("matched").GetInt32().ShouldBe(90);

        var started = await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/replay", new { from, rate = 2 }, HttpStatusCode.Accepted);
        await shop.RecordedAsync(92);
        using var cancelled = await shop.Signal.Manage.DeleteAsync($"/v1/admin/integrations/{shop.IntegrationId}/replays/{started.GetProperty("id").GetString()}");
        cancelled.EnsureSuccessStatusCode();
        await shop.PageAsync(Some.Visitor(), "/live");

        await shop.SettledAsync(91);
        var replay = await shop.Signal.GetAdminAsync($"integrations/{shop.IntegrationId}/replays/{started.GetProperty("id").GetString()}");
        replay.GetProperty("status").GetString().ShouldBe("cancelled");
        replay.GetProperty("sent").GetInt32().ShouldBeInRange(2, 89);
        shop.Paths.ShouldContain("/live");
    }

    [Fact]
    public async Task DeadLetter_EditedAndReplayed_IsDelivered()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, integration: new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", source = "properties.goal" } } });

        await shop.TrackAsync(Some.Visitor(), "Signed Up", new { goal = 99 });
        await shop.SettledAsync(1);
        var letter = (await LettersAsync(shop)).ShouldHaveSingleItem();
        var edited = System.Text.Json.Nodes.JsonNode.Parse(letter.GetProperty("payload").GetRawText())!;
        edited["properties"]!["goal"] = 1;
        var started = await shop.Signal.PostAdminAsync(
            $"integrations/{shop.IntegrationId}/dead-letters/replay", new { ids = new[] { letter.GetProperty("id").GetString() }, @event = edited }, HttpStatusCode.Accepted);
        await DoneAsync(shop, started);

        (await LettersAsync(shop)).ShouldBeEmpty();
        shop.State.Conversions.ShouldHaveSingleItem().Goal.ShouldBe(1);
    }

    [Fact]
    public async Task DeadLetters_ReplayedBeforeTheMappingIsRight_StayDeadLetters()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, integration: new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "99" } } });

        await shop.TrackAsync(Some.Visitor(), "Signed Up");
        await shop.SettledAsync(1);
        var replay = await DoneAsync(shop, await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/dead-letters/replay", new { all = true }, HttpStatusCode.Accepted));

        replay.GetProperty("failed").GetInt32().ShouldBe(1);
        (await LettersAsync(shop)).ShouldHaveSingleItem();
        shop.State.Actions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Deleted_WithEventsWaiting_TheOthersGoOn()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        await using var second = await SandboxServer.StartAsync(SandboxOptions.Recorded);
        var made = await shop.Signal.CreateMatomoAsync(shop.SourceId, second.BaseAddress);
        second.Matomo.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };

        await shop.PagesAsync(Some.Visitor(), ["/1", "/2"]);
        await shop.RecordedAsync(2);
        using var gone = await shop.Signal.Manage.DeleteAsync($"/v1/admin/integrations/{made.GetProperty("id").GetString()}");
        await shop.PageAsync(Some.Visitor(), "/3");

        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await shop.RecordedAsync(3);
        second.Matomo.State().Actions.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<JsonElement>> LettersAsync(Shop shop) =>
        [.. (await shop.Signal.GetAdminAsync($"integrations/{shop.IntegrationId}/dead-letters")).GetProperty("data").EnumerateArray()];

    private static Task<JsonElement> DoneAsync(Shop shop, JsonElement started) => Eventually.Async(
        () => shop.Signal.GetAdminAsync($"integrations/{shop.IntegrationId}/replays/{started.GetProperty("id").GetString()}"),
        r => r.GetProperty("status").GetString() != "running",
        () => $"the replay to end; the program printed:\n{shop.Signal.Output}");
}
