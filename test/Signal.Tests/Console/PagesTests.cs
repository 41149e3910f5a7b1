using System.Net;
using Shouldly;
using Signal.Manage.Access;
using Signal.Record;
using Signal.State;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>The pages as the server sends them.</summary>
public class PagesTests
{
    private const string Attack = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>";

    public static TheoryData<string> Paths() =>
        ["/", "/sources", "/integrations", "/integrations/new", "/integrations/new?vendor=matomo", "/events", "/users", "/tokens", "/audit", "/privacy", "/alerts", "/health"];

    [Theory]
    [MemberData(nameof(Paths))]
    [InlineData("/audit/export")]
    [InlineData("/privacy/export?user_id=u")]
    [InlineData("/sources/src_1")]
    [InlineData("/integrations/int_1/events")]
    public async Task Page_WithoutASession_AsksToSignIn(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.AbsolutePath.ShouldBe("/sign-in");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Page_OfAnEmptyInstallation_IsWhole(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync();

        var answer = await browser.GetAsync(path);
        var html = await answer.Content.ReadAsStringAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        html.ShouldContain("<h1");
        html.ShouldNotContain("could not be loaded");
        html.ShouldNotContain("Something went wrong");
    }

    [Theory]
    [InlineData("/users")]
    [InlineData("/tokens")]
    [InlineData("/audit")]
    [InlineData("/privacy")]
    [InlineData("/audit/export")]
    [InlineData("/privacy/export?user_id=u")]
    public async Task AdministratorsPage_ForAnEditor_IsRefused(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.UserAsync("ed@example.com", Roles.Editor);
        using var browser = await host.SignedInAsync("ed@example.com");

        (await browser.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Page_ThatDoesNotExist_SaysSoToPeople()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        var answer = await browser.GetAsync("/no-such-page");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("There is no such page.");
    }

    [Fact]
    public async Task Page_ForAViewer_OffersNoChange()
    {
        await using var host = await ConsoleHost.StartAsync();
        var integration = await host.IntegrationAsync();
        await host.UserAsync("vera@example.com", Roles.Viewer);
        using var browser = await host.SignedInAsync("vera@example.com");

        (await browser.GetStringAsync("/sources")).ShouldNotContain("Add source");
        (await browser.GetStringAsync("/integrations")).ShouldNotContain("/integrations/new");
        var settings = await browser.GetStringAsync($"/integrations/{integration.Id}/settings");
        settings.ShouldNotContain("Test connection");
        settings.ShouldNotContain(">Remove<");
        (await browser.GetStringAsync("/")).ShouldNotContain("href=\"/users\"");
    }

    [Fact]
    public async Task Page_Always_SendsAStrictContentSecurityPolicy()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync();

        var answer = await browser.GetAsync("/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        var html = await answer.Content.ReadAsStringAsync();

        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
        // The policy forbids inline scripts and other hosts: the page must have none.
        html.ShouldNotMatch("<script(?![^>]*src=)[^>]*>");
        html.ShouldNotMatch("(src|href)=\"https?://");
    }

    [Theory]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.js")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/console/console.css")]
    [InlineData("/console/console.js")]
    public async Task File_OfTheConsole_IsServedByUs(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        (await browser.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Page_ShowingWhatVisitorsSent_EncodesIt()
    {
        await using var host = await ConsoleHost.StartAsync();
        var integration = await host.IntegrationAsync(Attack);
        host.Delivery.Records.Add(Record(integration.Id));
        host.Delivery.Letters.Add(Letter(integration.Id));
        host.Feed.Publish(new FeedItem(DateTimeOffset.UtcNow, "accepted", integration.SourceId, null, "evt_1", Attack, "track", Attack, Attack, null, Attack));
        using var browser = await host.SignedInAsync();

        foreach (var path in new[] { "/", "/integrations", "/events", "/events/evt_1", $"/sources/{integration.SourceId}", "/audit" }.Concat(Tabs(integration.Id)))
        {
            var html = await browser.GetStringAsync(path);
            html.ShouldNotContain("<script>alert", customMessage: path);
            html.ShouldNotContain("<img src=x", customMessage: path);
        }

        (await browser.GetStringAsync($"/integrations/{integration.Id}/events")).ShouldContain("&lt;script&gt;alert(1)");
    }

    [Theory]
    [InlineData("search=find-me", "evt_dropped")]
    [InlineData("stage=delivered", "evt_delivered")]
    [InlineData("named=product%20viewed", "evt_dropped")]
    [InlineData("visitor=visitor-a", "evt_accepted")]
    [InlineData("reason=bot", "evt_dropped")]
    [InlineData("", "evt_accepted,evt_dropped")]
    public async Task LiveEventsOfASource_TakeEachFilter(string query, string shown)
    {
        await using var host = await ConsoleHost.StartAsync();
        var integration = await host.IntegrationAsync();
        FeedItem Item(string stage, string? to, string name, string visitor, string? reason, string? detail) =>
            new(DateTimeOffset.UtcNow, stage, integration.SourceId, to, $"evt_{stage}", "m", "track", name, visitor, reason, detail);
        host.Feed.Publish(Item("accepted", null, "Order Completed", "visitor-a", null, null));
        host.Feed.Publish(Item("dropped", null, "Product Viewed", "visitor-b", "bot", "find-me"));
        host.Feed.Publish(Item("delivered", integration.Id, "Order Completed", "visitor-c", null, null));
        host.Feed.Publish(Item("retrying", null, "Elsewhere", "visitor-d", "http_503", null) with { SourceId = "src_other" });
        using var browser = await host.SignedInAsync();

        var html = await browser.GetStringAsync($"/sources/{integration.SourceId}?{query}");

        string.Join(",", new[] { "evt_accepted", "evt_delivered", "evt_dropped", "evt_retrying" }.Where(id => html.Contains($"/events/{id}\"", StringComparison.Ordinal))).ShouldBe(shown);
    }

    [Theory]
    [InlineData("outcome=dropped", "evt_2")]
    [InlineData("named=Page", "evt_1")]
    [InlineData("visitor=visitor-b", "evt_2")]
    [InlineData("reason=too_old", "evt_2")]
    [InlineData("visitor=visitor-b&reason=bot", "")]
    public async Task RecentEventsOfAnIntegration_TakeEachFilter(string query, string shown)
    {
        await using var host = await ConsoleHost.StartAsync();
        var integration = await host.IntegrationAsync();
        host.Delivery.Records.Add(Record(integration.Id) with { Event = "Page", AnonymousId = "visitor-a", Reason = null, Outcome = DeliveryOutcome.Delivered });
        host.Delivery.Records.Add(Record(integration.Id) with { EventId = "evt_2", AnonymousId = "visitor-b", Reason = "too_old", Outcome = DeliveryOutcome.Dropped });
        using var browser = await host.SignedInAsync();

        var html = await browser.GetStringAsync($"/integrations/{integration.Id}/events?{query}");

        string.Join(",", new[] { "evt_1", "evt_2" }.Where(id => html.Contains($"event={id}\"", StringComparison.Ordinal))).ShouldBe(shown);
    }

    [Fact]
    public async Task Health_BelowAdministrators_KeepsTheSettingsInForceToItself()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.UserAsync("eddie@example.com", Roles.Editor);
        using var administrator = await host.SignedInAsync();
        using var editor = await host.SignedInAsync("eddie@example.com");

        (await administrator.GetStringAsync("/health")).ShouldContain("SIGNAL_ADMIN_EMAIL");
        (await editor.GetStringAsync("/health")).ShouldNotContain("SIGNAL_ADMIN_EMAIL");
    }

    [Fact]
    public async Task Audit_ByDays_ShowsAndExportsTheReadersDays_AndNamesUsers()
    {
        await using var host = await ConsoleHost.StartAsync();
        var ada = host.Audit.Entries.First(e => e.Action == "user.created").ResourceId;
        AuditEntry Entry(string id, string at) => new(id, DateTimeOffset.Parse(at), "somebody", "user.updated", "user", ada, new Dictionary<string, AuditChange>(), null);
        foreach (var entry in new[] { Entry("log_a", "2026-02-28T22:30:00Z"), Entry("log_b", "2026-02-28T23:30:00Z"), Entry("log_c", "2026-03-01T22:30:00Z"), Entry("log_d", "2026-03-01T23:30:00Z") }) host.Audit.Append(entry);
        using var browser = await host.SignedInAsync();
        browser.DefaultRequestHeaders.Add("Cookie", "signal_zone=Europe%2FBerlin");

        var page = await browser.GetStringAsync("/audit?from=2026-03-01&to=2026-03-01&action=user.updated");
        var export = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(page, "href=\"([^\"]*/audit/export[^\"]*)\"").Groups[1].Value);
        var lines = (await browser.GetStringAsync(export)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        page.Split("user.updated</td>").Length.ShouldBe(3, "the two of that day in Berlin");
        page.ShouldContain($">{ConsoleHost.Email}</a>");
        lines.Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()).Order().ShouldBe(["log_b", "log_c"]);
    }

    [Fact]
    public async Task Page_OfAnIntegration_NeverHoldsItsToken()
    {
        await using var host = await ConsoleHost.StartAsync();
        var integration = await host.IntegrationAsync();
        using var browser = await host.SignedInAsync();

        foreach (var path in Tabs(integration.Id).Append("/audit").Append("/integrations"))
            (await browser.GetStringAsync(path)).ShouldNotContain("0123456789abcdef0123456789abcdef", customMessage: path);
    }

    private static IEnumerable<string> Tabs(string id) =>
        new[] { "overview", "events", "events?event=evt_1", "mapping", "dead-letters", "settings", "history" }.Select(t => $"/integrations/{id}/{t}");

    private static DeliveryRecord Record(string integration) => new()
    {
        IntegrationId = integration,
        EventId = "evt_1",
        MessageId = Attack,
        Type = "track",
        Event = Attack,
        AnonymousId = Attack,
        ReceivedAt = DateTimeOffset.UtcNow,
        Outcome = DeliveryOutcome.DeadLetter,
        Reason = Attack,
        StatusCode = 400,
        Attempts = 1,
        Warnings = [Attack],
        Request = "action_name=" + Uri.EscapeDataString(Attack),
        Response = Attack,
    };

    private static DeadLetter Letter(string integration) => new()
    {
        Id = "dl_1",
        IntegrationId = integration,
        EventId = "evt_1",
        MessageId = Attack,
        Type = "track",
        Event = Attack,
        AnonymousId = Attack,
        Reason = Attack,
        Message = Attack,
        FailedAt = DateTimeOffset.UtcNow,
        Response = Attack,
        Payload = [],
    };
}
