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
}
