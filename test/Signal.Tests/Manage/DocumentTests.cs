using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Signal.Manage.Access;
using Signal.Manage.Documents;
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
            operation.GetProperty("security")[0].TryGetProperty("bearer", out _).ShouldBe(Rights.Table[route] != Rights.Anyone, route);
            operation.GetProperty("responses").GetProperty("default").GetRawText().ShouldContain("#/components/schemas/Error", Case.Sensitive, route);
            operation.GetProperty("responses").EnumerateObject().ShouldContain(r => r.Name.StartsWith('2'), route);
            if (route.StartsWith("PUT", StringComparison.Ordinal) || route.StartsWith("PATCH", StringComparison.Ordinal)) operation.TryGetProperty("requestBody", out _).ShouldBeTrue(route);
        }
    }

    [Fact]
    public async Task Creates_TakeAnIdempotencyKey_AndChangesOfRevisionsTakeIfMatch()
    {
        using var client = _host.Client(null);
        var document = await (await client.GetAsync("/openapi/v1.json")).JsonAsync();
        var tagged = new[] { "/sources/{id}", "/integrations/{id}", "/users/{id}", "/alert-rules/{id}", "/alert-channels/{id}" };

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var (name, takes) = (path.Name["/v1/admin".Length..], operation.Value.GetRawText());
                var creates = operation.Name == "post" && operation.Value.GetProperty("responses").EnumerateObject().Any(r => r.Name is "201" or "202");
                // The set-up link works once by itself.
                takes.Contains("\"Idempotency-Key\"", StringComparison.Ordinal).ShouldBe(creates && name != "/setup", $"{operation.Name} {name}");
                if (operation.Name is "put" or "patch" or "delete" && tagged.Contains(name)) takes.ShouldContain("\"If-Match\"", Case.Sensitive, $"{operation.Name} {name}");
            }
        }
    }

    [Fact]
    public async Task Tags_AreEachExplained()
    {
        using var client = _host.Client(null);
        var document = await (await client.GetAsync("/openapi/v1.json")).JsonAsync();

        foreach (var tag in document.GetProperty("tags").EnumerateArray()) tag.Text("description").ShouldNotBeNullOrWhiteSpace(tag.Text("name"));
    }

    [Fact]
    public async Task Examples_AreThereForTheirOperations()
    {
        using var client = _host.Client(null);
        var document = await (await client.GetAsync("/openapi/v1.json")).JsonAsync();
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).ToDictionary(o => o.Value.Text("operationId"), o => o.Value);

        foreach (var (operation, _) in Examples.Bodies)
            operations[operation].GetProperty("requestBody").GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _).ShouldBeTrue(operation);
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
