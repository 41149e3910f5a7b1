using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios.Management;

/// <summary>The contract's sources and integrations, row by row, against the running program.</summary>
public sealed class ResourceContractTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private static readonly Uri Nowhere = new("https://analytics.example.com");

    private RunningSignal Signal => shared.Signal;

    [Fact]
    public async Task Sources_AreMadeReadReplacedPatchedAndRemoved()
    {
        var sent = new { name = "Shop", domain = "shop.example.com", consent = new { mode = "opt_in" }, allowed_origins = new[] { "https://www.example.org" }, rate_limit = 500 };
        var (answer, made) = await Signal.CallAsync(HttpMethod.Post, "sources", sent);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Has("id pipeline_key secret enabled created_at name domain consent allowed_origins rate_limit");
        made.Text("id").ShouldStartWith("src_");
        made.Text("pipeline_key").ShouldStartWith("dk_live_");
        made.Text("secret").ShouldStartWith("sk_");
        made.GetProperty("consent").Text("mode").ShouldBe("opt_in");
        made.Text("created_at").ShouldEndWith("Z");
        answer.Headers.Location!.ToString().ShouldEndWith(made.Text("id"));
        var path = $"sources/{made.Text("id")}";

        var (read, shown) = await Signal.CallAsync(HttpMethod.Get, path);
        shown.Text("secret").ShouldBe("***");
        var tag = read.Headers.ETag!.Tag;
        var (_, patched) = await Signal.CallAsync(HttpMethod.Patch, path, new { name = "Shop 2" }, tag);
        patched.Text("name").ShouldBe("Shop 2");
        patched.Text("rate_limit").ShouldBe("500");
        (await Signal.CallAsync(HttpMethod.Put, path, sent, tag)).Refusal(HttpStatusCode.PreconditionFailed).ShouldBe("REVISION_MISMATCH");
        (await Signal.CallAsync(HttpMethod.Put, path, sent)).Json.Text("name").ShouldBe("Shop");
        (await Signal.CallAsync(HttpMethod.Delete, path, ifMatch: tag)).Refusal(HttpStatusCode.PreconditionFailed).ShouldBe("REVISION_MISMATCH");
        (await Signal.CallAsync(HttpMethod.Delete, path)).Answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Signal.CallAsync(HttpMethod.Get, path)).Refusal(HttpStatusCode.NotFound).ShouldBe("NOT_FOUND");
    }

    [Fact]
    public async Task RotateKey_TheOldKeyWorksOnForItsGraceAndNoLonger()
    {
        var source = await Signal.CreateSourceAsync();
        Task<HttpStatusCode> SendAsync(JsonElement s) => StatusAsync(s.Text("pipeline_key"));

        var (_, graced) = await Signal.CallAsync(HttpMethod.Post, $"sources/{source.Text("id")}/rotate-key", new { grace_seconds = 3600 });
        (await SendAsync(source)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(graced)).ShouldBe(HttpStatusCode.OK);
        var (_, sudden) = await Signal.CallAsync(HttpMethod.Post, $"sources/{source.Text("id")}/rotate-key", new { grace_seconds = 0 });

        (await SendAsync(graced)).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(source)).ShouldBe(HttpStatusCode.OK, "its grace is not over");
        (await SendAsync(sudden)).ShouldBe(HttpStatusCode.OK);
        (await Signal.CallAsync(HttpMethod.Post, $"sources/{source.Text("id")}/rotate-key", new { rotate = "secret" })).Json.Text("secret").ShouldStartWith("sk_");
    }

    [Fact]
    public async Task Integrations_TheSeedsBodyWorksAsItIs()
    {
        var source = await Signal.CreateSourceAsync();
        var (answer, made) = await Signal.CallAsync(HttpMethod.Post, "integrations", new
        {
            source_id = source.Text("id"),
            vendor = "matomo",
            name = "Matomo Production",
            enabled = true,
            config = new { matomo_url = "https://analytics.example.com/", site_id = 1, token_auth = "0123456789abcdef0123456789abcdef" },
            consent_categories = new[] { "analytics" },
            preset = "retail",
            mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "3" } },
            request_mode = "bulk",
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Has("id source_id vendor name enabled status config consent_categories preset mappings revision created_at updated_at");
        made.Text("id").ShouldStartWith("int_");
        made.Text("status").ShouldBe("active");
        made.Text("revision").ShouldBe("1");
        made.GetProperty("config").Text("token_auth").ShouldBe("***");
        made.GetProperty("config").Text("request_mode").ShouldBe("bulk");
        (await Signal.GetAdminAsync($"integrations?source_id={source.Text("id")}")).Rows().Select(i => i.Text("id")).ShouldBe([made.Text("id")]);
    }

    [Fact]
    public async Task Integrations_ChangesAreRevisionsThatCompareAndRollBack()
    {
        var (path, made) = await IntegrationAsync();
        var tag = (await Signal.CallAsync(HttpMethod.Get, path)).Answer.Headers.ETag!.Tag;

        var (_, patched) = await Signal.CallAsync(HttpMethod.Patch, path, new { name = "Second", note = "a better name", config = new { token_auth = "***" } }, tag);
        patched.Text("revision").ShouldBe("2");
        (await Signal.CallAsync(HttpMethod.Patch, path, new { name = "Third" }, tag)).Refusal(HttpStatusCode.PreconditionFailed).ShouldBe("REVISION_MISMATCH");
        (await Signal.CallAsync(HttpMethod.Patch, path, new { enabled = false })).Json.Text("status").ShouldBe("disabled");

        var rows = (await Signal.GetAdminAsync($"{path}/revisions")).Rows();
        rows.Select(r => r.Has("revision created_at created_by note changes").Text("revision")).ShouldBe(["3", "2", "1"]);
        rows[1].Text("note").ShouldBe("a better name");
        rows[1].GetProperty("changes").EnumerateObject().Select(c => c.Name).ShouldBe(["name"]);
        var apart = (await Signal.GetAdminAsync($"{path}/revisions/3?against=1")).GetProperty("changes");
        apart.EnumerateObject().Select(c => c.Name).Order().ShouldBe(["enabled", "name"]);
        apart.GetProperty("name").Text("new").ShouldBe("Second");

        var (answer, back) = await Signal.CallAsync(HttpMethod.Post, $"{path}/rollback", new { revision = 1, note = "it was better" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        back.Text("revision").ShouldBe("4");
        back.Text("name").ShouldBe(made.Text("name"));
        (await Signal.GetAdminAsync($"{path}/revisions")).Rows()[0].Text("note").ShouldBe("it was better");
    }

    [Fact]
    public async Task Preview_ShowsRequestsAndRules()
    {
        var (path, _) = await IntegrationAsync();
        var @event = new { type = "track", @event = "Signed Up", anonymousId = "a1b2c3d4e5f60718", properties = new { url = "https://shop.example.com/x" } };

        var (_, plain) = await Signal.CallAsync(HttpMethod.Post, $"{path}/preview", new { @event });
        var (_, tried) = await Signal.CallAsync(HttpMethod.Post, $"{path}/preview", new { @event, mappings = new[] { new { @event = "Signed Up", target = "dimension4", value = "yes" } }, config = new { unmapped_events = "event" } });

        plain.Has("requests rules warnings dropped");
        plain.GetProperty("requests")[0].Has("method url fields body").GetProperty("fields").Text("e_a").ShouldBe("Signed Up");
        plain.GetRawText().ShouldNotContain("cccccccccccccccc");
        tried.GetProperty("requests")[0].GetProperty("fields").Text("dimension4").ShouldBe("yes");
        tried.GetProperty("rules").Has("dimension4");
    }

    [Fact]
    public async Task Catalogue_TellsWhatTheFormNeeds()
    {
        (await Signal.GetAdminAsync("integration-catalog")).Rows().Select(m => m.Text("vendor")).ShouldBe(["matomo"]);
        (await Signal.GetAdminAsync("integration-catalog/matomo")).Has("vendor settings presets");
        (await Signal.CallAsync(HttpMethod.Get, "integration-catalog/nobody")).Refusal(HttpStatusCode.NotFound).ShouldBe("NOT_FOUND");
    }

    [Fact]
    public async Task WrongInput_NamesEveryFieldAtOnce()
    {
        var call = await Signal.CallAsync(HttpMethod.Post, "integrations", new { source_id = "src_nobody", vendor = "matomo", config = new { matomo_url = "ftp://x", site_id = 0 }, consent_categories = new[] { "analytic" } });

        call.Refusal(HttpStatusCode.BadRequest).ShouldBe("VALIDATION_FAILED");
        call.Json.GetProperty("error").GetProperty("fields").EnumerateArray().Select(f => f.Has("field rule message").Text("field"))
            .ShouldBe(["name", "source_id", "consent_categories[0]", "config.matomo_url", "config.site_id", "config.token_auth"], ignoreOrder: true);
        var source = await Signal.CallAsync(HttpMethod.Post, "sources", new { domain = "https://x/", rate_limit = "many", allowed_origins = new[] { "x" } });
        source.Json.GetProperty("error").GetProperty("fields").EnumerateArray().Select(f => f.Text("field")).ShouldBe(["name", "rate_limit", "domain", "allowed_origins[0]"], ignoreOrder: true);
    }

    private async Task<(string Path, JsonElement Made)> IntegrationAsync()
    {
        var made = await Signal.CreateMatomoAsync((await Signal.CreateSourceAsync()).Text("id"), Nowhere);
        return ($"integrations/{made.Text("id")}", made);
    }

    private async Task<HttpStatusCode> StatusAsync(string key)
    {
        using var answer = await Signal.SendAsync(key, "/v1/p", new { properties = new { url = "https://shop.example.com/" } });
        return answer.StatusCode;
    }
}
