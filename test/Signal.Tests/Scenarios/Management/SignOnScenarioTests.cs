using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios.Management;

/// <summary>Single sign-on with a real provider, the whole code flow through the running program.</summary>
public sealed class SignOnScenarioTests
{
    private const string Roles = "admin=ops;editor=shop";

    [Fact]
    public async Task Stranger_WithAMappedGroup_IsSignedInWithThatRole()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var signal = await StartAsync(provider);
        provider.Person = new OpenIdPerson("1", "ada@example.com", "shop", "unrelated");
        using var browser = Browser(signal);

        var page = await browser.GetStringAsync("/sign-in?return=/sources");
        var toProvider = await browser.GetAsync("/sign-on?return=/sources");
        var asked = HttpUtility.ParseQueryString(toProvider.Headers.Location!.Query);
        var back = await browser.GetAsync(toProvider.Headers.Location);
        var signedIn = await browser.GetAsync(back.Headers.Location);

        page.ShouldContain("Sign in with Example Login");
        page.ShouldContain("/sign-on?return=%2Fsources");
        toProvider.Headers.Location!.ToString().ShouldStartWith(provider.Address.ToString());
        asked["response_type"].ShouldBe("code");
        asked["code_challenge_method"].ShouldBe("S256");
        asked["nonce"].ShouldNotBeNullOrEmpty();
        asked["state"].ShouldNotBeNullOrEmpty();
        asked["redirect_uri"].ShouldBe(new Uri(signal.Manage.BaseAddress!, "/sign-on/callback").ToString());
        signedIn.Headers.Location!.ToString().ShouldBe("/sources");
        (await browser.GetAsync("/sources")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.GetAsync("/users")).StatusCode.ShouldBe(HttpStatusCode.Redirect, "an editor sees no users");
        var user = (await UsersAsync(signal)).ShouldHaveSingleItem();
        user.GetProperty("email").GetString().ShouldBe("ada@example.com");
        user.GetProperty("role").GetString().ShouldBe("editor");
        user.GetProperty("single_sign_on").GetBoolean().ShouldBeTrue();
        user.GetProperty("has_password").GetBoolean().ShouldBeFalse();
        var actions = (await signal.GetAdminAsync($"audit-logs?resource_id={user.GetProperty("id").GetString()}")).GetProperty("data").EnumerateArray().Select(e => e.GetProperty("action").GetString());
        actions.ShouldBe(["user.signed_in", "user.created"]);
        signal.Output.ShouldNotContain(OpenIdProvider.ClientSecret);
        signal.Output.ShouldNotContain(HttpUtility.ParseQueryString(back.Headers.Location!.Query)["code"]!);
    }

    [Fact]
    public async Task ClaimsFromUserInfo_AreTakenToo()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var signal = await StartAsync(provider);
        provider.Person = new OpenIdPerson("1", "ada@example.com", "ops");
        provider.ClaimsInUserInfo = true;

        (await SignOnAsync(signal)).ShouldBe("/");

        (await UsersAsync(signal)).ShouldHaveSingleItem().GetProperty("role").GetString().ShouldBe("admin");
    }

    [Fact]
    public async Task GroupsThatChangeAtTheProvider_ChangeTheRoleAndEndTheOldSession()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var signal = await StartAsync(provider);
        provider.Person = new OpenIdPerson("1", "ada@example.com", "shop");
        using var before = Browser(signal);
        await SignOnAsync(before);
        (await before.GetAsync("/sources")).StatusCode.ShouldBe(HttpStatusCode.OK);

        provider.Person = new OpenIdPerson("1", "new-address@example.com", "ops");
        (await SignOnAsync(signal)).ShouldBe("/");

        var user = (await UsersAsync(signal)).ShouldHaveSingleItem();
        user.GetProperty("role").GetString().ShouldBe("admin");
        (await before.GetAsync("/sources")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("nobody@example.com", true, "", "no_role", "None of your groups has a role here.")]
    [InlineData("ada@other.example", true, "shop", "domain", "domain that may not sign in here")]
    [InlineData("ada@example.com", false, "shop", "email_not_verified", "does not vouch for your e-mail address")]
    [InlineData(null, true, "shop", "provider", "The sign-on did not work.")]
    public async Task Refused_GetsAPageThatSaysWhy(string? email, bool verified, string groups, string reason, string words)
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var signal = await StartAsync(provider);
        provider.Person = email is null ? null : new OpenIdPerson("1", email, groups.Split(',', StringSplitOptions.RemoveEmptyEntries)) { Verified = verified };
        using var browser = Browser(signal);

        var target = await SignOnAsync(browser);

        target.ShouldBe($"/sign-in?refused={reason}");
        HttpUtility.HtmlDecode(await browser.GetStringAsync(target)).ShouldContain(words);
        (await browser.GetAsync("/sources")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await UsersAsync(signal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task UserAddedByAnAdministrator_SignsOnAndKeepsTheirRole_UntilDisabled()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var signal = await StartAsync(provider, ("SIGNAL_OIDC_ROLES", ""));
        (await SignOnAsync(signal)).ShouldBe("/sign-in?refused=not_invited");
        var made = await signal.PostAdminAsync("users", new { email = "ada@example.com", name = "Ada", role = "viewer" }, HttpStatusCode.Created);

        (await SignOnAsync(signal)).ShouldBe("/");
        await signal.PatchAdminAsync($"users/{made.GetProperty("id").GetString()}", new { enabled = false });

        (await SignOnAsync(signal)).ShouldBe("/sign-in?refused=disabled");
    }

    [Fact]
    public async Task Callback_ForgedOrPlayedAgain_SignsNobodyIn()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var signal = await StartAsync(provider);
        provider.Person = new OpenIdPerson("1", "ada@example.com", "ops");
        using var browser = Browser(signal);
        var toProvider = await browser.GetAsync("/sign-on");
        var callback = (await browser.GetAsync(toProvider.Headers.Location)).Headers.Location!;
        using var stranger = Browser(signal);

        (await stranger.GetAsync("/sign-on/callback?code=guess&state=guess")).Headers.Location!.ToString().ShouldBe("/sign-in?refused=provider");
        (await stranger.GetAsync(callback)).Headers.Location!.ToString().ShouldBe("/sign-in?refused=provider", "another browser began this");
        (await browser.GetAsync(callback)).Headers.Location!.ToString().ShouldBe("/");
        (await browser.GetAsync(callback)).Headers.Location!.ToString().ShouldBe("/sign-in?refused=provider", "it was used");
    }

    [Fact]
    public async Task PasswordsOff_TheFormIsGoneAndTheApiSaysSo()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var signal = await StartAsync(provider, ("SIGNAL_PASSWORD_SIGN_IN", "false"), ("SIGNAL_ADMIN_EMAIL", "root@example.com"), ("SIGNAL_ADMIN_PASSWORD", "correct horse battery"));
        using var browser = Browser(signal);

        (await browser.GetStringAsync("/sign-in")).ShouldNotContain("type=\"password\"");
        var login = await signal.Manage.PostAsJsonAsync("/v1/admin/auth/login", new { email = "root@example.com", password = "correct horse battery" });

        login.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await login.Content.ReadAsStringAsync()).ShouldContain("PASSWORD_SIGN_IN_OFF");
    }

    [Fact]
    public async Task ProviderThatCannotBeReached_IsAPageAndAWarning()
    {
        await using var signal = await RunningSignal.StartAsync(new Dictionary<string, string> { ["SIGNAL_OIDC_AUTHORITY"] = "http://127.0.0.1:9", ["SIGNAL_OIDC_CLIENT_ID"] = "signal" });
        using var browser = Browser(signal);

        var answer = await browser.GetAsync("/sign-on");

        answer.Headers.Location!.ToString().ShouldBe("/sign-in?refused=unreachable");
        (await browser.GetStringAsync("/sign-in?refused=unreachable")).ShouldContain("reached at this moment");
        await Eventually.Async(() => signal.Output, o => o.Contains("the provider can't be reached", StringComparison.Ordinal), () => "the warning");
        signal.Output.ShouldNotContain("   at Microsoft.");
    }

    private static Task<RunningSignal> StartAsync(OpenIdProvider provider, params (string Key, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["SIGNAL_OIDC_AUTHORITY"] = provider.Address.ToString(),
            ["SIGNAL_OIDC_CLIENT_ID"] = OpenIdProvider.ClientId,
            ["SIGNAL_OIDC_CLIENT_SECRET"] = OpenIdProvider.ClientSecret,
            ["SIGNAL_OIDC_LABEL"] = "Example Login",
            ["SIGNAL_OIDC_DOMAINS"] = "example.com",
            ["SIGNAL_OIDC_ROLES"] = Roles,
        };
        foreach (var (key, value) in more) environment[key] = value;
        return RunningSignal.StartAsync(environment);
    }

    private static HttpClient Browser(RunningSignal signal) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = signal.Manage.BaseAddress };

    private static async Task<string> SignOnAsync(RunningSignal signal)
    {
        using var browser = Browser(signal);
        return await SignOnAsync(browser);
    }

    /// <summary>Goes to the provider and back; answers where that led.</summary>
    private static async Task<string> SignOnAsync(HttpClient browser)
    {
        var toProvider = await browser.GetAsync("/sign-on");
        var back = await browser.GetAsync(toProvider.Headers.Location);
        back.StatusCode.ShouldBe(HttpStatusCode.Redirect, await back.Content.ReadAsStringAsync());
        return (await browser.GetAsync(back.Headers.Location)).Headers.Location!.ToString();
    }

    private static async Task<IReadOnlyList<JsonElement>> UsersAsync(RunningSignal signal) =>
        [.. (await signal.GetAdminAsync("users")).GetProperty("data").EnumerateArray()];
}
