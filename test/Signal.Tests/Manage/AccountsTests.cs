using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Signal.Manage;
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

    [Fact]
    public async Task User_RemovedWhileSignedIn_IsOutAtOnce()
    {
        var made = await (await Admin.PostAsJsonAsync("/v1/admin/users", new { email = "bob@example.com", name = "Bob", role = "viewer", password = "a long password" })).JsonAsync(HttpStatusCode.Created);
        var pair = await (await Admin.PostAsJsonAsync("/v1/admin/auth/login", new { email = "bob@example.com", password = "a long password" })).JsonAsync();
        using var bob = Host.Client(pair.Text("access_token"));
        (await bob.GetAsync("/v1/admin/sources")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Admin.DeleteAsync($"/v1/admin/users/{made.Text("id")}");

        (await bob.GetAsync("/v1/admin/sources")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
