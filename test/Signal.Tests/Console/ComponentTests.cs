using System.Text.Json;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Signal.Configure;
using Signal.Console.Data;
using Signal.Console.Parts;
using Signal.Destinations;
using Signal.Events;
using Signal.State;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>Components that decide something.</summary>
public class ComponentTests : BunitContext
{
    private static readonly Manifest Matomo = Catalog.Find("matomo")!.Manifest;

    public ComponentTests()
    {
        Services.AddLogging().AddLocalization();
        Services.AddScoped<Reader>();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton<IConfigurationFeed>(new FakeConfigurationFeed());
    }

    [Fact]
    public void Form_OfAManifest_HasAFieldForEachSetting()
    {
        var form = Render<IntegrationForm>(p => p.Add(f => f.Manifest, Matomo).Add(f => f.Draft, IntegrationDraft.New(Matomo, "src_1")));

        form.FindAll("[data-setting]").Select(f => f.GetAttribute("data-setting")).ShouldBe(Matomo.Settings.Select(s => s.Key), ignoreOrder: true);
        form.Find("#i-preset option[value=retail]").TextContent.ShouldContain("Retail preset");
        form.Find("#f-token_auth").GetAttribute("type").ShouldBe("password");
    }

    [Fact]
    public void Form_OfAStoredIntegration_KeepsTheSecretWithoutShowingIt()
    {
        var draft = IntegrationDraft.Of(Stored(), Matomo);
        var form = Render<IntegrationForm>(p => p.Add(f => f.Manifest, Matomo).Add(f => f.Draft, draft).Add(f => f.Fixed, true));

        form.Markup.ShouldNotContain("0123456789abcdef");
        var input = draft.ToInput(Matomo, [], null);
        input.Config["token_auth"].GetString().ShouldBe("***");
        input.Config["site_id"].GetInt32().ShouldBe(7);
    }

    [Fact]
    public void Form_WithErrorsOfTheRules_ShowsEachAtItsField()
    {
        var form = Render<IntegrationForm>(p => p.Add(f => f.Manifest, Matomo).Add(f => f.Draft, IntegrationDraft.New(Matomo, "src_1"))
            .Add(f => f.Errors, [new FieldError("config.site_id", "required", "A site is needed."), new FieldError("name", "required", "A name is needed.")]));

        form.Find("[data-setting=site_id] .error").TextContent.ShouldBe("A site is needed.");
        form.FindAll(".error").Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("matomo_url", "analytics.example.com", "https://")]
    [InlineData("site_id", "one", "whole number")]
    [InlineData("site_id", "0", "1 or more")]
    [InlineData("token_auth", "abc", "32 characters")]
    [InlineData("matomo_url", "", "is needed")]
    public void Field_LeftWithAWrongValue_SaysWhatIsWrong(string key, string typed, string said)
    {
        var field = Render<SettingField>(p => p.Add(f => f.Setting, Matomo.Settings.Single(s => s.Key == key)));
        field.Find("input").Input(typed);
        field.FindAll(".error").ShouldBeEmpty();

        field.Find("input").TriggerEvent("onblur", new FocusEventArgs());

        field.Find(".error").TextContent.ShouldContain(said);
        field.Find("input").GetAttribute("aria-invalid").ShouldBe("true");
    }

    [Fact]
    public void Way_OfADeliveredEvent_GoesFromReceivedToOutcome()
    {
        var way = Render<EventWay>(p => p.Add(w => w.Trail, Trail(DeliveryOutcome.Delivered, 200, "action_name=Home&_id=a1b2c3d4e5f60718&token_auth=***", null)).Add(w => w.Manifest, Matomo));

        way.FindAll("[data-step]").Select(s => s.GetAttribute("data-step")).ShouldBe(["received", "governed", "mapped", "sent", "answer", "outcome"]);
        way.Find("[data-step=governed]").TextContent.ShouldContain("analytics granted");
        way.Find("[data-step=mapped] tbody tr").TextContent.ShouldBe("action_nameHomepreset: page");
    }

    [Fact]
    public void Way_OfADroppedEvent_SaysWhyAndSendsNothing()
    {
        var way = Render<EventWay>(p => p.Add(w => w.Trail, Trail(DeliveryOutcome.Dropped, null, null, Reasons.ConsentWithdrawn)));

        way.FindAll("[data-step]").Select(s => s.GetAttribute("data-step")).ShouldBe(["received", "governed", "outcome"]);
        way.Find("[data-step=outcome]").TextContent.ShouldContain("The visitor withdrew consent");
    }

    [Fact]
    public void Way_OfAnEventTheLogHasForgotten_StillShowsWhatBecameOfIt()
    {
        var trail = Trail(DeliveryOutcome.DeadLetter, 400, "e_a=x", Reasons.RefusedByDestination) with { Event = null };

        var way = Render<EventWay>(p => p.Add(w => w.Trail, trail));

        way.Find("[data-step=received]").TextContent.ShouldContain("does not hold this event any more");
        way.Find("[data-step=answer]").TextContent.ShouldContain("refused the request");
    }

    [Fact]
    public void Changes_BetweenRequests_NameWhatIsNewGoneAndChanged()
    {
        var diff = FieldDiff.Of(
            new Dictionary<string, string> { ["url"] = "a", ["same"] = "s", ["gone"] = "g" },
            new Dictionary<string, string> { ["url"] = "b", ["same"] = "s", ["idgoal"] = "3" });

        diff.ShouldBe([new("url", "a", "b"), new("same", "s", "s"), new("idgoal", null, "3"), new("gone", "g", null)]);
        diff.Select(d => d.Change).ShouldBe(["changed", null, "added", "removed"]);
    }

    [Fact]
    public void ChangeList_WithMarkupInAValue_ShowsItAsText()
    {
        var list = Render<ChangeList>(p => p.Add(c => c.Changes, new Dictionary<string, AuditChange>
        {
            ["name"] = new(JsonSerializer.SerializeToElement("Shop"), JsonSerializer.SerializeToElement("<b>Shop</b>")),
        }));

        list.Find("del").TextContent.ShouldBe("Shop");
        list.Find("ins").TextContent.ShouldBe("<b>Shop</b>");
        list.FindAll("ins b").ShouldBeEmpty();
    }

    [Fact]
    public void ChangeList_OfMappings_MarksOnlyTheRowThatChanged()
    {
        var list = Render<ChangeList>(p => p.Add(c => c.Changes, new Dictionary<string, AuditChange>
        {
            ["mappings"] = new(
                Json("""[{"event":"*","target":"dimension1","source":"traits.plan","value":null}]"""),
                Json("""[{"event":"*","target":"dimension1","source":"traits.plan"},{"event":"Signed Up","target":"idgoal","value":"3"}]""")),
        }));

        list.FindAll("del").ShouldBeEmpty();
        list.FindAll("ins").Select(i => i.TextContent).ShouldBe(["Signed Up: idgoal = 3"]);
    }

    [Fact]
    public void MappingRow_ThroughTheEditor_StaysWhatItWas()
    {
        var row = new FieldMapping
        {
            Event = "Signed Up",
            Target = "idgoal",
            Source = "properties.plan",
            Default = JsonSerializer.SerializeToElement("1"),
            Transform = "trim",
            ValueMap = new Dictionary<string, string> { ["gold"] = "3" },
            When = new MappingCondition("properties.value", "gt", JsonSerializer.SerializeToElement("10")),
        };

        JsonSerializer.Serialize(MappingDraft.Of(row).ToMapping()).ShouldBe(JsonSerializer.Serialize(row));
    }

    [Fact]
    public void Paths_OfEvents_AreOfferedWithAnExample()
    {
        using var body = JsonDocument.Parse("""{"properties":{"products":[{"sku":"A"}],"value":3},"context":{"page":{"url":"https://x"}}}""");

        EventPaths.Of([body.RootElement]).ShouldBe([("context.page.url", "https://x"), ("properties.products.0.sku", "A"), ("properties.value", "3")]);
    }

    [Theory]
    [InlineData("idsite=1&action_name=Home", "curl -X POST 'https://analytics.example.com/matomo.php' --data 'idsite=1&action_name=Home'")]
    [InlineData("action_name='; rm -rf / #", @"curl -X POST 'https://analytics.example.com/matomo.php' --data 'action_name='\''; rm -rf / #'")]
    [InlineData("idsite=1&token_auth=***", "curl -X POST 'https://analytics.example.com/matomo.php' --data 'idsite=1&token_auth=***'")]
    [InlineData("idsite=1&rec=1\nidsite=1&idgoal=2", "curl -X POST 'https://analytics.example.com/matomo.php' --data 'idsite=1&rec=1'")]
    public void Curl_OfWhatWasSent_IsOneCommandWhateverVisitorsSent(string request, string command) =>
        Curl.Of(Trail(DeliveryOutcome.Delivered, 204, request, null)).ShouldBe(command);

    [Fact]
    public void Curl_OfWhatWasNeverSent_IsNone() => Curl.Of(Trail(DeliveryOutcome.Dropped, null, null, Reasons.Bot)).ShouldBeNull();

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static EventTrail Trail(DeliveryOutcome outcome, int? status, string? request, string? reason)
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var received = new Event
        {
            Id = "evt_1",
            SourceId = "src_1",
            Type = EventType.Page,
            Name = "Home",
            MessageId = "m-1",
            AnonymousId = "visitor-a",
            Time = at,
            ReceivedAt = at,
            Request = new RequestFacts("203.0.113.50", "Firefox", "de", false, false, false),
            Consent = new Dictionary<string, bool> { ["analytics"] = true },
            Body = JsonSerializer.SerializeToElement(new { type = "page" }),
        };
        var delivery = new DeliveryRecord
        {
            IntegrationId = "int_1",
            EventId = "evt_1",
            MessageId = "m-1",
            Type = "page",
            Event = "Home",
            AnonymousId = "visitor-a",
            ReceivedAt = at,
            Outcome = outcome,
            Reason = reason,
            StatusCode = status,
            Attempts = status is null ? 0 : 1,
            LatencyMs = 12,
            Revision = 1,
            Request = request,
        };
        return new EventTrail(received, delivery, EventTrails.Fields(request), new Dictionary<string, string> { ["action_name"] = "preset: page" }, "https://analytics.example.com/matomo.php");
    }

    [Fact]
    public void SourceChoice_OfMoreThanAPersonLooksThrough_CompletesWhatIsTyped()
    {
        var many = Enumerable.Range(1, 1000).Select(i => Some.Source with { Id = $"src_{i}", PipelineKey = $"dk_live_{i}", Name = $"Shop {i}", Domain = $"s{i}.example.com" });
        Services.AddSingleton<IConfigurationFeed>(new FakeConfigurationFeed(many));
        string? chosen = null;
        var choice = Render<SourceChoice>(p => p.Add(c => c.Id, "f").Add(c => c.ValueChanged, id => chosen = id));

        choice.Find("input").Input("s777.example");

        choice.FindAll("option").ShouldHaveSingleItem().GetAttribute("value").ShouldBe("src_777");
        choice.Find("input").Change("src_777");
        chosen.ShouldBe("src_777");
        choice.Find("input").Change("shop 12");
        chosen.ShouldBe("src_12");
        choice.Find("input").Change("Shop");
        chosen.ShouldBe("Shop", "no source is guessed");
    }

    private static Integration Stored() => new()
    {
        Id = "int_1",
        SourceId = "src_1",
        Vendor = "matomo",
        Name = "Matomo",
        Config = new Dictionary<string, JsonElement> { ["matomo_url"] = JsonSerializer.SerializeToElement("https://analytics.example.com"), ["site_id"] = JsonSerializer.SerializeToElement(7) },
        Secrets = new Dictionary<string, string> { ["token_auth"] = "0123456789abcdef0123456789abcdef" },
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };
}
