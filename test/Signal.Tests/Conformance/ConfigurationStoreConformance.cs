using System.Text.Json;
using Shouldly;
using Signal.Configure;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IConfigurationStore"/> must do.</summary>
public abstract class ConfigurationStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private IConfigurationStore Store => Stores.Configuration;

    [Fact]
    public async Task Load_Nothing_IsEmpty()
    {
        var snapshot = await Store.LoadAsync(Stop);
        snapshot.Sources.ShouldBeEmpty();
        snapshot.Integrations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_EveryField_ComesBack()
    {
        (await Store.SaveAsync(FullSource, Audit(1), Stop)).ShouldBeTrue();
        (await Store.SaveAsync(FullIntegration, "first", Audit(2, "integration.created"), Stop)).ShouldBeTrue();
        Reopen();
        var snapshot = await Store.LoadAsync(Stop);
        Json(snapshot.Sources["src_1"]).ShouldBe(Json(FullSource));
        Json(snapshot.Integrations["int_1"]).ShouldBe(Json(FullIntegration));
        snapshot.SourceOfKey("dk_live_old", Noon)!.Id.ShouldBe("src_1");
    }

    [Fact]
    public async Task Save_EveryWrite_GrowsTheVersion()
    {
        var versions = new List<long> { (await Store.LoadAsync(Stop)).Version };
        await Store.SaveAsync(FullSource, Audit(1), Stop);
        versions.Add((await Store.LoadAsync(Stop)).Version);
        await Store.SaveAsync(FullIntegration, null, Audit(2), Stop);
        versions.Add((await Store.LoadAsync(Stop)).Version);
        await Store.DeleteIntegrationAsync("int_1", [Audit(3)], Stop);
        versions.Add((await Store.LoadAsync(Stop)).Version);
        versions.ShouldBeInOrder();
        versions.ShouldBeUnique();
    }

    [Fact]
    public async Task SaveSource_WrongRevision_IsRefusedWithoutATrace()
    {
        await Store.SaveAsync(FullSource, Audit(1), Stop);
        var version = (await Store.LoadAsync(Stop)).Version;
        foreach (var revision in new[] { 1, 3, 7 })
            (await Store.SaveAsync(FullSource with { Revision = revision, Name = "other" }, Audit(2), Stop)).ShouldBeFalse();
        (await Store.SaveAsync(FullSource with { Id = "src_gone", Revision = 2 }, Audit(3), Stop)).ShouldBeFalse();

        (await Store.LoadAsync(Stop)).Version.ShouldBe(version);
        (await Stores.Audit.ListAsync(new AuditFilter(), Stop)).Count.ShouldBe(1);
        (await Store.SaveAsync(FullSource with { Revision = 2, Name = "other" }, Audit(4), Stop)).ShouldBeTrue();
        (await Store.LoadAsync(Stop)).Sources["src_1"].Name.ShouldBe("other");
    }

    [Fact]
    public async Task SaveIntegration_TwoAtOnce_ExactlyOneWins()
    {
        await Store.SaveAsync(FullSource, Audit(1), Stop);
        await Store.SaveAsync(FullIntegration, null, Audit(2), Stop);
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            Store.SaveAsync(FullIntegration with { Revision = 2, Name = $"n{i}" }, null, Audit(10 + i), Stop))));
        won.Count(w => w).ShouldBe(1);
        (await Store.RevisionsAsync("int_1", null, 10, Stop)).Count.ShouldBe(2);
        (await Stores.Audit.ListAsync(new AuditFilter(), Stop)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task SaveIntegration_NoSuchSource_IsRefused() =>
        (await Store.SaveAsync(FullIntegration, null, Audit(1), Stop)).ShouldBeFalse();

    [Fact]
    public async Task Revisions_AreAllKeptNewestFirst()
    {
        await Store.SaveAsync(FullSource, Audit(1), Stop);
        for (var r = 1; r <= 5; r++)
            await Store.SaveAsync(FullIntegration with { Revision = r, Name = $"n{r}" }, r == 1 ? null : $"note {r}", Audit(10 + r, actor: "bob@example.com"), Stop);

        var page = await Store.RevisionsAsync("int_1", null, 2, Stop);
        page.Select(r => r.Integration.Revision).ShouldBe([5, 4]);
        page[0].Note.ShouldBe("note 5");
        page[0].CreatedBy.ShouldBe("bob@example.com");
        page[0].CreatedAt.ShouldBe(Audit(15).At);
        page[0].Integration.Secrets["token_auth"].ShouldBe("0123456789abcdef");
        (await Store.RevisionsAsync("int_1", 4, 10, Stop)).Select(r => r.Integration.Name).ShouldBe(["n3", "n2", "n1"]);
    }

    [Fact]
    public async Task DeleteSource_TakesAllThatBelongsToIt()
    {
        await Store.SaveAsync(FullSource, Audit(1), Stop);
        await Store.SaveAsync(FullSource with { Id = "src_2", PipelineKey = "dk_live_2", RetiredKeys = [] }, Audit(2), Stop);
        await Store.SaveAsync(FullIntegration, null, Audit(3), Stop);
        await Store.SaveAsync(FullIntegration with { Id = "int_2", SourceId = "src_2" }, null, Audit(4), Stop);
        foreach (var id in new[] { "int_1", "int_2" })
        {
            await Stores.Deliveries.SettleAsync(
                DeliveryStoreConformance.Settlement(null, new Cursor(9, 0, [])) with
                {
                    IntegrationId = id,
                    Lane = id,
                    Records = [.. Enumerable.Range(0, 1200).Select(i => DeliveryStoreConformance.Record($"evt_{i}") with { IntegrationId = id })],
                    Visitors = [new("ada", "user", "{}", Noon)],
                    Orders = [new("o1", "evt_1", "ada", Noon)],
                },
                Stop);
            await Stores.Deliveries.SetHealthAsync(id, new IntegrationHealth("active", Noon, null, null), Stop);
        }

        await Stores.Consents.SetAsync("src_1", "ada", new Dictionary<string, bool> { ["analytics"] = false }, Noon, null, Stop);

        (await Store.DeleteSourceAsync("src_1", [Audit(5, "source.deleted")], Stop)).ShouldBeTrue();
        (await Store.DeleteSourceAsync("src_1", [Audit(6, "source.deleted")], Stop)).ShouldBeFalse();

        (await Store.LoadAsync(Stop)).Integrations.Keys.ShouldBe(["int_2"]);
        (await Stores.Deliveries.CursorAsync("int_1", 3, Stop)).ShouldBeNull();
        (await Stores.Deliveries.RecordsAsync(new RecordFilter("int_1"), Stop)).ShouldBeEmpty();
        (await Stores.Deliveries.VisitorsAsync("int_1", ["ada"], Stop)).ShouldBeEmpty();
        (await Stores.Deliveries.OrdersAsync("int_1", ["o1"], Stop)).ShouldBeEmpty();
        (await Stores.Deliveries.HealthAsync(Stop)).Keys.ShouldBe(["int_2"]);
        (await Stores.Consents.GetAsync("src_1", "ada", Stop)).ShouldBeEmpty();
        (await Store.RevisionsAsync("int_1", null, 10, Stop)).ShouldBeEmpty();

        (await Stores.Deliveries.RecordsAsync(new RecordFilter("int_2", Limit: 5000), Stop)).Count.ShouldBe(1200);
        (await Stores.Deliveries.CursorAsync("int_2", 3, Stop)).ShouldNotBeNull();
        (await Store.RevisionsAsync("int_2", null, 10, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task DeleteIntegration_WithARunningLane_StopsTheLane()
    {
        await Store.SaveAsync(FullSource, Audit(1), Stop);
        await Store.SaveAsync(FullIntegration, null, Audit(2), Stop);
        await Stores.Deliveries.SettleAsync(DeliveryStoreConformance.Settlement(null, new Cursor(9, 0, [])), Stop);
        (await Store.DeleteIntegrationAsync("int_1", [Audit(3)], Stop)).ShouldBeTrue();
        (await Stores.Deliveries.SettleAsync(DeliveryStoreConformance.Settlement(new Cursor(9, 0, []), new Cursor(10, 0, [])), Stop)).ShouldBeFalse();
        (await Store.DeleteIntegrationAsync("int_1", [Audit(4)], Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task Delete_TakesTheAlertRulesForIt_AndTellsAllOfIt()
    {
        await Store.SaveAsync(FullSource, Audit(1), Stop);
        await Store.SaveAsync(FullIntegration, null, Audit(2), Stop);
        await Stores.Alerts.SaveAsync(Rule("rule_1", "src_1", AlertKind.Silence), Audit(3), Stop);
        await Stores.Alerts.SaveAsync(Rule("rule_2", "int_1", AlertKind.DeadLetters), Audit(4), Stop);
        await Stores.Alerts.SaveAsync(Rule("rule_disk", null, AlertKind.Disk) with { Revision = 2 }, Audit(5), Stop);
        (await Stores.Alerts.SaveAsync(Rule("rule_3", "int_9", AlertKind.DeadLetters), Audit(6), Stop)).ShouldBeFalse("there is no int_9");

        (await Store.DeleteSourceAsync("src_1", [Audit(7), Audit(8), Audit(9)], Stop)).ShouldBeTrue();
        Reopen();

        (await Stores.Alerts.RulesAsync(Stop)).ShouldHaveSingleItem().Id.ShouldBe("rule_disk");
        (await Stores.Audit.ListAsync(new AuditFilter(), Stop)).Select(e => e.Id).Take(3).ShouldBe(["log_000009", "log_000008", "log_000007"]);

        static AlertRule Rule(string id, string? scope, AlertKind kind) => new() { Id = id, Kind = kind, Scope = scope };
    }

    internal static Source FullSource => new()
    {
        Id = "src_1",
        Name = "Shop",
        Domain = "shop.example.com",
        PipelineKey = "dk_live_1",
        RetiredKeys = [new RetiredKey("dk_live_old", Noon.AddDays(1))],
        Secret = "sk_very_secret",
        Enabled = true,
        Consent = new ConsentPolicy { Mode = ConsentMode.OptIn, Dnt = DntPolicy.Deny, Gpc = GpcPolicy.Ignore, Categories = new Dictionary<string, string> { ["C0002"] = "analytics" } },
        AllowedOrigins = ["https://a.example"],
        RateLimit = 77,
        FilterBots = false,
        Cookie = new CookieSettings { Name = "_x", Domain = ".example.com", MaxAge = 5, Enabled = false },
        Sdk = new SdkSettings { ScriptPath = "/js/a.js", CollectPrefix = "/c", Options = JsonSerializer.SerializeToElement(new { spa = true }) },
        CreatedAt = Noon,
        UpdatedAt = Noon.AddMinutes(1),
    };

    internal static Integration FullIntegration => new()
    {
        Id = "int_1",
        SourceId = "src_1",
        Vendor = "matomo",
        Name = "Matomo",
        Enabled = false,
        Config = new Dictionary<string, JsonElement> { ["site_id"] = JsonSerializer.SerializeToElement(3), ["matomo_url"] = JsonSerializer.SerializeToElement("https://m.example") },
        Secrets = new Dictionary<string, string> { ["token_auth"] = "0123456789abcdef" },
        ConsentCategories = ["analytics", "marketing"],
        Preset = "retail",
        Mappings =
        [
            new FieldMapping
            {
                Event = "*",
                Target = "dimension1",
                Source = "traits.plan",
                Default = JsonSerializer.SerializeToElement("none"),
                Transform = "lowercase",
                ValueMap = new Dictionary<string, string> { ["a"] = "b" },
                When = new MappingCondition("properties.value", "gt", JsonSerializer.SerializeToElement(10)),
                Expression = "value + 1",
            },
        ],
        CreatedAt = Noon,
        UpdatedAt = Noon.AddMinutes(2),
    };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
