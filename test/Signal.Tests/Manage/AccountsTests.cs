using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Manage;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.State;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class AccountsTests : ManageTest
{
    private protected override ManageOptions Options(ManageOptions options) => ManageHost.WithAdministrator(options);

    [Fact]
    public async Task Token_IsShownOnceAndKeptAsAHash()
    {
        var made = await (await Admin.PostAsJsonAsync("/v1/admin/tokens", new { name = "ci", role = "editor" })).JsonAsync(HttpStatusCode.Created);
        var listed = (await (await Admin.GetAsync("/v1/admin/tokens")).JsonAsync()).GetRawText();

        using var client = Host.Client(made.Text("token"));
        (await (await client.GetAsync("/v1/admin/me")).JsonAsync()).Text("name").ShouldBe("token:ci");
        listed.ShouldNotContain(made.Text("token"));
        JsonSerializer.Serialize(await Host.Accounts.TokensAsync(default)).ShouldNotContain(made.Text("token"));
        (await (await Admin.GetAsync("/v1/admin/tokens")).JsonAsync()).GetProperty("data")[0].Text("last_used_at").ShouldBe("2026-03-01T12:00:00.000Z");
    }

    [Fact]
    public async Task Token_ExpiredOrRevoked_Answers401()
    {
        var made = await (await Admin.PostAsJsonAsync("/v1/admin/tokens", new { name = "a", role = "viewer", expires_at = "2026-03-01T13:00:00Z" })).JsonAsync(HttpStatusCode.Created);
        var other = await (await Admin.PostAsJsonAsync("/v1/admin/tokens", new { name = "b", role = "viewer" })).JsonAsync(HttpStatusCode.Created);
        using var expired = Host.Client(made.Text("token"));
        using var revoked = Host.Client(other.Text("token"));
        (await expired.GetAsync("/v1/admin/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        Host.Time.Advance(TimeSpan.FromHours(1));
        (await Admin.DeleteAsync($"/v1/admin/tokens/{other.Text("id")}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await expired.GetAsync("/v1/admin/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await revoked.GetAsync("/v1/admin/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_WrongInput_NamesEachField() =>
        (await (await Admin.PostAsJsonAsync("/v1/admin/tokens", new { role = "owner", expires_at = "tomorrow" })).FieldsAsync()).ShouldBe(["name required", "role one_of", "expires_at type"], ignoreOrder: true);

    [Fact]
    public async Task Token_ExpiryInThePast_IsRefused() =>
        (await (await Admin.PostAsJsonAsync("/v1/admin/tokens", new { name = "a", role = "viewer", expires_at = "2026-02-01T00:00:00Z" })).FieldsAsync()).ShouldBe(["expires_at range"]);

    [Fact]
    public async Task User_AddedChangedRemoved_IsAuditedWithoutThePassword()
    {
        var made = await (await Admin.PostAsJsonAsync("/v1/admin/users", new { email = "bob@example.com", name = "Bob", role = "viewer", password = "a long password" })).JsonAsync(HttpStatusCode.Created);
        var path = $"/v1/admin/users/{made.Text("id")}";

        (await (await Admin.PatchAsync(path, Some.Json("""{"role":"editor","password":"another password"}"""))).JsonAsync()).Text("role").ShouldBe("editor");
        (await Admin.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        made.TryGetProperty("password", out _).ShouldBeFalse();
        Host.Audit.Entries.Take(3).Select(e => e.Action).ShouldBe(["user.deleted", "user.updated", "user.created"]);
        Host.Audit.Entries[1].Changes.Keys.Order().ShouldBe(["password", "role"]);
        JsonSerializer.Serialize(Host.Audit.Entries).ShouldNotContain("password\":\"a");
    }

    [Fact]
    public async Task User_WrongInput_NamesEachField()
    {
        (await (await Admin.PostAsJsonAsync("/v1/admin/users", new { email = "bob", name = "Bob", role = "viewer", password = "short" })).FieldsAsync()).ShouldBe(["email format", "password length"]);
        (await (await Admin.PostAsJsonAsync("/v1/admin/users", new { email = "bob@example.com", name = "Bob", role = "viewer", password = "aaaaaaaaaaaa" })).FieldsAsync()).ShouldBe(["password weak"]);
    }

    [Theory]
    [InlineData("SIGNAL_ADMIN_TOKEN")]
    [InlineData(" Command Line ")]
    public async Task Token_NamedAsOneOfSignalsOwn_IsRefused(string name) =>
        (await (await Admin.PostAsJsonAsync("/v1/admin/tokens", new { name, role = "viewer" })).FieldsAsync()).ShouldBe(["name reserved"]);

    [Fact]
    public async Task User_FromAPageWithARoleThatDoesNotExist_IsRefused()
    {
        var accounts = Host.Services.GetRequiredService<Accounts>();

        var outcome = await accounts.AddAsync(new UserInput { Email = "eve@example.com", Name = new string('a', 201), Role = "root", Password = "a long password" }, Actor.System, CancellationToken.None);

        outcome.ShouldBeOfType<Outcome<User>.Invalid>().Errors.Select(e => e.Field).ShouldBe(["name", "role"], ignoreOrder: true);
    }

    [Fact]
    public async Task User_AddressTaken_Answers409() =>
        (await (await Admin.PostAsJsonAsync("/v1/admin/users", new { email = "ADA@example.com", name = "Ada", role = "viewer", password = "a long password" })).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("ALREADY_EXISTS");

    [Fact]
    public async Task LastAdministrator_CanNeitherGoNorStepDown()
    {
        var id = (await (await Admin.GetAsync("/v1/admin/users")).JsonAsync()).GetProperty("data")[0].Text("id");

        (await (await Admin.DeleteAsync($"/v1/admin/users/{id}")).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("LAST_ADMIN");
        (await (await Admin.PatchAsync($"/v1/admin/users/{id}", Some.Json("""{"role":"viewer"}"""))).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("LAST_ADMIN");
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("disabled")]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("sign-out")]
    public async Task User_WhoseSessionsMustEnd_IsOutAtOnceAndCannotRefresh(string what)
    {
        var made = await BobAsync();
        var pair = await (await Admin.PostAsJsonAsync("/v1/admin/auth/login", new { email = "bob@example.com", password = "a long password" })).JsonAsync();
        using var bob = Host.Client(pair.Text("access_token"));
        (await bob.GetAsync("/v1/admin/sources")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var path = $"/v1/admin/users/{made.Text("id")}";

        var done = what switch
        {
            "removed" => await Admin.DeleteAsync(path),
            "disabled" => await Admin.PatchAsync(path, Some.Json("""{"enabled":false}""")),
            "password" => await Admin.PatchAsync(path, Some.Json("""{"password":"another password"}""")),
            "role" => await Admin.PatchAsync(path, Some.Json("""{"role":"editor"}""")),
            _ => await Admin.PostAsync($"{path}/sign-out", null),
        };

        done.IsSuccessStatusCode.ShouldBeTrue();
        (await bob.GetAsync("/v1/admin/sources")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Admin.PostAsJsonAsync("/v1/admin/auth/refresh", new { refresh_token = pair.Text("refresh_token") })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var again = await Admin.PostAsJsonAsync("/v1/admin/auth/login", new { email = "bob@example.com", password = "a long password" });
        again.IsSuccessStatusCode.ShouldBe(what is "role" or "sign-out");
    }

    [Fact]
    public async Task User_ChangedOnAnOldRevision_Answers412()
    {
        var made = await BobAsync();
        var path = $"/v1/admin/users/{made.Text("id")}";
        var tag = (await Admin.GetAsync(path)).Headers.ETag!.Tag;
        tag.ShouldBe("\"1\"");

        var changed = await SendAsync(HttpMethod.Patch, path, tag, """{"name":"Bob B."}""");
        changed.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await (await SendAsync(HttpMethod.Patch, path, tag, """{"name":"Bob C."}""")).ErrorAsync(HttpStatusCode.PreconditionFailed)).ShouldBe("REVISION_MISMATCH");
        (await (await SendAsync(HttpMethod.Delete, path, tag, null)).ErrorAsync(HttpStatusCode.PreconditionFailed)).ShouldBe("REVISION_MISMATCH");

        (await (await Admin.GetAsync(path)).JsonAsync()).Text("name").ShouldBe("Bob B.");
        (await SendAsync(HttpMethod.Delete, path, "\"2\"", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Password_OfOnesOwn_IsChangedWithTheCurrentOneOnly()
    {
        await BobAsync();
        var pair = await (await Admin.PostAsJsonAsync("/v1/admin/auth/login", new { email = "bob@example.com", password = "a long password" })).JsonAsync();
        using var bob = Host.Client(pair.Text("access_token"));
        Task<HttpResponseMessage> Change(HttpClient who, string current, string next) =>
            who.PutAsJsonAsync("/v1/admin/me/password", new { current_password = current, new_password = next });

        (await (await Change(bob, "a wrong password", "another password")).FieldsAsync()).ShouldBe(["current_password wrong"]);
        (await (await Change(bob, "a long password", "short")).FieldsAsync()).ShouldBe(["password length"]);
        (await (await Change(Admin, "a long password", "another password")).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("NOT_A_USER");
        (await Change(bob, "a long password", "another password")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await bob.GetAsync("/v1/admin/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Admin.PostAsJsonAsync("/v1/admin/auth/login", new { email = "bob@example.com", password = "another password" })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task User_WithoutAPassword_NeedsSingleSignOn() =>
        (await (await Admin.PostAsJsonAsync("/v1/admin/users", new { email = "bob@example.com", name = "Bob", role = "viewer" })).FieldsAsync()).ShouldBe(["password required"]);

    private async Task<JsonElement> BobAsync() =>
        await (await Admin.PostAsJsonAsync("/v1/admin/users", new { email = "bob@example.com", name = "Bob", role = "viewer", password = "a long password" })).JsonAsync(HttpStatusCode.Created);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string match, string? body)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Some.Json(body) };
        request.Headers.TryAddWithoutValidation("If-Match", match);
        return Admin.SendAsync(request);
    }
}
