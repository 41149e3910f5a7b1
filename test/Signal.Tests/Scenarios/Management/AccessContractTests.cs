using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios.Management;

/// <summary>The contract's users, tokens, sessions, audit log and limits, row by row, against the running program.</summary>
public sealed class AccessContractTests
{
    private const string Email = "ada@example.com";
    private const string Password = "correct horse battery";

    private static readonly Dictionary<string, string> Administrator = new() { ["SIGNAL_ADMIN_EMAIL"] = Email, ["SIGNAL_ADMIN_PASSWORD"] = Password };

    [Fact]
    public async Task Sessions_RotateOutliveARestartAndEndWhenATokenIsUsedTwice()
    {
        await using var signal = await RunningSignal.StartAsync(Administrator);
        var (_, first) = await signal.CallAsync(HttpMethod.Post, "auth/login", new { email = Email, password = Password });
        first.Has("access_token refresh_token expires_in").Text("expires_in").ShouldBe("900");
        (await signal.CallAsync(HttpMethod.Get, "me", token: first.Text("access_token"))).Json.Text("name").ShouldBe(Email);

        await signal.StopAsync();
        await signal.RestartAsync();
        (await signal.CallAsync(HttpMethod.Get, "me", token: first.Text("access_token"))).Answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var (_, second) = await signal.CallAsync(HttpMethod.Post, "auth/refresh", new { refresh_token = first.Text("refresh_token") });
        second.Has("access_token refresh_token expires_in");
        (await signal.CallAsync(HttpMethod.Post, "auth/refresh", new { refresh_token = first.Text("refresh_token") })).Refusal(HttpStatusCode.Unauthorized).ShouldBe("INVALID_REFRESH_TOKEN");

        (await signal.CallAsync(HttpMethod.Post, "auth/refresh", new { refresh_token = second.Text("refresh_token") })).Refusal(HttpStatusCode.Unauthorized).ShouldBe("INVALID_REFRESH_TOKEN");
        (await signal.CallAsync(HttpMethod.Get, "me", token: second.Text("access_token"))).Refusal(HttpStatusCode.Unauthorized).ShouldBe("UNAUTHENTICATED");
        (await signal.CallAsync(HttpMethod.Post, "auth/login", new { email = Email, password = "wrong" })).Refusal(HttpStatusCode.Unauthorized).ShouldBe("INVALID_CREDENTIALS");
        signal.Output.ShouldNotContain(Password);
    }

    [Fact]
    public async Task Users_AreAddedAndChangedOnTheRevisionReadOnly()
    {
        await using var signal = await RunningSignal.StartAsync(Administrator);
        var (answer, made) = await signal.CallAsync(HttpMethod.Post, "users", new { email = "bob@example.com", name = "Bob", role = "viewer", password = Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Has("id email name role created_at").Text("id").ShouldStartWith("usr_");
        made.TryGetProperty("password", out _).ShouldBeFalse();
        var path = $"users/{made.Text("id")}";
        var tag = answer.Headers.ETag!.Tag;

        (await signal.CallAsync(HttpMethod.Patch, path, new { name = "Robert" }, tag)).Json.Text("name").ShouldBe("Robert");
        (await signal.CallAsync(HttpMethod.Patch, path, new { name = "Rob" }, tag)).Refusal(HttpStatusCode.PreconditionFailed).ShouldBe("REVISION_MISMATCH");
        // Signing in is no change of the user.
        tag = (await signal.CallAsync(HttpMethod.Get, path)).Answer.Headers.ETag!.Tag;
        await signal.CallAsync(HttpMethod.Post, "auth/login", new { email = "bob@example.com", password = Password });
        (await signal.CallAsync(HttpMethod.Patch, path, new { role = "editor" }, tag)).Json.Text("role").ShouldBe("editor");
        (await signal.GetAdminAsync("users")).Rows().Count.ShouldBe(2);
        (await signal.CallAsync(HttpMethod.Delete, path)).Answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Tokens_AreShownOnceHaveARoleAndAnExpiry()
    {
        await using var signal = await RunningSignal.StartAsync();
        var soon = TimeProvider.System.GetUtcNow().AddDays(1);
        var (answer, made) = await signal.CallAsync(HttpMethod.Post, "tokens", new { name = "ci", role = "viewer", expires_at = soon });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Has("id name role expires_at token").Text("id").ShouldStartWith("tok_");
        var token = made.Text("token");

        (await signal.CallAsync(HttpMethod.Get, "sources", token: token)).Answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await signal.CallAsync(HttpMethod.Post, "sources", new { name = "S", domain = "s.example.com" }, token: token)).Refusal(HttpStatusCode.Forbidden).ShouldBe("FORBIDDEN");
        var row = (await signal.GetAdminAsync("tokens")).Rows().ShouldHaveSingleItem();
        row.GetRawText().ShouldNotContain(token);
        row.Text("last_used_at").ShouldNotBeEmpty();
        (await signal.CallAsync(HttpMethod.Delete, $"tokens/{made.Text("id")}")).Answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await signal.CallAsync(HttpMethod.Get, "sources", token: token)).Refusal(HttpStatusCode.Unauthorized).ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task IdempotencyKey_OutlivesARestart_AndShowsTheSameSecret()
    {
        await using var signal = await RunningSignal.StartAsync();
        var body = new { name = "Shop", domain = "shop.example.com" };
        var (first, made) = await signal.CallAsync(HttpMethod.Post, "sources", body, key: "k-1");

        await signal.KillAsync();
        await signal.RestartAsync();
        var (again, same) = await signal.CallAsync(HttpMethod.Post, "sources", body, key: "k-1");

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        same.GetRawText().ShouldBe(made.GetRawText());
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Headers.ETag.ShouldBe(first.Headers.ETag);
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await signal.CallAsync(HttpMethod.Post, "sources", new { name = "Other", domain = "shop.example.com" }, key: "k-1")).Refusal(HttpStatusCode.UnprocessableEntity).ShouldBe("IDEMPOTENCY_KEY_REUSED");
        (await signal.GetAdminAsync("sources")).Rows().Count.ShouldBe(1);
        File.ReadAllBytes(Path.Combine(signal.DataDirectory, "state.db")).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(made.Text("secret"))).ShouldBe(-1);
    }

    [Fact]
    public async Task IdempotencyKey_OfManyAtOnce_MakesOne()
    {
        await using var signal = await RunningSignal.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => signal.CallAsync(HttpMethod.Post, "tokens", new { name = "ci", role = "viewer" }, key: "k-1")));

        answers.Select(a => a.Json.Text("token")).Distinct().Count().ShouldBe(1);
        (await signal.GetAdminAsync("tokens")).Rows().Count.ShouldBe(1);
    }

    [Fact]
    public async Task AuditLog_TellsWhoWhatWhenAndFromWhere_FilteredAndExported()
    {
        await using var signal = await RunningSignal.StartAsync();
        var source = await signal.CreateSourceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/admin/sources/{source.Text("id")}") { Content = new StringContent("""{"name":"=HYPERLINK(1)"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        (await signal.Manage.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var row = (await signal.GetAdminAsync($"audit-logs?action=source.updated&resource_id={source.Text("id")}&actor=token:SIGNAL_ADMIN_TOKEN")).Rows().ShouldHaveSingleItem();
        row.Has("id at actor action resource_type resource_id changes ip").Text("id").ShouldStartWith("log_");
        row.Text("ip").ShouldBe("203.0.113.7", "a trusted proxy said so");
        row.GetProperty("changes").GetProperty("name").Has("old new").Text("old").ShouldBe("Web shop");
        (await signal.GetAdminAsync("audit-logs?from=2999-01-01T00:00:00Z")).Rows().ShouldBeEmpty();
        (await signal.GetAdminAsync("audit-logs?to=2999-01-01T00:00:00Z")).Rows().Count.ShouldBe(2);

        var csv = await signal.Manage.GetStringAsync("/v1/admin/audit-logs/export?format=csv");
        csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        csv.ShouldStartWith("id,at,actor,action,");
        var lines = (await signal.Manage.GetStringAsync("/v1/admin/audit-logs/export?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(l => JsonDocument.Parse(l).RootElement.Text("action")).ShouldBe(["source.updated", "source.created"]);
    }

    [Fact]
    public async Task RateLimit_IsPerUser_AndSaysWhenToComeBack()
    {
        await using var signal = await RunningSignal.StartAsync(new Dictionary<string, string> { ["SIGNAL_MANAGE_RATE_LIMIT"] = "5" });
        var (_, made) = await signal.CallAsync(HttpMethod.Post, "tokens", new { name = "other", role = "viewer" });

        var answers = new List<(HttpResponseMessage Answer, JsonElement Json)>();
        for (var i = 0; i < 6; i++) answers.Add(await signal.CallAsync(HttpMethod.Get, "sources", token: made.Text("token")));

        answers[^1].Refusal(HttpStatusCode.TooManyRequests).ShouldBe("RATE_LIMITED");
        answers[^1].Answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        answers[0].Answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await signal.CallAsync(HttpMethod.Get, "sources")).Answer.StatusCode.ShouldBe(HttpStatusCode.OK, "another user has a limit of their own");
    }

    [Fact]
    public async Task WrongAddresses_AnswerTheEnvelope()
    {
        await using var signal = await RunningSignal.StartAsync();

        (await signal.CallAsync(HttpMethod.Get, "nothing")).Refusal(HttpStatusCode.NotFound).ShouldBe("NOT_FOUND");
        (await signal.CallAsync(HttpMethod.Delete, "sources")).Refusal(HttpStatusCode.MethodNotAllowed).ShouldBe("METHOD_NOT_ALLOWED");
        (await signal.CallAsync(HttpMethod.Post, "sources", "{")).Refusal(HttpStatusCode.BadRequest).ShouldBe("MALFORMED_JSON");
        using var form = await signal.Manage.PostAsync("/v1/admin/sources", new FormUrlEncodedContent([new("name", "x")]));
        form.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await form.Content.ReadAsStringAsync()).ShouldContain("UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task BehindATlsProxy_TheSessionCookieIsSecure()
    {
        await using var signal = await RunningSignal.StartAsync(Administrator);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = signal.Manage.BaseAddress };
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var page = await browser.GetAsync("/sign-in");
        var html = await page.Content.ReadAsStringAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["_handler"] = "sign-in",
                ["__RequestVerificationToken"] = Console.ConsoleHost.TokenOf(html),
                ["Form.Email"] = Email,
                ["Form.Password"] = Password,
            }),
        };
        request.Headers.Add("Cookie", string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0])));

        var answer = await browser.SendAsync(request);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("signal_session=", StringComparison.Ordinal));
        cookie.ShouldContain("; secure", Case.Insensitive);
        cookie.ShouldContain("; httponly", Case.Insensitive);
    }
}
