using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Manage;
using Signal.Manage.Access;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class SignInTests : ManageTest
{
    private protected override ManageOptions Options(ManageOptions options) => ManageHost.WithAdministrator(options);

    [Fact]
    public async Task LogIn_RightPassword_OpensTheApiForFifteenMinutes()
    {
        var pair = await LogInAsync();
        using var client = Host.Client(pair.Text("access_token"));

        pair.Text("expires_in").ShouldBe("900");
        (await (await client.GetAsync("/v1/admin/me")).JsonAsync()).Text("name").ShouldBe(ManageHost.Email);
        Host.Time.Advance(TimeSpan.FromMinutes(15));
        (await (await client.GetAsync("/v1/admin/me")).ErrorAsync(HttpStatusCode.Unauthorized)).ShouldBe("UNAUTHENTICATED");
    }

    [Theory]
    [InlineData(ManageHost.Email, "wrong password")]
    [InlineData("nobody@example.com", ManageHost.Password)]
    public async Task LogIn_WrongAddressOrPassword_SaysTheSame(string email, string password) =>
        (await (await SendAsync("login", new { email, password })).ErrorAsync(HttpStatusCode.Unauthorized)).ShouldBe("INVALID_CREDENTIALS");

    [Fact]
    public async Task LogIn_FifthWrongPassword_LocksForAWhileEvenForTheRightOne()
    {
        for (var i = 0; i < 4; i++) (await SendAsync("login", new { email = ManageHost.Email, password = "wrong" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var locked = await SendAsync("login", new { email = ManageHost.Email, password = "wrong" });
        (await locked.ErrorAsync(HttpStatusCode.TooManyRequests)).ShouldBe("ACCOUNT_LOCKED");
        locked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(15));
        (await SendAsync("login", new { email = ManageHost.Email, password = ManageHost.Password })).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Host.Time.Advance(TimeSpan.FromMinutes(15));
        (await SendAsync("login", new { email = ManageHost.Email, password = ManageHost.Password })).StatusCode.ShouldBe(HttpStatusCode.OK);
        Host.Audit.Entries.ShouldContain(e => e.Action == "user.locked");
    }

    [Fact]
    public async Task LogIn_UnknownAddress_LocksAsAKnownOne_SoThatALockTellsNothing()
    {
        async Task<List<(HttpStatusCode, string)>> TryAsync(string email)
        {
            var answers = new List<(HttpStatusCode, string)>();
            for (var i = 0; i < 6; i++)
            {
                var answer = await SendAsync("login", new { email, password = "wrong" });
                answers.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync()));
            }

            return answers;
        }

        var unknown = await TryAsync(" Nobody@example.com ");

        unknown.ShouldBe(await TryAsync(ManageHost.Email));
        unknown[4].Item1.ShouldBe(HttpStatusCode.TooManyRequests);
        (await SendAsync("login", new { email = "nobody@example.com", password = "wrong" })).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Host.Time.Advance(TimeSpan.FromMinutes(15));
        (await SendAsync("login", new { email = "nobody@example.com", password = "wrong" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task LogIn_UnknownAddress_LeavesALineInTheAuditLogWithoutTheAddress()
    {
        await SendAsync("login", new { email = "my secret password", password = "wrong" });

        var entry = Host.Audit.Entries[0];
        (entry.Action, entry.Actor, entry.ResourceId).ShouldBe(("user.sign_in_failed", "unknown", "unknown"));
        System.Text.Json.JsonSerializer.Serialize(Host.Audit.Entries).ShouldNotContain("my secret");
    }

    [Fact]
    public async Task LogIn_ManyAddressesFromOneNetwork_AreLimited()
    {
        await using var host = await ManageHost.StartAsync(o => ManageHost.WithAdministrator(o) with { SignInsPerMinute = 3 });
        var signIns = host.Services.GetRequiredService<SignIns>();
        Task<SignIn> TryAsync(string email, string ip) => signIns.CheckAsync(email, ManageHost.Password, ip, CancellationToken.None);
        for (var i = 0; i < 3; i++) (await TryAsync($"user{i}@example.com", $"2001:db8::{i}")).ShouldBeOfType<SignIn.Refused>();

        (await TryAsync(ManageHost.Email, "2001:db8::9")).ShouldBeOfType<SignIn.Limited>().Wait.ShouldBeGreaterThan(TimeSpan.Zero);
        (await TryAsync(ManageHost.Email, "2001:db8:0:1::9")).ShouldBeOfType<SignIn.Accepted>();
        (await TryAsync(ManageHost.Email, "203.0.113.7")).ShouldBeOfType<SignIn.Accepted>();
    }

    [Fact]
    public async Task LogIn_ParallelGuesses_CountEach()
    {
        var guesses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync("login", new { email = ManageHost.Email, password = "wrong" })));

        guesses.Count(g => g.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(4);
    }

    [Fact]
    public async Task Refresh_RotatesTheToken()
    {
        var first = await LogInAsync();

        var second = await (await SendAsync("refresh", new { refresh_token = first.Text("refresh_token") })).JsonAsync();

        second.Text("refresh_token").ShouldNotBe(first.Text("refresh_token"));
        using var client = Host.Client(second.Text("access_token"));
        (await client.GetAsync("/v1/admin/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_UsedTwice_EndsTheWholeSession()
    {
        var first = await LogInAsync();
        var second = await (await SendAsync("refresh", new { refresh_token = first.Text("refresh_token") })).JsonAsync();

        (await (await SendAsync("refresh", new { refresh_token = first.Text("refresh_token") })).ErrorAsync(HttpStatusCode.Unauthorized)).ShouldBe("INVALID_REFRESH_TOKEN");
        (await SendAsync("refresh", new { refresh_token = second.Text("refresh_token") })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Host.Audit.Entries.ShouldContain(e => e.Action == "session.reuse_detected");
    }

    [Fact]
    public async Task Refresh_AfterSevenDays_IsRefused()
    {
        var pair = await LogInAsync();
        Host.Time.Advance(TimeSpan.FromDays(7));

        (await SendAsync("refresh", new { refresh_token = pair.Text("refresh_token") })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LogOut_EndsTheSession(bool byRefreshToken)
    {
        var pair = await LogInAsync();
        using var client = Host.Client(byRefreshToken ? null : pair.Text("access_token"));

        var answer = byRefreshToken
            ? await client.PostAsJsonAsync("/v1/admin/auth/logout", new { refresh_token = pair.Text("refresh_token") })
            : await client.PostAsync("/v1/admin/auth/logout", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var signedOut = Host.Client(pair.Text("access_token"));
        (await signedOut.GetAsync("/v1/admin/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Host.Audit.Entries[0].Action.ShouldBe("user.signed_out");
        (await SendAsync("refresh", new { refresh_token = pair.Text("refresh_token") })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("0123456789-administrator-token-012345678X")]
    [InlineData("sig_unknown")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9.")]
    [InlineData("")]
    public async Task Bearer_NoneOfOurs_Answers401(string token)
    {
        using var client = Host.Client(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        (await (await client.GetAsync("/v1/admin/sources")).ErrorAsync(HttpStatusCode.Unauthorized)).ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task Setup_OneTimeLink_MakesTheFirstAdministrator()
    {
        await using var host = await ManageHost.StartAsync();
        using var client = host.Client(null);
        var token = host.Services.GetRequiredService<ISetupLink>().Token;
        Task<HttpResponseMessage> SetUp(string? t) => client.PostAsJsonAsync("/v1/admin/setup", new { token = t, email = "eve@example.com", name = "Eve", password = ManageHost.Password });

        (await (await client.GetAsync("/v1/admin/setup")).JsonAsync()).Text("open").ShouldBe("True");
        (await (await SetUp("setup_guess")).ErrorAsync(HttpStatusCode.Forbidden)).ShouldBe("INVALID_SETUP_TOKEN");
        (await (await SetUp(token)).JsonAsync(HttpStatusCode.Created)).Text("role").ShouldBe("admin");
        (await SetUp(token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.PostAsJsonAsync("/v1/admin/auth/login", new { email = "EVE@example.com", password = ManageHost.Password })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Setup_OnceThereIsAUser_OpensNothingMore()
    {
        await using var host = await ManageHost.StartAsync();
        var token = host.Services.GetRequiredService<ISetupLink>().Token;

        (await host.Admin.PostAsJsonAsync("/v1/admin/users", new { email = "ada@example.com", name = "Ada", role = "viewer", password = ManageHost.Password })).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var client = host.Client(null);
        (await (await client.GetAsync("/v1/admin/setup")).JsonAsync()).Text("open").ShouldBe("False");
        var late = await client.PostAsJsonAsync("/v1/admin/setup", new { token, email = "eve@example.com", name = "Eve", password = ManageHost.Password });
        (await late.ErrorAsync(HttpStatusCode.Forbidden)).ShouldBe("INVALID_SETUP_TOKEN");
    }

    [Fact]
    public async Task LogIn_WherePasswordsAreOff_SaysSo()
    {
        await using var host = await ManageHost.StartAsync(o => ManageHost.WithAdministrator(o) with { PasswordSignIn = false });

        var answer = await host.Admin.PostAsJsonAsync("/v1/admin/auth/login", new { email = ManageHost.Email, password = ManageHost.Password });

        (await answer.ErrorAsync(HttpStatusCode.Forbidden)).ShouldBe("PASSWORD_SIGN_IN_OFF");
    }

    [Fact]
    public async Task Start_AdministratorsPasswordTooShort_FailsLoud() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => ManageHost.StartAsync(o => o with { AdminEmail = ManageHost.Email, AdminPassword = "short" }))).Message.ShouldContain("password must have");

    [Fact]
    public async Task Start_AdministratorsTokenTooShort_FailsLoud() =>
        (await Should.ThrowAsync<ArgumentException>(() => ManageHost.StartAsync(o => o with { AdminToken = new string('a', 31) }))).Message.ShouldContain("32 characters");

    private async Task<JsonElement> LogInAsync() => await (await SendAsync("login", new { email = ManageHost.Email, password = ManageHost.Password })).JsonAsync();

    private async Task<HttpResponseMessage> SendAsync(string route, object body)
    {
        using var client = Host.Client(null);
        return await client.PostAsJsonAsync($"/v1/admin/auth/{route}", body);
    }
}
