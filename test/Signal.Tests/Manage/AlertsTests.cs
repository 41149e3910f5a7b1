using System.Net;
using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Manage;

/// <summary>The contract of alerts, their rules and channels.</summary>
public sealed class AlertsTests : ManageTest
{
    private const string Hook = "https://hooks.example.com/services/T0/B0/a-secret-path";

    [Fact]
    public async Task Rules_TheGeneralOnesAreThere_WithTheThresholdsOfTheirKind()
    {
        var rules = (await (await Admin.GetAsync("/v1/admin/alert-rules")).JsonAsync()).GetProperty("data").EnumerateArray().ToDictionary(r => r.Text("kind"));

        rules.Keys.Order().ShouldBe(["dead_letters", "delivery_failing", "disk", "silence"]);
        (rules["delivery_failing"].Text("minutes"), rules["dead_letters"].Text("count"), rules["silence"].Text("minutes"), rules["disk"].Text("days")).ShouldBe(("10", "10", "60", "3"));
        rules["disk"].GetProperty("minutes").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        rules["disk"].GetProperty("channels").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task GeneralRule_Changes_AndStays()
    {
        using var patch = new HttpRequestMessage(HttpMethod.Patch, "/v1/admin/alert-rules/rule_disk") { Content = Some.Json("""{"days":7,"enabled":false}""") };
        patch.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var changed = await Admin.SendAsync(patch);

        (await changed.JsonAsync()).Text("days").ShouldBe("7");
        changed.Headers.ETag!.Tag.ShouldBe("\"2\"");
        using var late = new HttpRequestMessage(HttpMethod.Patch, "/v1/admin/alert-rules/rule_disk") { Content = Some.Json("""{"days":9}""") };
        late.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await Admin.SendAsync(late)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await (await Admin.DeleteAsync("/v1/admin/alert-rules/rule_disk")).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("BUILT_IN");
        (await (await Admin.GetAsync("/v1/admin/alert-rules/rule_disk")).JsonAsync()).GetProperty("enabled").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Rule_WithAScope_OneForEachKind_WhatIsLeftOutIsTheBuiltIns()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        var body = Some.Json($$"""{"kind":"dead_letters","scope":"{{id}}","count":0}""");

        var made = await (await Admin.PostAsync("/v1/admin/alert-rules", body)).JsonAsync(HttpStatusCode.Created);

        (made.Text("count"), made.Text("minutes"), made.Text("scope")).ShouldBe(("0", "60", id));
        (await (await Admin.PostAsync("/v1/admin/alert-rules", Some.Json($$"""{"kind":"dead_letters","scope":"{{id}}"}"""))).ErrorAsync(HttpStatusCode.Conflict)).ShouldBe("ALREADY_EXISTS");
        (await Admin.DeleteAsync($"/v1/admin/alert-rules/{made.Text("id")}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("""{"kind":"disk","scope":"disk","minutes":5,"channels":["chn_9"]}""", "minutes,channels[0],scope")]
    [InlineData("""{"kind":"silence","scope":"int_9","days":3,"free_bytes":1}""", "free_bytes,days,scope")]
    [InlineData("""{"kind":"delivery_failing"}""", "scope")]
    [InlineData("""{"kind":"noise","minutes":0,"remind_hours":9999,"minuts":1}""", "kind,minutes,remind_hours,minuts")]
    public async Task Rule_Wrong_EveryFieldAtOnce(string body, string fields)
    {
        var wrong = await (await Admin.PostAsync("/v1/admin/alert-rules", Some.Json(body))).FieldsAsync();

        wrong.Select(f => f.Split(' ')[0]).ShouldBe(fields.Split(','));
    }

    [Fact]
    public async Task Channel_SecretsAreAnsweredAsStars_AndStarsKeepThem()
    {
        var made = await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json($$"""{"name":"Ops","type":"webhook","url":"{{Hook}}","secret":"an-hmac-secret"}"""))).JsonAsync(HttpStatusCode.Created);
        (made.Text("url"), made.Text("secret"), made.Text("host")).ShouldBe(("***", "***", "hooks.example.com"));
        var id = made.Text("id");

        await (await Admin.PatchAsync($"/v1/admin/alert-channels/{id}", Some.Json("""{"name":"Night","url":"***","secret":"***"}"""))).JsonAsync();
        var kept = (await Host.Alerts.ChannelsAsync(CancellationToken.None))[0];
        (kept.Name, kept.Url, kept.Secret).ShouldBe(("Night", Hook, "an-hmac-secret"));

        await (await Admin.PatchAsync($"/v1/admin/alert-channels/{id}", Some.Json("""{"url":"https://other.example.com/x","secret":null}"""))).JsonAsync();
        (await Host.Alerts.ChannelsAsync(CancellationToken.None))[0].Secret.ShouldBeNull();

        var audit = await (await Admin.GetAsync("/v1/admin/audit-logs?limit=100")).Content.ReadAsStringAsync();
        audit.ShouldContain("alert_channel.updated");
        audit.ShouldNotContain("a-secret-path");
        audit.ShouldNotContain("an-hmac-secret");
        Host.Logs.Text.ShouldNotContain("a-secret-path");
    }

    [Theory]
    [InlineData("""{"name":" ","type":"webhook","url":"ftp://x","to":["a@b.example"]}""", "name,to,url")]
    [InlineData("""{"name":"Ops","type":"webhook"}""", "url")]
    [InlineData("""{"name":"Ops","type":"webhook","url":"***","secret":"***"}""", "url,secret")]
    [InlineData("""{"name":"Ops","type":"webhook","url":"https://user:word@hooks.example.com/"}""", "url")]
    [InlineData("""{"name":"Ops","type":"email","to":["ops@example.com","nobody"],"secret":"x"}""", "to[1],secret")]
    [InlineData("""{"name":"Ops","type":"email","to":["Ops <ops@example.com>\r\nBcc: x@example.com"]}""", "to[0]")]
    [InlineData("""{"name":5,"type":"email"}""", "name,to")]
    public async Task Channel_Wrong_EveryFieldAtOnce(string body, string fields)
    {
        var wrong = await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json(body))).FieldsAsync();

        wrong.Select(f => f.Split(' ')[0]).ShouldBe(fields.Split(','));
    }

    [Fact]
    public async Task Channel_Test_SendsAndTellsHowItWent()
    {
        var id = (await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json($$"""{"name":"Ops","type":"webhook","url":"{{Hook}}"}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");

        (await (await Admin.PostAsync($"/v1/admin/alert-channels/{id}/test", null)).JsonAsync()).GetProperty("ok").GetBoolean().ShouldBeTrue();
        Host.Channels.Error = "The webhook answered 404.";
        var failed = await (await Admin.PostAsync($"/v1/admin/alert-channels/{id}/test", null)).JsonAsync();

        (failed.GetProperty("ok").GetBoolean(), failed.Text("error")).ShouldBe((false, "The webhook answered 404."));
        Host.Channels.Sent.Count.ShouldBe(2);
        (Host.Channels.Sent[0].Channel.Url, Host.Channels.Sent[0].Notice.Link).ShouldBe((Hook, "https://signal.example.com/alerts"));
        var shown = await (await Admin.GetAsync($"/v1/admin/alert-channels/{id}")).JsonAsync();
        (shown.Text("last_error"), shown.Text("last_attempt_at")).ShouldBe(("The webhook answered 404.", "2026-03-01T12:00:00.000Z"));
        (await Admin.PostAsync("/v1/admin/alert-channels/chn_9/test", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Create_UnderOneIdempotencyKey_MakesOneChannel()
    {
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/admin/alert-channels") { Content = Some.Json($$"""{"name":"Ops","type":"webhook","url":"{{Hook}}"}""") };
            request.Headers.Add("Idempotency-Key", "once");
            (await Admin.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        (await Host.Alerts.ChannelsAsync(CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rules_GoWithWhatTheyAreFor_AndTheAuditLogTellsAll()
    {
        var integration = (await Host.IntegrationAsync()).Text("id");
        var own = (await (await Admin.PostAsync("/v1/admin/alert-rules", Some.Json($$"""{"kind":"dead_letters","scope":"{{integration}}"}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");
        await Admin.PostAsync("/v1/admin/alert-rules", Some.Json("""{"kind":"silence","scope":"src_abc123"}"""));

        (await Admin.DeleteAsync("/v1/admin/sources/src_abc123")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await Host.Alerts.RulesAsync(default)).ShouldBeEmpty();
        Host.Audit.Entries.Take(4).Select(e => e.Action).ShouldBe(["source.deleted", "integration.deleted", "alert_rule.deleted", "alert_rule.deleted"]);
        Host.Audit.Entries.Take(4).Select(e => e.ResourceId).ShouldContain(own);
    }

    [Fact]
    public async Task Channel_Removed_IsTakenOffTheRulesThatNameIt()
    {
        var gone = (await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json($$"""{"name":"Ops","type":"webhook","url":"{{Hook}}"}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");
        var kept = (await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json($$"""{"name":"Night","type":"webhook","url":"{{Hook}}"}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");
        await Admin.PatchAsync("/v1/admin/alert-rules/rule_disk", Some.Json($$"""{"channels":["{{gone}}","{{kept}}"]}"""));

        (await Admin.DeleteAsync($"/v1/admin/alert-channels/{gone}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await (await Admin.GetAsync("/v1/admin/alert-rules/rule_disk")).JsonAsync()).GetProperty("channels").EnumerateArray().Select(c => c.GetString()).ShouldBe([kept]);
        Host.Audit.Entries.Take(2).Select(e => e.Action).ShouldBe(["alert_channel.deleted", "alert_rule.updated"]);
        (await Admin.PatchAsync("/v1/admin/alert-rules/rule_disk", Some.Json("""{"days":7}"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("editor")]
    public async Task Channels_ForOthersThanAdministrators_HaveMaskedAddresses(string role)
    {
        await Admin.PostAsync("/v1/admin/alert-channels", Some.Json($$"""{"name":"Hook","type":"webhook","url":"{{Hook}}"}"""));
        var id = (await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json("""{"name":"Ops","type":"email","to":["ops@example.com","x@example.com"]}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");
        using var other = await Host.ClientOfAsync(role);

        foreach (var path in new[] { "/v1/admin/alert-channels", $"/v1/admin/alert-channels/{id}" })
        {
            var text = await other.GetStringAsync(path);
            text.ShouldContain("o…@example.com");
            text.ShouldNotContain("ops@example.com");
            text.ShouldNotContain("hooks.example.com");
            (await Admin.GetStringAsync(path)).ShouldContain("ops@example.com");
        }

        (await other.GetStringAsync("/v1/admin/alert-channels")).ShouldContain("\"***\"");
    }

    [Fact]
    public async Task Alerts_FilteredPaged_WithWhoWasTold()
    {
        for (var i = 1; i <= 3; i++) Host.Alerts.Alerts.Add(Alert($"alr_{i}") with { Subject = $"int_{i}", ResolvedAt = i == 1 ? Some.Noon : null, Kind = i == 2 ? AlertKind.Silence : AlertKind.DeliveryFailing });
        Host.Alerts.Messages.Add(new AlertMessage { Id = "msg_1", AlertId = "alr_3", ChannelId = "chn_1", Type = "opened", Alert = Alert("alr_3"), CreatedAt = Some.Noon, NextAt = Some.Noon.AddMinutes(1), Attempts = 2, Error = "The webhook answered 500." });

        var first = await (await Admin.GetAsync("/v1/admin/alerts?limit=2")).JsonAsync();
        var second = await (await Admin.GetAsync($"/v1/admin/alerts?limit=2&cursor={first.Text("next_cursor")}")).JsonAsync();

        Ids(first).ShouldBe(["alr_3", "alr_2"]);
        Ids(second).ShouldBe(["alr_1"]);
        Ids(await (await Admin.GetAsync("/v1/admin/alerts?state=open")).JsonAsync()).ShouldBe(["alr_3", "alr_2"]);
        Ids(await (await Admin.GetAsync("/v1/admin/alerts?state=resolved")).JsonAsync()).ShouldBe(["alr_1"]);
        Ids(await (await Admin.GetAsync("/v1/admin/alerts?kind=silence")).JsonAsync()).ShouldBe(["alr_2"]);
        (await Admin.GetAsync("/v1/admin/alerts?state=closed")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var message = (await (await Admin.GetAsync("/v1/admin/alerts/alr_3")).JsonAsync()).GetProperty("messages")[0];
        (message.Text("state"), message.Text("attempts"), message.Text("error")).ShouldBe(("waiting", "2", "The webhook answered 500."));
        (await Admin.GetAsync("/v1/admin/alerts/alr_9")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Overview_ShowsTheDiskAndWhatIsOpen()
    {
        Host.Alerts.Alerts.Add(Alert("alr_1"));
        Host.Disk.Sample = new DiskSample(Some.Noon, 20_000_000_000, 25_000_000_000, 100_000_000_000);
        for (var i = 12; i > 0; i--) Host.Alerts.Samples.Add(new DiskSample(Some.Noon.AddHours(-i), 20_000_000_000 - (i * 416_666_667L), 0, 0));

        var overview = await (await Admin.GetAsync("/v1/admin/overview")).JsonAsync();

        overview.GetProperty("disk").GetRawText().ShouldStartWith("""{"used_bytes":20000000000,"free_bytes":25000000000,"total_bytes":100000000000,"bytes_per_day":""");
        overview.GetProperty("disk").Text("full_in_days").ShouldBe("2.5");
        overview.GetProperty("alerts")[0].Text("title").ShouldBe("Stopped");
    }

    private static IEnumerable<string> Ids(System.Text.Json.JsonElement page) => page.GetProperty("data").EnumerateArray().Select(a => a.Text("id"));

    private static Alert Alert(string id) => new()
    {
        Id = id,
        Kind = AlertKind.DeliveryFailing,
        Subject = "int_1",
        Name = "Matomo",
        RuleId = "rule_delivery_failing",
        OpenedAt = Some.Noon,
        Title = "Stopped",
        Text = "It is stopped.",
        Path = "/integrations/int_1/settings",
        ToldAt = Some.Noon,
    };
}
