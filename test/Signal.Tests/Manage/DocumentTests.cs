using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Signal.Manage.Access;
using Xunit;

namespace Signal.Tests.Manage;

public sealed partial class DocumentTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private ManageHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ManageHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Document_IsTheApprovedOne()
    {
        using var client = _host.Client(null);
        var document = JsonSerializer.Serialize(await (await client.GetAsync("/openapi/v1.json")).JsonAsync(), Indented) + "\n";

        // Run with SIGNAL_APPROVE=1 to take the present document as the approved one, then look at the difference.
        var approved = Path.Combine(ProjectFolder(), "Manage", "openapi.approved.json");
        if (Environment.GetEnvironmentVariable("SIGNAL_APPROVE") == "1") await File.WriteAllTextAsync(approved, document);
        var (present, agreed) = (document.Split('\n'), (await File.ReadAllTextAsync(approved)).Split('\n'));
        var line = present.Zip(agreed).TakeWhile(p => p.First == p.Second).Count();
        line.ShouldBe(Math.Max(present.Length, agreed.Length), $"It differs from line {line + 1} on: {present.ElementAtOrDefault(line)}");
    }

    [Fact]
    public async Task Document_DescribesEveryRouteWhole()
    {
        using var client = _host.Client(null);
        var document = await (await client.GetAsync("/openapi/v1.json")).JsonAsync();

        document.Text("openapi").ShouldStartWith("3.1");
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject(), (p, o) => (Route: $"{o.Name.ToUpperInvariant()} {p.Name["/v1/admin".Length..]}", Operation: o.Value)).ToList();
        operations.Select(o => o.Route).Order().ShouldBe(Rights.Table.Keys.Order());
        operations.Select(o => o.Operation.Text("operationId")).ShouldBeUnique();
        foreach (var (route, operation) in operations)
        {
            operation.Text("summary").ShouldNotBeNullOrWhiteSpace(route);
            operation.TryGetProperty("security", out _).ShouldBe(Rights.Table[route] != Rights.Anyone, route);
            operation.GetProperty("responses").GetProperty("default").GetRawText().ShouldContain("#/components/schemas/Error", Case.Sensitive, route);
            operation.GetProperty("responses").EnumerateObject().ShouldContain(r => r.Name.StartsWith('2'), route);
            if (route.StartsWith("PUT", StringComparison.Ordinal) || route.StartsWith("PATCH", StringComparison.Ordinal)) operation.TryGetProperty("requestBody", out _).ShouldBeTrue(route);
        }
    }

    [Fact]
    public async Task Page_LoadsNothingFromAnotherHost()
    {
        using var client = _host.Client(null);

        var page = await client.GetStringAsync("/docs/");

        page.ShouldContain("scalar");
        foreach (Match address in ForeignAddress().Matches(page)) address.Value.ShouldBeEmpty();
        var script = ScriptAddress().Match(page).Groups[1].Value;
        script.ShouldNotBeEmpty();
        (await client.GetAsync(new Uri(new Uri(_host.Address, "/docs/"), script))).IsSuccessStatusCode.ShouldBeTrue();
    }

    [GeneratedRegex("(?:src|href)=\"(?:https?:)?//[^\"]+\"")]
    private static partial Regex ForeignAddress();

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex ScriptAddress();

    private static string ProjectFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Signal.slnx"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "test", "Signal.Tests");
    }
}
