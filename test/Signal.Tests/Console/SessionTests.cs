using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.State;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>Signing in, staying signed in, and being out at once.</summary>
public class SessionTests
{
    [Fact]
    public async Task SignIn_RightPassword_OpensTheOverview()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await ConsoleHost.SignInAsync(browser, ConsoleHost.Email, ConsoleHost.Password);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("signal_session=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        (await browser.GetStringAsync("/")).ShouldContain("Overview");
    }

    [Theory]
    [InlineData("/sign-in?return=%2Fintegrations", "/integrations")]
    [InlineData("/sign-in?return=https%3A%2F%2Fevil.example", "/")]
    [InlineData("/sign-in?return=%2F%2Fevil.example", "/")]
    [InlineData("/sign-in?return=%2F%5Cevil.example", "/")]
    [InlineData("/sign-in?return=%2F%09%2Fevil.example", "/")]
    [InlineData("/sign-in?return=%2F%0D%0ASet-Cookie%3A%20a%3Db", "/")]
    [InlineData("/sign-in?return=%2F..%2F%2Fevil.example", "/")]
    [InlineData("/sign-in?return=%2Fsign-out", "/")]
    [InlineData("/sign-in?return=%2Fevents%3Fsearch%3D%C3%A9%20%E2%80%A8", "/events?search=%C3%A9%20%E2%80%A8")]
    public async Task SignIn_WithReturn_GoesOnlyToOurOwnPages(string path, string target)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await ConsoleHost.SignInAsync(browser, ConsoleHost.Email, ConsoleHost.Password, path);

        new Uri(host.Address, answer.Headers.Location!).ShouldBe(new Uri(host.Address, target));
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysSoAndNotWhich()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var wrong = await ConsoleHost.SignInAsync(browser, ConsoleHost.Email, "wrong horse battery");
        var unknown = await ConsoleHost.SignInAsync(browser, "nobody@example.com", "wrong horse battery");

        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("E-mail address or password is wrong.");
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("E-mail address or password is wrong.");
    }

    [Fact]
    public async Task SignIn_AfterFiveWrongPasswords_IsLockedAndSaysForHowLong()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();
        for (var i = 0; i < 5; i++) await ConsoleHost.SignInAsync(browser, ConsoleHost.Email, "wrong horse battery");

        var answer = await ConsoleHost.SignInAsync(browser, ConsoleHost.Email, ConsoleHost.Password);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Try again in 15 min");
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["Form.Email"] = ConsoleHost.Email,
            ["Form.Password"] = ConsoleHost.Password,
        }));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task SignOut_WithoutTheFormsToken_IsRefused_AndWithIt_EndsTheSession()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync();

        (await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = await browser.GetStringAsync("/");
        var answer = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", ConsoleHost.TokenOf(page))]));

        answer.Headers.Location!.OriginalString.ShouldBe("/sign-in");
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task SignOut_MakesACookieThatWasCopiedWorthless_AndOnlyThatSessions()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();
        using var elsewhere = await host.SignedInAsync();
        var signedIn = await ConsoleHost.SignInAsync(browser, ConsoleHost.Email, ConsoleHost.Password);
        using var thief = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
        thief.DefaultRequestHeaders.Add("Cookie", signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("signal_session=", StringComparison.Ordinal)).Split(';')[0]);
        (await thief.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", ConsoleHost.TokenOf(await browser.GetStringAsync("/")))]));

        (await thief.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await elsewhere.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_ManyFromOneNetwork_IsLimitedAndSaysForHowLong()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();
        for (var i = 0; i < 30; i++) (await ConsoleHost.SignInAsync(browser, $"user{i}@example.com", "wrong horse battery")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var answer = await ConsoleHost.SignInAsync(browser, ConsoleHost.Email, ConsoleHost.Password);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Too many sign-ins from your network.");
    }

    [Fact]
    public async Task Page_OfARemovedUser_AsksToSignIn()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.UserAsync("vera@example.com", Roles.Viewer);
        using var browser = await host.SignedInAsync("vera@example.com");
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var vera = (await host.Services.GetRequiredService<IAccountStore>().UserByEmailAsync("vera@example.com", CancellationToken.None))!;

        await host.Services.GetRequiredService<Accounts>().RemoveAsync(vera.Id, null, Actor.System, CancellationToken.None);

        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("disabled")]
    public async Task Page_AfterAChangeThatEndsSessions_AsksToSignIn(string what)
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.UserAsync("vera@example.com", Roles.Editor);
        using var browser = await host.SignedInAsync("vera@example.com");
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var vera = (await host.Services.GetRequiredService<IAccountStore>().UserByEmailAsync("vera@example.com", CancellationToken.None))!;
        var change = what switch
        {
            "password" => new UserPatch { Password = "another horse battery" },
            "role" => new UserPatch { Role = Roles.Viewer },
            _ => new UserPatch { Enabled = false },
        };

        (await host.Services.GetRequiredService<Accounts>().ChangeAsync(vera.Id, change, vera.Revision, Actor.System, CancellationToken.None)).ShouldBeOfType<Outcome<User>.Done>();

        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task SetUp_WithThePrintedLink_MakesTheFirstAdministratorOnce()
    {
        await using var host = await ConsoleHost.StartAsync(withAdministrator: false);
        using var browser = host.Browser();
        var link = $"/setup?token={Uri.EscapeDataString(host.Services.GetRequiredService<ISetupLink>().Token!)}";
        var form = await browser.GetStringAsync(link);

        var answer = await browser.PostAsync(link, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "setup",
            ["__RequestVerificationToken"] = ConsoleHost.TokenOf(form),
            ["Form.Token"] = host.Services.GetRequiredService<ISetupLink>().Token!,
            ["Form.Name"] = "Ada",
            ["Form.Email"] = ConsoleHost.Email,
            ["Form.Password"] = ConsoleHost.Password,
        }));

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/users")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.GetStringAsync(link)).ShouldContain("set up already");
    }
}
