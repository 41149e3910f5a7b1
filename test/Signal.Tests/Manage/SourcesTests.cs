using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class SourcesTests : ManageTest
{
    [Fact]
    public async Task Create_NameAndDomain_AnswersKeyAndSecretOnce()
    {
        var answer = await Admin.PostAsJsonAsync("/v1/admin/sources", new { name = "Shop", domain = "Shop.Example.com" });
        var made = await answer.JsonAsync(HttpStatusCode.Created);

        made.Text("id").ShouldStartWith("src_");
        made.Text("pipeline_key").ShouldStartWith("dk_live_");
        made.Text("secret").ShouldStartWith("sk_");
        made.Text("domain").ShouldBe("shop.example.com");
        made.Text("enabled").ShouldBe("True");
        made.GetProperty("consent").Text("mode").ShouldBe("opt_out");
        made.Text("rate_limit").ShouldBe("1000");
        var read = await (await Admin.GetAsync(answer.Headers.Location)).JsonAsync();
        read.Text("secret").ShouldBe("***");
        read.Text("pipeline_key").ShouldBe(made.Text("pipeline_key"));
        Host.Audit.Entries[0].Changes.Values.ShouldNotContain(c => c.New!.Value.ToString().StartsWith("sk_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_EverythingWrong_NamesEachField()
    {
        var answer = await Admin.PostAsync("/v1/admin/sources", Some.Json("""
            {"name":"Shop","domain":"https://shop.example.com/","allowed_origins":["shop.example.org","*","https://ok.example.org:8443"],
             "consent":{"mode":"opt_in","categories":{"C0002":"statistics"}},
             "cookie":{"name":"a b","max_age":1},"sdk":{"script_path":"/v1/x.js","collect_prefix":"c"}}
            """));

        (await answer.FieldsAsync()).ShouldBe(
            ["domain format", "allowed_origins[0] format", "consent.categories.C0002 one_of", "cookie.name format", "cookie.max_age range", "sdk.script_path reserved", "sdk.collect_prefix format"],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Create_WrongTypes_NamesEachField()
    {
        var answer = await Admin.PostAsync("/v1/admin/sources", Some.Json("""{"name":"","domain":null,"rate_limit":0,"consent":{"mode":"opt-out"},"alowed_origins":[],"filter_bots":1,"id":"shop"}"""));

        (await answer.FieldsAsync()).ShouldBe(
            ["name length", "domain required", "rate_limit range", "consent.mode one_of", "alowed_origins unknown", "filter_bots type", "id format"], ignoreOrder: true);
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("opt_out, opt_in");
        text.ShouldContain("Did you mean allowed_origins?");
    }

    [Fact]
    public async Task Create_IdTaken_Answers409()
    {
        await Host.SourceAsync();

        (await (await Admin.PostAsJsonAsync("/v1/admin/sources", new { id = "src_abc123", name = "Shop", domain = "shop.example.com" })).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("ALREADY_EXISTS");
    }

    [Fact]
    public async Task Create_ScriptPathOfAnother_IsRefused()
    {
        await Admin.PostAsync("/v1/admin/sources", Some.Json("""{"name":"A","domain":"a.example.com","sdk":{"script_path":"/js/a.js"}}"""));

        var answer = await Admin.PostAsync("/v1/admin/sources", Some.Json("""{"name":"B","domain":"b.example.com","sdk":{"script_path":"/js/a.js"}}"""));

        (await answer.FieldsAsync()).ShouldBe(["sdk.script_path taken"]);
    }

    [Fact]
    public async Task Patch_NestedField_LeavesItsNeighbours()
    {
        var made = await Host.SourceAsync();

        var patched = await (await Admin.PatchAsync($"/v1/admin/sources/{made.Text("id")}", Some.Json("""{"consent":{"dnt":"deny"},"enabled":false}"""))).JsonAsync();

        patched.GetProperty("consent").Text("dnt").ShouldBe("deny");
        patched.GetProperty("consent").Text("gpc").ShouldBe("deny_marketing");
        patched.Text("name").ShouldBe("Shop");
        patched.Text("revision").ShouldBe("2");
        Host.Audit.Entries[0].Action.ShouldBe("source.updated");
        Host.Audit.Entries[0].Changes.Keys.Order().ShouldBe(["consent.dnt", "enabled"]);
        Host.Audit.Entries[0].Ip.ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task RotateKey_OldKeyWorksForTheGracePeriod()
    {
        var made = await Host.SourceAsync();

        var rotated = await (await Admin.PostAsync("/v1/admin/sources/src_abc123/rotate-key", Some.Json("""{"grace_seconds":60}"""))).JsonAsync();

        rotated.Text("pipeline_key").ShouldNotBe(made.Text("pipeline_key"));
        rotated.Text("secret").ShouldBe("***");
        var snapshot = await Host.Store.LoadAsync(default);
        snapshot.SourceOfKey(made.Text("pipeline_key"), Host.Time.GetUtcNow().AddSeconds(59)).ShouldNotBeNull();
        snapshot.SourceOfKey(made.Text("pipeline_key"), Host.Time.GetUtcNow().AddSeconds(61)).ShouldBeNull();
        snapshot.SourceOfKey(rotated.Text("pipeline_key"), Host.Time.GetUtcNow()).ShouldNotBeNull();
    }

    [Fact]
    public async Task RotateKey_WithoutBody_UsesADay()
    {
        await Host.SourceAsync();

        var rotated = await (await Admin.PostAsync("/v1/admin/sources/src_abc123/rotate-key", null)).JsonAsync();

        rotated.GetProperty("retired_keys")[0].Text("until").ShouldBe("2026-03-02T12:00:00.000Z");
    }

    [Fact]
    public async Task RotateKey_Secret_IsShownOnceAndMaskedInTheAudit()
    {
        var made = await Host.SourceAsync();

        var rotated = await (await Admin.PostAsync("/v1/admin/sources/src_abc123/rotate-key", Some.Json("""{"rotate":"secret"}"""))).JsonAsync();

        rotated.Text("secret").ShouldStartWith("sk_");
        rotated.Text("secret").ShouldNotBe(made.Text("secret"));
        rotated.Text("pipeline_key").ShouldBe(made.Text("pipeline_key"));
        Host.Audit.Entries[0].Changes["secret"].New!.Value.GetString().ShouldBe("***");
    }

    [Fact]
    public async Task Delete_TakesItsIntegrationsAlong()
    {
        await Host.IntegrationAsync();

        (await Admin.DeleteAsync("/v1/admin/sources/src_abc123")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await (await Admin.GetAsync("/v1/admin/integrations")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task List_ThreeInPagesOfTwo_AnswersEachOnce()
    {
        foreach (var id in new[] { "src_a", "src_b", "src_c" }) await Host.SourceAsync(id);

        var first = await (await Admin.GetAsync("/v1/admin/sources?limit=2")).JsonAsync();
        var second = await (await Admin.GetAsync($"/v1/admin/sources?limit=2&cursor={first.Text("next_cursor")}")).JsonAsync();

        first.GetProperty("data").EnumerateArray().Select(s => s.Text("id")).ShouldBe(["src_a", "src_b"]);
        first.Text("has_more").ShouldBe("True");
        second.GetProperty("data").EnumerateArray().Select(s => s.Text("id")).ShouldBe(["src_c"]);
        second.Text("has_more").ShouldBe("False");
        second.GetProperty("next_cursor").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }
}
