using System.Net;
using System.Text;
using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class ErrorsTests : ManageTest
{
    [Theory]
    [InlineData("GET", "/v1/admin/nothing", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("GET", "/v1/admin/sources/src_none", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("PUT", "/v1/admin/sources", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    [InlineData("DELETE", "/v1/admin/overview", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    public async Task WrongAddress_AnswersTheEnvelope(string method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        (await (await Admin.SendAsync(request)).ErrorAsync(status)).ShouldBe(code);
    }

    [Fact]
    public async Task Body_FormEncoded_Answers415WithTheRemedy()
    {
        var answer = await Admin.PostAsync("/v1/admin/sources", new StringContent("{}", Encoding.UTF8, "application/x-www-form-urlencoded"));

        (await answer.ErrorAsync(HttpStatusCode.UnsupportedMediaType)).ShouldBe("UNSUPPORTED_MEDIA_TYPE");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Content-Type: application/json");
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":")]
    [InlineData("\u0000")]
    public async Task Body_NotJson_Answers400(string body) =>
        (await (await Admin.PostAsync("/v1/admin/sources", Some.Json(body))).ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("MALFORMED_JSON");

    [Theory]
    [InlineData("POST", "sources", """{"\ud800":1,"name":"a","domain":"a.example.com"}""")]
    [InlineData("POST", "sources", """{"name":"a","domain":"a.example.com","sdk":{"options":{"a":"\udc00"}}}""")]
    [InlineData("POST", "integrations", """{"source_id":"src_abc123","vendor":"matomo","name":"m","config":{"matomo_url":"\ud800"}}""")]
    [InlineData("PATCH", "sources/src_abc123", """{"name":"\ud800"}""")]
    [InlineData("PUT", "configuration", """{"version":1,"\udfff":[]}""")]
    public async Task Body_WithHalfACharacter_Answers400AndSaysWhere(string method, string path, string body)
    {
        await Host.SourceAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/admin/{path}") { Content = Some.Json(body) };

        var answer = await Admin.SendAsync(request);

        (await answer.ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("MALFORMED_JSON");
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"see byte {body.IndexOf("\"\\u", StringComparison.Ordinal) + 1}.");
    }

    [Fact]
    public async Task Body_ThatIsNoUtf8_Answers400()
    {
        using var content = new ByteArrayContent([.. "{\"name\":\""u8, 0xff, .. "\",\"domain\":\"a.example.com\"}"u8]);
        content.Headers.ContentType = new("application/json");

        (await (await Admin.PostAsync("/v1/admin/sources", content)).ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("MALFORMED_JSON");
    }

    [Theory]
    [InlineData("sources", """{"name":"a\r\nb","domain":"a.example.com"}""")]
    [InlineData("sources", """{"name":" ","domain":"a.example.com"}""")]
    [InlineData("tokens", """{"name":"a\u0000","role":"viewer"}""")]
    [InlineData("tokens", """{"name":"  ","role":"viewer"}""")]
    [InlineData("users", """{"email":"eve@example.com","name":"a\u0085b","role":"viewer","password":"correct horse battery"}""")]
    [InlineData("alert-channels", """{"name":"a\u2028b","type":"webhook","url":"https://hooks.example.com/"}""")]
    public async Task Name_OfSeveralLinesOrNone_IsRefused(string path, string body) =>
        (await (await Admin.PostAsync($"/v1/admin/{path}", Some.Json(body))).FieldsAsync()).ShouldBe(["name format"]);

    [Theory]
    [InlineData("""{"kind":"0","scope":"src_abc123"}""")]
    [InlineData("""{"kind":"Silence","scope":"src_abc123"}""")]
    public async Task Choice_ByNumberOrInOtherCase_IsRefused(string body) =>
        (await (await Admin.PostAsync("/v1/admin/alert-rules", Some.Json(body))).FieldsAsync()).ShouldBe(["kind one_of"]);

    [Theory]
    [InlineData("\"1\"", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("W/\"1\"", HttpStatusCode.OK)]
    [InlineData("1", HttpStatusCode.OK)]
    [InlineData("\"2\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"x\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("nonsense", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"99999999999\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"1\", \"2\"", HttpStatusCode.BadRequest)]
    public async Task IfMatch_InEachForm_IsHonoured(string match, HttpStatusCode status)
    {
        await Host.SourceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/admin/sources/src_abc123") { Content = Some.Json("""{"name":"New"}""") };
        request.Headers.TryAddWithoutValidation("If-Match", match).ShouldBeTrue();

        (await Admin.SendAsync(request)).StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    public async Task Body_NoObject_SaysSo(string body) => (await (await Admin.PostAsync("/v1/admin/sources", Some.Json(body))).FieldsAsync()).ShouldBe([" type"]);

    [Fact]
    public async Task Body_TooLarge_Answers413() =>
        (await (await Admin.PostAsync("/v1/admin/sources", Some.Json($"\"{new string('a', 9 * 1024 * 1024)}\""))).ErrorAsync(HttpStatusCode.RequestEntityTooLarge)).ShouldBe("TOO_LARGE");

    [Theory]
    [InlineData("limit=0", "limit range")]
    [InlineData("limit=101", "limit range")]
    [InlineData("limit=ten", "limit type")]
    [InlineData("limt=10", "limt unknown")]
    [InlineData("cursor=abc", "cursor format")]
    public async Task Query_Wrong_NamesTheParameter(string query, string field) => (await (await Admin.GetAsync($"/v1/admin/sources?{query}")).FieldsAsync()).ShouldBe([field]);

    [Fact]
    public async Task Bug_AnswersTheEnvelopeWithoutATrace()
    {
        await Host.SourceAsync();
        Host.Store.Broken = new InvalidOperationException("secret detail");

        var answer = await Admin.PostAsync("/v1/admin/integrations", Some.SeedBody());

        (await answer.ErrorAsync(HttpStatusCode.InternalServerError)).ShouldBe("INTERNAL");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("secret detail");
        Host.Logs.Text.ShouldContain("secret detail");
    }

    [Fact]
    public async Task StoreUnavailable_Answers503WithRetryAfterAndNoPath()
    {
        await Host.SourceAsync();
        Host.Store.Broken = new StateUnavailableException("/srv/data/state.db: the disk is full.");

        var answer = await Admin.PostAsync("/v1/admin/integrations", Some.SeedBody());

        (await answer.ErrorAsync(HttpStatusCode.ServiceUnavailable)).ShouldBe("STORE_UNAVAILABLE");
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBe(5);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("/srv");
        Host.Logs.Text.ShouldContain("/srv/data/state.db");
    }

    [Fact]
    public async Task TooManyRequests_Answers429WithRetryAfter()
    {
        await using var host = await ManageHost.StartAsync(o => o with { RequestsPerMinute = 3 });
        for (var i = 0; i < 3; i++) (await host.Admin.GetAsync("/v1/admin/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var answer = await host.Admin.GetAsync("/v1/admin/me");

        (await answer.ErrorAsync(HttpStatusCode.TooManyRequests)).ShouldBe("RATE_LIMITED");
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
    }

    [Fact]
    public async Task ChangeWithoutIfMatch_WhereItIsAskedFor_Answers428()
    {
        await using var host = await ManageHost.StartAsync(o => o with { RequireIfMatch = true });
        await host.SourceAsync();

        (await (await host.Admin.PatchAsync("/v1/admin/sources/src_abc123", Some.Json("{}"))).ErrorAsync(HttpStatusCode.PreconditionRequired)).ShouldBe("PRECONDITION_REQUIRED");
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/admin/sources/src_abc123") { Content = Some.Json("""{"name":"New"}""") };
        request.Headers.IfMatch.Add(new("\"1\""));
        (await host.Admin.SendAsync(request)).Headers.ETag!.Tag.ShouldBe("\"2\"");
    }

    [Theory]
    [InlineData("PATCH", "sources/src_abc123", """{"name":5,"domain":"a b","filter_bots":"x"}""", "name,filter_bots,domain")]
    [InlineData("PUT", "sources/src_abc123", """{"name":5,"domain":"a b"}""", "name,domain")]
    [InlineData("PATCH", "integrations/{int}", """{"enabled":"yes","consent_categories":["analytic"]}""", "enabled,consent_categories[0]")]
    [InlineData("PATCH", "integrations/{int}", """{"name":7,"source_id":"src_9","vendor":"other"}""", "name,source_id,vendor")]
    [InlineData("PUT", "integrations/{int}", """{"source_id":"src_abc123","vendor":"matomo","name":"M","enabled":1,"consent_categories":["analytic"]}""", "enabled,consent_categories[0],config.matomo_url,config.site_id,config.token_auth")]
    [InlineData("PATCH", "users/{usr}", """{"role":"king","email":"nobody"}""", "role,email")]
    [InlineData("PATCH", "alert-rules/rule_disk", """{"days":999,"minutes":5,"channels":["chn_9"]}""", "days,minutes,channels[0]")]
    [InlineData("PATCH", "alert-channels/{chn}", """{"enabled":"no","url":"ftp://x","type":"email"}""", "enabled,type,url")]
    [InlineData("POST", "alert-rules", """{"kind":"silence","minutes":0,"days":3,"scope":"src_9"}""", "minutes,days,scope")]
    [InlineData("POST", "tokens", """{"name":"","role":"viewer","expires_at":"2020-01-01T00:00:00Z"}""", "name,expires_at")]
    [InlineData("POST", "integrations/{int}/replay", """{"from":"2026-02-02T00:00:00Z","to":"2026-02-01T00:00:00Z","rate":0}""", "rate,from")]
    [InlineData("POST", "users", """{"email":"nobody","name":"","role":"viewer"}""", "name,email,password")]
    public async Task Change_WithErrorsOfFormAndOfRules_TellsAllAtOnce(string method, string path, string body, string fields)
    {
        var integration = (await Host.IntegrationAsync()).Text("id");
        var user = (await (await Admin.PostAsync("/v1/admin/users", Some.Json("""{"email":"bob@example.com","name":"Bob","role":"viewer","password":"a long password"}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");
        var channel = (await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json("""{"name":"Ops","type":"webhook","url":"https://hooks.example.com/x"}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");
        path = path.Replace("{int}", integration, StringComparison.Ordinal).Replace("{usr}", user, StringComparison.Ordinal).Replace("{chn}", channel, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/admin/{path}") { Content = Some.Json(body) };

        using var answer = await Admin.SendAsync(request);

        (await answer.FieldsAsync()).Select(f => f.Split(' ')[0]).Order().ShouldBe(fields.Split(',').Order());
    }
}
