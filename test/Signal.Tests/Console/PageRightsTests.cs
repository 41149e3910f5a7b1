using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Shouldly;
using Signal.Manage.Access;
using Signal.Tests.Hosting;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>The console asks the API's table of rights: each page for each role, and every action by a route that exists.</summary>
public sealed partial class PageRightsTests : IAsyncLifetime
{
    // The first part of a page's address to the route of the API whose right it needs. A page that is not here fails the test.
    private static readonly Dictionary<string, string> Shows = new()
    {
        [""] = "GET /overview",
        ["sources"] = "GET /sources",
        ["integrations"] = "GET /integrations",
        ["alerts"] = "GET /alerts",
        ["events"] = "GET /events",
        ["health"] = "GET /overview",
        ["users"] = "GET /users",
        ["tokens"] = "GET /tokens",
        ["audit"] = "GET /audit-logs",
        ["account"] = "GET /me",
        ["privacy"] = "GET /visitors",
    };

    // For people without a session too, or what a refusal leads to.
    private static readonly string[] ForAnyone = ["sign-in", "setup", "denied", "not-found"];

    private ConsoleHost _host = null!;

    public static TheoryData<string> Everyone => [.. Roles.All];

    public async ValueTask InitializeAsync() => _host = await ConsoleHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task EveryPage_ForThisRole_IsOpenOrShutAsTheTableSays(string role)
    {
        await _host.UserAsync($"{role}@example.com", role);
        using var browser = await _host.SignedInAsync($"{role}@example.com");
        foreach (var page in Pages())
        {
            using var answer = await browser.GetAsync(Parameter().Replace(page, "x"));

            var open = Roles.AtLeast(Rights.Table[Shows[Part(page)]]).Contains(role);
            if (open) answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.NotFound], $"{role} {page}");
            else answer.Headers.Location.ShouldNotBeNull($"{role} {page}").AbsolutePath.ShouldBe("/denied", $"{role} {page}");
        }
    }

    [Fact]
    public void EveryAction_NamesARouteOfTheTable()
    {
        var folder = Path.Combine(Repository.Root, "src", "Signal", "Console");
        var named = Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .SelectMany(f => Action().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct().ToList();

        named.ShouldNotBeEmpty();
        named.Where(route => !Rights.Table.ContainsKey(route)).ShouldBeEmpty();
    }

    private static List<string> Pages()
    {
        var pages = typeof(Signal.Console.ConsoleOptions).Assembly.GetTypes()
            .SelectMany(t => t.GetCustomAttributes(typeof(RouteAttribute), inherit: false).Cast<RouteAttribute>().Select(r => r.Template)).ToList();
        pages.Count.ShouldBeGreaterThan(Shows.Count);
        return [.. pages.Where(p => !ForAnyone.Contains(Part(p)))];
    }

    private static string Part(string page) => page.Split('/')[1];

    [GeneratedRegex("{[^}]+}")]
    private static partial Regex Parameter();

    [GeneratedRegex("""(?:ForAsync\(|MayAsync\(|\bRoute=)"([A-Z]+ /[^"]*)""")]
    private static partial Regex Action();
}
