using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class IntegrationsTests : IAsyncLifetime
{
    private ManageHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ManageHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Create_SeedsBodyVerbatim_AnswersTheContractsShape()
    {
        await _host.SourceAsync();

        var answer = await _host.Admin.PostAsync("/v1/admin/integrations", Some.SeedBody());
        var made = await answer.JsonAsync(HttpStatusCode.Created);

        made.Text("id").ShouldStartWith("int_");
        made.Text("status").ShouldBe("active");
        made.Text("preset").ShouldBe("retail");
        made.Text("revision").ShouldBe("1");
        made.GetProperty("config").Text("token_auth").ShouldBe("***");
        made.GetProperty("config").Text("site_id").ShouldBe("1");
        made.GetProperty("mappings").GetArrayLength().ShouldBe(0);
        made.Text("created_at").ShouldBe("2026-03-01T12:00:00.000Z");
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");
        answer.Headers.Location!.ToString().ShouldBe($"/v1/admin/integrations/{made.Text("id")}");
        var read = await (await _host.Admin.GetAsync(answer.Headers.Location)).JsonAsync();
        read.GetRawText().ShouldBe(made.GetRawText());
    }

    [Fact]
    public async Task Create_ManyErrors_NamesAllFieldsAtOnce()
    {
        var answer = await _host.Admin.PostAsync("/v1/admin/integrations", Some.Json("""
            {"source_id":"src_nope","vendor":"matomo","name":" ","config":{"site_id":"1","token_auth":"***","sight_id":2},"consent_categories":["analytic"],"enabeld":true,
             "mappings":[{"event":"*","target":"nonsense","value":1}]}
            """));

        (await answer.FieldsAsync()).ShouldBe(
            ["source_id unknown", "enabeld unknown", "config.token_auth required", "name format", "consent_categories[0] one_of", "config.sight_id unknown", "config.matomo_url required", "mappings[0].target unknown"],
            ignoreOrder: true);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Did you mean enabled?");
    }

    [Fact]
    public async Task Create_WrongKindsOfValue_SaysWhatIsExpected()
    {
        var answer = await _host.Admin.PostAsync("/v1/admin/integrations", Some.Json("""{"source_id":1,"vendor":"matomo","enabled":"yes","config":[],"mappings":[{"event":"*"}]}"""));

        (await answer.FieldsAsync()).ShouldBe(["source_id type", "name required", "enabled type", "config type", "mappings[0].target required"], ignoreOrder: true);
    }

    [Fact]
    public async Task Create_SettingBesideConfig_IsTakenAsASetting()
    {
        await _host.SourceAsync();

        var made = await (await _host.Admin.PostAsync("/v1/admin/integrations", Some.Json(Some.SeedJson.Replace("\"enabled\": true", "\"request_mode\": \"bulk\"", StringComparison.Ordinal)))).JsonAsync(HttpStatusCode.Created);

        made.GetProperty("config").Text("request_mode").ShouldBe("bulk");
    }

    [Fact]
    public async Task Create_UnknownVendor_SuggestsTheRightOne()
    {
        await _host.SourceAsync();

        var answer = await _host.Admin.PostAsync("/v1/admin/integrations", Some.Json(Some.SeedJson.Replace("\"matomo\"", "\"mattomo\"", StringComparison.Ordinal)));

        (await answer.FieldsAsync()).ShouldBe(["vendor unknown"]);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Did you mean matomo?");
    }

    [Fact]
    public async Task Create_MalformedJson_TellsLineAndPosition()
    {
        var answer = await _host.Admin.PostAsync("/v1/admin/integrations", Some.Json("{\n  \"name\": oops\n}"));

        (await answer.ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("MALFORMED_JSON");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("line 2, position 11");
    }

    [Fact]
    public async Task Replace_MaskSentBack_KeepsTheSecret()
    {
        var made = await _host.IntegrationAsync();

        var answer = await _host.Admin.PutAsync($"/v1/admin/integrations/{made.Text("id")}", Some.Json(Some.SeedJson.Replace(Some.Token, "***", StringComparison.Ordinal)));

        (await answer.JsonAsync()).Text("revision").ShouldBe("2");
        (await _host.Store.LoadAsync(default)).Integrations[made.Text("id")].Secrets["token_auth"].ShouldBe(Some.Token);
    }

    [Fact]
    public async Task Patch_OneSetting_LeavesTheRest()
    {
        var made = await _host.IntegrationAsync();

        var patched = await (await _host.Admin.PatchAsync($"/v1/admin/integrations/{made.Text("id")}", Some.Json("""{"config":{"site_id":7},"preset":null}"""))).JsonAsync();

        patched.Text("revision").ShouldBe("2");
        patched.GetProperty("config").Text("site_id").ShouldBe("7");
        patched.GetProperty("config").Text("matomo_url").ShouldBe("https://analytics.example.com");
        patched.GetProperty("preset").ValueKind.ShouldBe(JsonValueKind.Null);
        (await _host.Store.LoadAsync(default)).Integrations[made.Text("id")].Secrets["token_auth"].ShouldBe(Some.Token);
    }

    [Fact]
    public async Task Replace_StaleIfMatch_Answers412AndChangesNothing()
    {
        var made = await _host.IntegrationAsync();
        var path = $"/v1/admin/integrations/{made.Text("id")}";
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = Some.Json("""{"name":"Other"}""") };
        request.Headers.IfMatch.Add(new("\"9\""));

        (await (await _host.Admin.SendAsync(request)).ErrorAsync(HttpStatusCode.PreconditionFailed)).ShouldBe("REVISION_MISMATCH");
        (await (await _host.Admin.GetAsync(path)).JsonAsync()).Text("name").ShouldBe("Matomo Production");
    }

    [Fact]
    public async Task Replace_OtherVendorOrSource_IsRefused()
    {
        var made = await _host.IntegrationAsync();
        await _host.SourceAsync("src_other");

        var answer = await _host.Admin.PatchAsync($"/v1/admin/integrations/{made.Text("id")}", Some.Json("""{"source_id":"src_other"}"""));

        (await answer.FieldsAsync()).ShouldBe(["source_id fixed"]);
    }

    [Fact]
    public async Task Delete_Twice_Answers204Then404()
    {
        var path = $"/v1/admin/integrations/{(await _host.IntegrationAsync()).Text("id")}";

        (await _host.Admin.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await (await _host.Admin.DeleteAsync(path)).ErrorAsync(HttpStatusCode.NotFound)).ShouldBe("NOT_FOUND");
    }

    [Fact]
    public async Task Create_HttpAddress_CarriesTheDestinationsWarning()
    {
        await _host.SourceAsync();

        var made = await (await _host.Admin.PostAsync("/v1/admin/integrations", Some.Json(Some.SeedJson.Replace("https:", "http:", StringComparison.Ordinal)))).JsonAsync(HttpStatusCode.Created);

        made.GetProperty("warnings")[0].GetString().ShouldBe("The address is not encrypted.");
    }

    [Fact]
    public async Task Status_FollowsHealthAndSwitch()
    {
        var made = await _host.IntegrationAsync();
        var path = $"/v1/admin/integrations/{made.Text("id")}";
        _host.Delivery.Health[made.Text("id")] = new("configuration_error", _host.Time.GetUtcNow(), "token_refused", "Create a new token.");

        var broken = await (await _host.Admin.GetAsync(path)).JsonAsync();
        broken.Text("status").ShouldBe("configuration_error");
        broken.GetProperty("status_detail").Text("message").ShouldBe("Create a new token.");
        (await (await _host.Admin.PatchAsync(path, Some.Json("""{"enabled":false}"""))).JsonAsync()).Text("status").ShouldBe("disabled");
    }

    [Fact]
    public async Task Test_AnswersTheDoctorsReport()
    {
        var made = await _host.IntegrationAsync();

        var report = await (await _host.Admin.PostAsync($"/v1/admin/integrations/{made.Text("id")}/test", null)).JsonAsync();

        report.GetProperty("ok").GetBoolean().ShouldBeFalse();
        report.GetProperty("checks")[1].GetRawText().ShouldBe("""{"id":"token","status":"fail","finding":"Refused.","evidence":"403","remedy":"Create a new token."}""");
    }

    [Fact]
    public async Task Secret_AppearsNowhere()
    {
        var made = await _host.IntegrationAsync();
        var id = made.Text("id");
        var other = new string('f', 32);
        var answers = new List<string> { made.GetRawText() };
        async Task Keep(Task<HttpResponseMessage> call) => answers.Add(await (await call).Content.ReadAsStringAsync());

        await Keep(_host.Admin.PatchAsync($"/v1/admin/integrations/{id}", Some.Json($$$"""{"config":{"token_auth":"{{{other}}}"}}""")));
        await Keep(_host.Admin.PatchAsync($"/v1/admin/integrations/{id}", Some.Json($$$"""{"config":{"token_auth":"{{{other}}}0"}}""")));
        await Keep(_host.Admin.GetAsync("/v1/admin/integrations"));
        await Keep(_host.Admin.GetAsync($"/v1/admin/integrations/{id}/revisions"));
        answers.Add(JsonSerializer.Serialize(_host.Audit.Entries));
        answers.Add(_host.Logs.Text);

        foreach (var answer in answers)
        {
            answer.ShouldNotContain(Some.Token);
            answer.ShouldNotContain(other);
        }

        _host.Audit.Entries[0].Changes["config.token_auth"].New!.Value.GetString().ShouldBe("***");
    }

    [Fact]
    public async Task Create_SameIdempotencyKey_MakesOne()
    {
        await _host.SourceAsync();
        async Task<HttpResponseMessage> Send(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/admin/integrations") { Content = Some.Json(body) };
            request.Headers.Add("Idempotency-Key", "k1");
            return await _host.Admin.SendAsync(request);
        }

        var first = await (await Send(Some.SeedJson)).JsonAsync(HttpStatusCode.Created);
        var again = await Send(Some.SeedJson);

        (await again.JsonAsync(HttpStatusCode.Created)).Text("id").ShouldBe(first.Text("id"));
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await (await Send(Some.SeedJson.Replace("Production", "Staging", StringComparison.Ordinal))).ErrorAsync(HttpStatusCode.UnprocessableEntity)).ShouldBe("IDEMPOTENCY_KEY_REUSED");
        (await (await _host.Admin.GetAsync("/v1/admin/integrations")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(1);
    }
}
