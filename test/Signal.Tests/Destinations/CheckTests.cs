using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Signal.Configure;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using Xunit;

namespace Signal.Tests.Destinations;

public class CheckTests
{
    private static readonly MatomoDestination Matomo = new();
    private static readonly TimeSpan Oldest = TimeSpan.FromDays((20 * 365) - 1);

    [Fact]
    public void Check_TheSeedsConfiguration_IsRight()
    {
        var result = Matomo.Check(EncodeCase.Integration());

        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Check_ManyMistakes_ReportsAllAtOnce()
    {
        var integration = EncodeCase.Integration(
            new JsonObject { ["matomo_url"] = "analytics", ["site_id"] = "0", ["request_mode"] = "bulky", ["max_parallel"] = 1000, ["sit_id"] = 1 },
            preset: "retial",
            mappings: [new() { Event = "", Target = "dimension0", Source = "properties.a" }]) with
        {
            Secrets = new Dictionary<string, string> { ["token_auth"] = "abc" },
        };

        var errors = Matomo.Check(integration).Errors;

        errors.Select(e => e.Field).ShouldBe(
            ["config.matomo_url", "config.site_id", "config.request_mode", "config.max_parallel", "config.sit_id", "config.token_auth", "preset", "mappings[0].event", "mappings[0].target"],
            ignoreOrder: true);
        errors.ShouldAllBe(e => e.Message.Length > 20 && e.Rule.Length > 0);
        errors.Single(e => e.Field == "config.sit_id").Message.ShouldContain("site_id");
        errors.Single(e => e.Field == "preset").Message.ShouldContain("Did you mean \"retail\"");
    }

    [Fact]
    public void Check_NothingGiven_AsksForEveryRequiredSetting()
    {
        var integration = EncodeCase.Integration() with { Config = new Dictionary<string, JsonElement>(), Secrets = new Dictionary<string, string>() };

        Matomo.Check(integration).Errors.Select(e => (e.Field, e.Rule))
            .ShouldBe([("config.matomo_url", "required"), ("config.site_id", "required"), ("config.token_auth", "required")], ignoreOrder: true);
    }

    [Theory]
    [InlineData("https://a.example.com/", "https://a.example.com")]
    [InlineData(" https://a.example.com/matomo/matomo.php ", "https://a.example.com/matomo")]
    [InlineData("http://localhost:8085/index.php", "http://localhost:8085")]
    public void Check_Address_IsNormalised(string given, string normal)
    {
        var result = Matomo.Check(EncodeCase.Integration(new JsonObject { ["matomo_url"] = given }));

        result.Errors.ShouldBeEmpty();
        result.Integration.Config["matomo_url"].GetString().ShouldBe(normal);
    }

    [Theory]
    [InlineData("ftp://a.example.com")]
    [InlineData("https://user:pw@a.example.com")]
    [InlineData("https://a.example.com/?x=1")]
    [InlineData("https://")]
    public void Check_AddressThatIsNone_IsRefused(string given) =>
        Matomo.Check(EncodeCase.Integration(new JsonObject { ["matomo_url"] = given })).Errors.ShouldHaveSingleItem().Field.ShouldBe("config.matomo_url");

    [Theory]
    [InlineData("dimension1", null)]
    [InlineData("dimension999", null)]
    [InlineData("idgoal", null)]
    [InlineData("dimension1000", "no custom dimension")]
    [InlineData("dimensionN", "no custom dimension")]
    [InlineData("dimention1", "Did you mean")]
    [InlineData("e_name", "no tracking field")]
    [InlineData("actionname", "Did you mean \"action_name\"")]
    [InlineData("token_auth", "can't be mapped")]
    [InlineData("idsite", "can't be mapped")]
    [InlineData("ca", "no tracking field")]
    [InlineData("send_image", "no tracking field")]
    public void Check_Target_IsOneOfTheVocabulary(string target, string? problem)
    {
        var errors = Matomo.Check(WithRow(new() { Event = "*", Target = target, Source = "properties.a" })).Errors;

        if (problem is null) errors.ShouldBeEmpty();
        else errors.ShouldHaveSingleItem().Message.ShouldContain(problem);
    }

    [Theory]
    [InlineData("source", """{"Event":"*","Target":"e_n"}""")]
    [InlineData("transform", """{"Event":"*","Target":"e_n","Source":"a","Transform":"lowercse"}""")]
    [InlineData("transform", """{"Event":"*","Target":"e_n","Source":"a","Transform":"cut"}""")]
    [InlineData("when", """{"Event":"*","Target":"e_n","Source":"a","When":{"Path":"a","Op":"greater","Value":1}}""")]
    [InlineData("when", """{"Event":"*","Target":"e_n","Source":"a","When":{"Path":"a","Op":"matches","Value":"("}}""")]
    [InlineData("expression", """{"Event":"*","Target":"e_n","Expression":"event.properties.("}""")]
    [InlineData("value", """{"Event":"*","Target":"idgoal","Value":"three"}""")]
    [InlineData("value", """{"Event":"*","Target":"lat","Value":"north"}""")]
    [InlineData("source", """{"Event":"*","Target":"e_n","Source":"a..b"}""")]
    [InlineData("default", """{"Event":"*","Target":"idgoal","Source":"properties.goal","Default":"three"}""")]
    [InlineData("value_map.gold", """{"Event":"*","Target":"idgoal","Source":"traits.plan","ValueMap":{"silver":"1","gold":"second"}}""")]
    [InlineData("value", """{"Event":"Tick","Target":"ping","Value":"yes"}""")]
    [InlineData("default", """{"Event":"Tick","Target":"bots","Source":"properties.bot","Default":"on"}""")]
    [InlineData("value", """{"Event":"*","Target":"cvar","Value":"size: M"}""")]
    [InlineData("value", """{"Event":"*","Target":"cvar","Value":{"21":["size","M"]}}""")]
    [InlineData("value", """{"Event":"*","Target":"e_n","Value":{"1":["size","M"]}}""")]
    public void Check_RowWithAMistake_NamesThePart(string part, string row) =>
        Matomo.Check(WithRow(JsonSerializer.Deserialize<FieldMapping>(row)!)).Errors.ShouldHaveSingleItem().Field.ShouldBe($"mappings[0].{part}");

    [Theory]
    [InlineData("""{"Event":"Tick","Target":"ping","Value":true}""")]
    [InlineData("""{"Event":"*","Target":"new_visit","Source":"properties.fresh","ValueMap":{"yes":"1","no":"0"},"Default":false}""")]
    [InlineData("""{"Event":"*","Target":"cvar","Value":{"1":["size","M"]}}""")]
    [InlineData("""{"Event":"*","Target":"cvar","Value":"{\"1\":[\"size\",\"M\"]}"}""")]
    [InlineData("""{"Event":"*","Target":"_pkc","Value":["Shoes","Red"]}""")]
    [InlineData("""{"Event":"*","Target":"ec_items","Value":[["S-1","Shoe","Shoes",10,1]]}""")]
    [InlineData("""{"Event":"*","Target":"idgoal","Value":"gold","ValueMap":{"gold":"2"}}""")]
    [InlineData("""{"Event":"*","Target":"urlref","Value":""}""")]
    public void Check_RowThatIsRight_IsTaken(string row) =>
        Matomo.Check(WithRow(JsonSerializer.Deserialize<FieldMapping>(row)!)).Errors.ShouldBeEmpty();

    [Fact]
    public void Check_ASwitchWithAnotherValue_SaysWhatToWriteAndStopsNothingStored()
    {
        var error = Matomo.Check(WithRow(new FieldMapping { Event = "Tick", Target = "ping", Value = JsonSerializer.SerializeToElement("yes") })).Errors.ShouldHaveSingleItem();

        error.Rule.ShouldBe("format");
        error.Message.ShouldContain("Write 1 or true to set it, 0 or false to leave it out.");
        error.StopsDelivery.ShouldBeFalse("a row that was stored before is left out with a warning, as ever");
        TargetRevision.Of(WithRow(new FieldMapping { Event = "Tick", Target = "ping", Value = JsonSerializer.SerializeToElement("yes") }), _ => Matomo).Encoder.ShouldNotBeNull();
    }

    [Fact]
    public void Manifest_EverySetting_IsExplained()
    {
        var manifest = Matomo.Manifest;

        manifest.Settings.ShouldAllBe(s => s.Help.Length > 40 && s.Label.Length > 0);
        manifest.Vocabulary.Select(t => t.Name).ShouldBeUnique();
        manifest.Vocabulary.ShouldAllBe(t => t.Meaning.Length > 10);
        manifest.Presets.ShouldHaveSingleItem().Rows.Count.ShouldBeGreaterThan(15);
        Catalog.Find("matomo").ShouldNotBeNull().Manifest.Vendor.ShouldBe("matomo");
    }

    [Fact]
    public void Limits_OfEachMode_FollowTheSettings()
    {
        Limits(new JsonObject()).ShouldBe(new RequestLimits(RequestForm.Single, RequestForm.Bulk, 200, 4, null, Oldest));
        Limits(new JsonObject { ["request_mode"] = "single" }).ShouldBe(new RequestLimits(RequestForm.Single, RequestForm.Single, 1, 4, null, Oldest));
        Limits(new JsonObject { ["request_mode"] = "bulk", ["bulk_size"] = 50, ["max_parallel"] = "2", ["rate_limit"] = 12.5, ["raw_data_days"] = 180 })
            .ShouldBe(new RequestLimits(RequestForm.Bulk, RequestForm.Bulk, 50, 2, 12.5, TimeSpan.FromDays(180)) { Remembers = TimeSpan.FromDays(180) });
    }

    private static RequestLimits Limits(JsonObject config)
    {
        var result = Matomo.Check(EncodeCase.Integration(config));
        result.Errors.ShouldBeEmpty();
        return Matomo.Compile(result.Integration).Limits;
    }

    private static Integration WithRow(FieldMapping row) => EncodeCase.Integration(mappings: [row]);
}
