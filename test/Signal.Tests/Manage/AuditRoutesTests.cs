using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Manage.Access;
using Xunit;

namespace Signal.Tests.Manage;

/// <summary>Every route that changes something leaves exactly one line in the audit log; the routes are those of the table of rights.</summary>
public sealed class AuditRoutesTests : IAsyncLifetime
{
    private const string User = """{"email":"bob@example.com","name":"Bob","role":"viewer","password":"a long password"}""";
    private const string Channel = """{"name":"Ops","type":"webhook","url":"https://hooks.example.com/services/T0/B0/xyz"}""";
    private const string Visitor = """{"anonymous_id":"visitor-a"}""";

    // They read, although they are posts; a refresh changes nothing but the token.
    private static readonly string[] ChangeNothing = ["POST /auth/refresh", "POST /integrations/{id}/preview", "POST /integrations/{id}/test"];

    // What has to be there first, and the body that goes to the route. {id} is the thing's id.
    private static readonly Dictionary<string, (Func<AuditRoutesTests, Task<string>> First, string? Body)> Acts = new()
    {
        ["POST /auth/login"] = (t => t.UserAsync(), """{"email":"bob@example.com","password":"a long password"}"""),
        ["POST /auth/logout"] = (t => t.SessionAsync(), """{"refresh_token":"{id}"}"""),
        ["POST /setup"] = (t => Task.FromResult(t._host.Services.GetRequiredService<ISetupLink>().Token!), """{"token":"{id}","email":"eve@example.com","name":"Eve","password":"a long password"}"""),
        ["PUT /me/password"] = (t => t.SignedInAsync(), """{"current_password":"a long password","new_password":"another password"}"""),
        ["POST /me/sign-out"] = (t => t.SignedInAsync(), null),
        ["POST /sources"] = (Nothing, """{"name":"Shop","domain":"shop.example.com"}"""),
        ["PUT /sources/{id}"] = (t => t.SourceAsync(), """{"name":"Shop 2","domain":"shop.example.com"}"""),
        ["PATCH /sources/{id}"] = (t => t.SourceAsync(), """{"name":"Shop 2"}"""),
        ["DELETE /sources/{id}"] = (t => t.SourceAsync(), null),
        ["POST /sources/{id}/rotate-key"] = (t => t.SourceAsync(), "{}"),
        ["POST /integrations"] = (t => t.SourceAsync(), Some.SeedJson),
        ["PUT /integrations/{id}"] = (t => t.IntegrationAsync(), Some.SeedJson.Replace("Production", "Staging", StringComparison.Ordinal)),
        ["PATCH /integrations/{id}"] = (t => t.IntegrationAsync(), """{"name":"Second"}"""),
        ["DELETE /integrations/{id}"] = (t => t.IntegrationAsync(), null),
        ["POST /integrations/{id}/rollback"] = (t => t.IntegrationAsync(), """{"revision":1}"""),
        ["POST /integrations/{id}/dead-letters/replay"] = (t => t.LetterAsync(), """{"all":true}"""),
        ["POST /integrations/{id}/dead-letters/discard"] = (t => t.LetterAsync(), """{"all":true}"""),
        ["DELETE /integrations/{id}/dead-letters/{letter}"] = (t => t.LetterAsync(), null),
        ["POST /integrations/{id}/replay"] = (t => t.IntegrationAsync(), """{"from":"2026-02-01T00:00:00Z"}"""),
        ["DELETE /integrations/{id}/replays/{replay}"] = (t => t.ReplayAsync(), null),
        ["DELETE /visitors/{id}"] = (t => t.VisitorAsync(), null),
        ["POST /visitors/export"] = (t => t.VisitorAsync(), Visitor),
        ["POST /visitors/erase"] = (t => t.VisitorAsync(), Visitor),
        ["POST /users"] = (Nothing, User),
        ["PATCH /users/{id}"] = (t => t.UserAsync(), """{"name":"Robert"}"""),
        ["DELETE /users/{id}"] = (t => t.UserAsync(), null),
        ["POST /users/{id}/sign-out"] = (t => t.UserAsync(), null),
        ["POST /tokens"] = (Nothing, """{"name":"ci","role":"viewer"}"""),
        ["DELETE /tokens/{id}"] = (t => t.TokenAsync(), null),
        ["POST /alert-rules"] = (t => t.IntegrationAsync(), """{"kind":"delivery_failing","scope":"{id}"}"""),
        ["PATCH /alert-rules/{id}"] = (_ => Task.FromResult("rule_disk"), """{"days":7}"""),
        ["DELETE /alert-rules/{id}"] = (t => t.AlertRuleAsync(), null),
        ["POST /alert-channels"] = (Nothing, Channel),
        ["PATCH /alert-channels/{id}"] = (t => t.AlertChannelAsync(), """{"name":"Operations"}"""),
        ["DELETE /alert-channels/{id}"] = (t => t.AlertChannelAsync(), null),
        ["POST /alert-channels/{id}/test"] = (t => t.AlertChannelAsync(), null),
        ["POST /backups"] = (Nothing, """{"target":"/var/backups/monday.tar","taken_at":"2026-03-01T03:00:00Z","bytes":4096}"""),
        ["PUT /configuration"] = (Nothing, """{"sources":[{"id":"src_a","name":"A","domain":"a.example.com"}]}"""),
    };

    private ManageHost _host = null!;
    private HttpClient _client = null!;

    public static TheoryData<string> Routes => [.. Rights.Table.Keys.Where(r => !r.StartsWith("GET ", StringComparison.Ordinal)).Except(ChangeNothing)];

    public async ValueTask InitializeAsync()
    {
        _host = await ManageHost.StartAsync();
        _client = _host.Admin;
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_ThatChangesSomething_LeavesOneLine(string route)
    {
        var (first, body) = Acts[route];
        var id = await first(this);
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1].Replace("{id}", id, StringComparison.Ordinal).Replace("{letter}", "dl_1", StringComparison.Ordinal).Replace("{replay}", "rpl_1", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/admin" + path) { Content = body is null ? null : Some.Json(body.Replace("{id}", id, StringComparison.Ordinal)) };
        var before = _host.Audit.Entries.Count;

        using var answer = await _client.SendAsync(request);

        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        var entry = _host.Audit.Entries.Take(_host.Audit.Entries.Count - before).ShouldHaveSingleItem();
        entry.Actor.ShouldNotBeNullOrEmpty();
        entry.Ip.ShouldBe("127.0.0.1");
        entry.Action.ShouldStartWith(entry.ResourceType + ".");
    }

    [Fact]
    public void Routes_ThatChangeNothing_AreStillRoutes() => ChangeNothing.ShouldAllBe(r => Rights.Table.ContainsKey(r));

    private static Task<string> Nothing(AuditRoutesTests test) => Task.FromResult("");

    private async Task<string> SourceAsync() => (await _host.SourceAsync()).Text("id");

    private async Task<string> IntegrationAsync() => (await _host.IntegrationAsync()).Text("id");

    private async Task<string> LetterAsync()
    {
        var id = await IntegrationAsync();
        _host.Delivery.Letters.Add(Some.Letter(id, "dl_1"));
        return id;
    }

    private async Task<string> ReplayAsync()
    {
        var id = await IntegrationAsync();
        await _client.PostAsync($"/v1/admin/integrations/{id}/replay", Some.Json("""{"from":"2026-02-01T00:00:00Z"}"""));
        return id;
    }

    private async Task<string> VisitorAsync()
    {
        await _host.SourceAsync();
        _host.Log.Add(Some.Event("evt_1"));
        return "visitor-a";
    }

    private async Task<string> UserAsync() => await MadeAsync("users", User);

    private async Task<string> TokenAsync() => await MadeAsync("tokens", """{"name":"ci","role":"viewer"}""");

    private async Task<string> AlertRuleAsync() => await MadeAsync("alert-rules", """{"kind":"delivery_failing","scope":"{id}"}""".Replace("{id}", await IntegrationAsync(), StringComparison.Ordinal));

    private async Task<string> AlertChannelAsync() => await MadeAsync("alert-channels", Channel);

    private async Task<string> SessionAsync() => (await PairAsync()).Text("refresh_token");

    private async Task<string> SignedInAsync()
    {
        _client = _host.Client((await PairAsync()).Text("access_token"));
        return "";
    }

    private async Task<System.Text.Json.JsonElement> PairAsync()
    {
        await UserAsync();
        return await (await _client.PostAsync("/v1/admin/auth/login", Some.Json("""{"email":"bob@example.com","password":"a long password"}"""))).JsonAsync();
    }

    private async Task<string> MadeAsync(string resource, string body) =>
        (await (await _client.PostAsync($"/v1/admin/{resource}", Some.Json(body))).JsonAsync(System.Net.HttpStatusCode.Created)).Text("id");
}
