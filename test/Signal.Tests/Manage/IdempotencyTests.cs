using System.Net;
using Shouldly;
using Signal.Manage.Access;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class IdempotencyTests : ManageTest
{
    private const string Shop = """{"name":"Shop","domain":"shop.example.com"}""";

    [Fact]
    public async Task Answer_ThatWasNotKept_SaysToLookRatherThanDoItAgain()
    {
        Host.Idempotency.Broken = true;
        (await SendAsync(Admin, Shop)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Host.Idempotency.Broken = false;

        (await (await SendAsync(Admin, Shop)).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("IDEMPOTENCY_UNFINISHED");

        (await Host.Store.LoadAsync(default)).Sources.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_IsNotRemembered()
    {
        (await SendAsync(Admin, """{"name":"Shop"}""")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(Admin, """{"name":"Shop","domain":"a b"}""")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await SendAsync(Admin, Shop)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Key_IsItsUsersOwn_AndForgottenAfterADay()
    {
        using var other = await Host.ClientOfAsync(Roles.Editor);
        var mine = await (await SendAsync(Admin, Shop)).JsonAsync(HttpStatusCode.Created);
        var theirs = await (await SendAsync(other, Shop)).JsonAsync(HttpStatusCode.Created);
        Host.Time.Advance(TimeSpan.FromHours(24));
        var later = await (await SendAsync(Admin, Shop)).JsonAsync(HttpStatusCode.Created);

        new[] { mine.Text("id"), theirs.Text("id"), later.Text("id") }.Distinct().Count().ShouldBe(3);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/admin/sources") { Content = Some.Json(body) };
        request.Headers.Add("Idempotency-Key", "k1");
        return await client.SendAsync(request);
    }
}
