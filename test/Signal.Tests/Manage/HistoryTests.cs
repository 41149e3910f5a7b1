using System.Net;
using Shouldly;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class HistoryTests : ManageTest
{
    [Fact]
    public async Task Revisions_TellWhoWhenWhatAndWhy()
    {
        var path = await ThreeRevisionsAsync();

        var rows = (await (await Admin.GetAsync($"{path}/revisions")).JsonAsync()).GetProperty("data");

        rows.EnumerateArray().Select(r => r.Text("revision")).ShouldBe(["3", "2", "1"]);
        rows[1].Text("created_by").ShouldBe("token:SIGNAL_ADMIN_TOKEN");
        rows[1].Text("note").ShouldBe("other site");
        rows[1].GetProperty("changes").GetRawText().ShouldBe("""{"config.site_id":{"old":1,"new":7}}""");
        rows[0].GetProperty("changes").GetRawText().ShouldBe("""{"config.token_auth":{"old":"***","new":"***"}}""");
    }

    [Fact]
    public async Task Revisions_InPages_CompareAcrossTheEdge()
    {
        var path = await ThreeRevisionsAsync();

        var first = await (await Admin.GetAsync($"{path}/revisions?limit=2")).JsonAsync();
        var second = await (await Admin.GetAsync($"{path}/revisions?limit=2&cursor={first.Text("next_cursor")}")).JsonAsync();

        first.GetProperty("data")[1].GetProperty("changes").TryGetProperty("config.site_id", out _).ShouldBeTrue();
        first.GetProperty("data")[1].GetProperty("changes").TryGetProperty("name", out _).ShouldBeFalse();
        second.GetProperty("data").GetArrayLength().ShouldBe(1);
        second.GetProperty("data")[0].Text("revision").ShouldBe("1");
    }

    [Fact]
    public async Task Revision_ShowsTheWholeValueMasked()
    {
        var path = await ThreeRevisionsAsync();

        var old = await (await Admin.GetAsync($"{path}/revisions/1")).JsonAsync();

        old.GetProperty("integration").GetProperty("config").Text("site_id").ShouldBe("1");
        old.GetProperty("integration").GetProperty("config").Text("token_auth").ShouldBe("***");
        (await Admin.GetAsync($"{path}/revisions/9")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task RollBack_MakesANewRevisionWithTheOldSecret()
    {
        var path = await ThreeRevisionsAsync();

        var back = await (await Admin.PostAsync($"{path}/rollback", Some.Json("""{"revision":1,"note":"it was better"}"""))).JsonAsync();

        back.Text("revision").ShouldBe("4");
        back.GetProperty("config").Text("site_id").ShouldBe("1");
        (await Host.Store.LoadAsync(default)).Integrations[back.Text("id")].Secrets["token_auth"].ShouldBe(Some.Token);
        (await (await Admin.PostAsync($"{path}/rollback", Some.Json("""{"revision":77}"""))).FieldsAsync()).ShouldBe(["revision unknown"]);
    }

    [Fact]
    public async Task AuditLog_FiltersAndPages()
    {
        await ThreeRevisionsAsync();

        var updates = await (await Admin.GetAsync("/v1/admin/audit-logs?action=integration.updated&limit=1")).JsonAsync();
        var next = await (await Admin.GetAsync($"/v1/admin/audit-logs?action=integration.updated&limit=1&cursor={updates.Text("next_cursor")}")).JsonAsync();

        var row = updates.GetProperty("data")[0];
        row.Text("id").ShouldStartWith("log_");
        row.Text("actor").ShouldBe("token:SIGNAL_ADMIN_TOKEN");
        row.Text("resource_type").ShouldBe("integration");
        row.Text("ip").ShouldBe("127.0.0.1");
        next.GetProperty("data")[0].GetProperty("changes").GetProperty("config.site_id").GetRawText().ShouldBe("""{"old":1,"new":7}""");
        next.Text("has_more").ShouldBe("False");
    }

    [Fact]
    public async Task AuditLog_Exports_HoldEveryEntry()
    {
        await ThreeRevisionsAsync();
        await Host.Audit.AppendAsync(Host.Audit.Entries[0] with { Id = "log_x", Actor = "=cmd|' /C calc'!A0" }, default);

        var csv = await Admin.GetStringAsync("/v1/admin/audit-logs/export?format=csv");
        var lines = await Admin.GetStringAsync("/v1/admin/audit-logs/export");

        lines.TrimEnd().Split('\n').Length.ShouldBe(Host.Audit.Entries.Count);
        csv.TrimEnd().Split("\r\n").Length.ShouldBe(Host.Audit.Entries.Count + 1);
        csv.ShouldContain("\"'=cmd|");
        (await (await Admin.GetAsync("/v1/admin/audit-logs/export?format=xls")).FieldsAsync()).ShouldBe(["format one_of"]);
    }

    private async Task<string> ThreeRevisionsAsync()
    {
        var path = $"/v1/admin/integrations/{(await Host.IntegrationAsync()).Text("id")}";
        await Admin.PatchAsync(path, Some.Json("""{"config":{"site_id":7},"note":"other site"}"""));
        await Admin.PatchAsync(path, Some.Json($$$"""{"config":{"token_auth":"{{{new string('e', 32)}}}"}}"""));
        return path;
    }
}
