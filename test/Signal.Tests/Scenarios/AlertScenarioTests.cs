using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>People are told of trouble once and of its end once, by webhook and by e-mail, also when the program is killed in between.</summary>
public sealed class AlertScenarioTests
{
    private const string Secret = "a-secret-to-sign-with";
    private static readonly IReadOnlyDictionary<string, string> Often = new Dictionary<string, string> { ["SIGNAL_ALERT_SECONDS"] = "1", ["SIGNAL_CONSOLE_URL"] = "https://signal.example.com" };
    private static readonly SandboxFaults Revoked = new() { RevokedTokens = [new string('c', 32)] };

    [Fact]
    public async Task RefusedToken_OneSignedWebhook_KilledInBetween_OneResolved()
    {
        await using var hook = HookReceiver.Start();
        await using var shop = await OpenAsync(Often);
        await ChannelAsync(shop, new { name = "Ops", type = "webhook", url = hook.Address, secret = Secret });
        shop.Faults = Revoked;

        await shop.PageAsync(Some.Visitor(), "/a");
        var opened = (await CallsAsync(hook, shop, 1))[0];
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await RoundsAsync(shop);
        hook.Calls.Count.ShouldBe(1, "a restart tells nobody again");
        shop.Faults = new SandboxFaults();
        await shop.PatchAsync(new { note = "The token was restored in Matomo." });
        var resolved = (await CallsAsync(hook, shop, 2))[1];
        await RoundsAsync(shop);

        hook.Calls.Count.ShouldBe(2);
        foreach (var call in new[] { opened, resolved }) call.Signature.ShouldBe(Sign(call));
        var alert = opened.Json.GetProperty("alert");
        (Text(opened.Json, "event"), Text(alert, "kind"), Text(alert, "state"), Text(alert, "subject")).ShouldBe(("alert.opened", "delivery_failing", "open", shop.IntegrationId));
        Text(opened.Json, "text").ShouldStartWith("Alert: Matomo Production is stopped\nMatomo Production has been stopped since ");
        Text(opened.Json, "text").ShouldEndWith($"https://signal.example.com/integrations/{shop.IntegrationId}/settings");
        Text(opened.Json, "text").ShouldContain("1 event waits, nothing is lost");
        (Text(resolved.Json, "event"), Text(resolved.Json.GetProperty("alert"), "id"), Text(resolved.Json.GetProperty("alert"), "state")).ShouldBe(("alert.resolved", Text(alert, "id"), "resolved"));

        var past = (await shop.Signal.GetAdminAsync("alerts?state=resolved&kind=delivery_failing")).GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        past.GetProperty("messages").EnumerateArray().Select(m => $"{Text(m, "type")} {Text(m, "state")}").ShouldBe(["opened sent", "resolved sent"]);
        shop.Signal.Output.ShouldNotContain("a-secret-path");
        shop.Signal.Output.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Webhook_ThatFails_IsSeenAndTriedAgain_ThoughTheProgramIsKilled()
    {
        await using var hook = HookReceiver.Start();
        await using var shop = await OpenAsync(Often);
        var channel = await ChannelAsync(shop, new { name = "Ops", type = "webhook", url = hook.Address });
        hook.Status = 404;
        shop.Faults = Revoked;

        await shop.PageAsync(Some.Visitor(), "/a");
        await CallsAsync(hook, shop, 2);
        var seen = await shop.Signal.GetAdminAsync($"alert-channels/{Text(channel, "id")}");
        Text(seen, "last_error").ShouldStartWith("The webhook answered 404. Its address is wrong or was withdrawn");
        await shop.Signal.KillAsync();
        hook.Status = 200;
        await shop.Signal.RestartAsync();

        await Eventually.Async(
            () => shop.Signal.GetAdminAsync("alerts?state=open&kind=delivery_failing"),
            a => Text(a.GetProperty("data")[0].GetProperty("messages")[0], "state") == "sent",
            () => $"the message to be taken; the program printed:\n{shop.Signal.Output}");
        hook.Calls.Select(c => Text(c.Json, "id")).Distinct().ShouldHaveSingleItem("one message, tried again");
        hook.Calls[0].Signature.ShouldBeNull();
        Text(await shop.Signal.GetAdminAsync($"alert-channels/{Text(channel, "id")}"), "last_error").ShouldBeEmpty();
    }

    [Fact]
    public async Task Integration_RemovedWhileItsAlertIsOpen_EndsIt_ANewChannelHeardOfItBefore_AndItsRuleIsGone()
    {
        await using var hook = HookReceiver.Start();
        await using var shop = await OpenAsync(Often);
        await shop.Signal.PostAdminAsync("alert-rules", new { kind = "delivery_failing", scope = shop.IntegrationId, minutes = 1 }, HttpStatusCode.Created);
        shop.Faults = Revoked;
        await shop.PageAsync(Some.Visitor(), "/a");
        await Eventually.Async(
            () => shop.Signal.GetAdminAsync("alerts?state=open&kind=delivery_failing"), a => a.GetProperty("data").GetArrayLength() == 1, () => $"the alert; the program printed:\n{shop.Signal.Output}");

        await ChannelAsync(shop, new { name = "Late", type = "webhook", url = hook.Address });
        var opened = (await CallsAsync(hook, shop, 1))[0];
        (await shop.Signal.Manage.DeleteAsync($"/v1/admin/integrations/{shop.IntegrationId}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var resolved = (await CallsAsync(hook, shop, 2))[1];

        Text(opened.Json, "event").ShouldBe("alert.opened");
        Text(resolved.Json, "text").ShouldContain("because Matomo Production was removed");
        Text((await shop.Signal.GetAdminAsync("alerts?state=resolved&kind=delivery_failing")).GetProperty("data")[0], "ending").ShouldBe("Matomo Production was removed.");
        (await shop.Signal.GetAdminAsync("alert-rules")).GetProperty("data").EnumerateArray().Select(r => Text(r, "scope")).ShouldAllBe(s => s.Length == 0);
        (await shop.Signal.GetAdminAsync("audit-logs?action=alert_rule.deleted")).GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Email_IsTakenByARealServer_TestAndAlert()
    {
        await using var mail = MailReceiver.Start("signal", "mail-password");
        await using var shop = await OpenAsync(new Dictionary<string, string>(Often)
        {
            ["SIGNAL_SMTP_HOST"] = "127.0.0.1",
            ["SIGNAL_SMTP_PORT"] = $"{mail.Port}",
            ["SIGNAL_SMTP_TLS"] = "none",
            ["SIGNAL_SMTP_FROM"] = "signal@example.com",
            ["SIGNAL_SMTP_USER"] = "signal",
            ["SIGNAL_SMTP_PASSWORD"] = "mail-password",
        });
        var channel = await ChannelAsync(shop, new { name = "Ops", type = "email", to = new[] { "ops@example.com", "night@example.com" } });

        var tested = await shop.Signal.PostAdminAsync($"alert-channels/{Text(channel, "id")}/test", new { }, HttpStatusCode.OK);
        Text(tested, "ok").ShouldBe("True", Text(tested, "error"));
        shop.Faults = Revoked;
        await shop.PageAsync(Some.Visitor(), "/a");
        var mails = await Eventually.Async(() => mail.Mails, m => m.Count >= 2, () => $"two mails; the program printed:\n{shop.Signal.Output}");

        mails[0].Message.Subject.ShouldBe("[Signal] Test message");
        var alert = mails[1];
        (alert.From, alert.Message.Subject).ShouldBe(("signal@example.com", "[Signal] Matomo Production is stopped"));
        alert.To.ShouldBe(["ops@example.com", "night@example.com"]);
        var text = alert.Message.TextBody.ShouldNotBeNull();
        text.ShouldContain("nothing is lost");
        text.ShouldContain($"https://signal.example.com/integrations/{shop.IntegrationId}/settings");
        alert.Message.MessageId.ShouldStartWith("msg_");
    }

    [Fact]
    public async Task Email_RefusedPassword_IsToldByTheTest()
    {
        await using var mail = MailReceiver.Start("signal", "another-password");
        await using var signal = await RunningSignal.StartAsync(new Dictionary<string, string>
        {
            ["SIGNAL_SMTP_HOST"] = "127.0.0.1",
            ["SIGNAL_SMTP_PORT"] = $"{mail.Port}",
            ["SIGNAL_SMTP_TLS"] = "none",
            ["SIGNAL_SMTP_FROM"] = "signal@example.com",
            ["SIGNAL_SMTP_USER"] = "signal",
            ["SIGNAL_SMTP_PASSWORD"] = "mail-password",
        });
        var channel = await signal.PostAdminAsync("alert-channels", new { name = "Ops", type = "email", to = new[] { "ops@example.com" } }, HttpStatusCode.Created);

        var tested = await signal.PostAdminAsync($"alert-channels/{Text(channel, "id")}/test", new { }, HttpStatusCode.OK);

        Text(tested, "error").ShouldBe("The mail server 127.0.0.1 refused the user or password (SIGNAL_SMTP_USER, SIGNAL_SMTP_PASSWORD).");
        mail.Mails.ShouldBeEmpty();
        signal.Output.ShouldNotContain("mail-password");
    }

    // This machine's disk is nobody's business here.
    private static async Task<Shop> OpenAsync(IReadOnlyDictionary<string, string> environment)
    {
        var shop = await Shop.OpenAsync(environment: environment);
        await shop.Signal.PatchAdminAsync("alert-rules/rule_disk", new { enabled = false });
        return shop;
    }

    private static Task<JsonElement> ChannelAsync(Shop shop, object body) => shop.Signal.PostAdminAsync("alert-channels", body, HttpStatusCode.Created);

    private static Task<IReadOnlyList<HookReceiver.Call>> CallsAsync(HookReceiver hook, Shop shop, int count) =>
        Eventually.Async(() => hook.Calls, calls => calls.Count >= count, () => $"{count} calls, there are {hook.Calls.Count}; the program printed:\n{shop.Signal.Output}");

    // An alert about the disk that comes and goes, and tells nobody: whole rounds have passed then.
    private static async Task RoundsAsync(Shop shop)
    {
        var other = await shop.Signal.PostAdminAsync("alert-channels", new { name = "Rounds", type = "webhook", url = "http://127.0.0.1:9/", enabled = false }, HttpStatusCode.Created);
        await shop.Signal.PatchAdminAsync("alert-rules/rule_disk", new { enabled = true, free_percent = 90, free_bytes = 1_000_000_000_000_000, channels = new[] { Text(other, "id") } });
        await DiskAsync(open: true);
        await shop.Signal.PatchAdminAsync("alert-rules/rule_disk", new { enabled = false });
        await DiskAsync(open: false);

        Task DiskAsync(bool open) => Eventually.Async(
            () => shop.Signal.GetAdminAsync("alerts?state=open&kind=disk"),
            a => a.GetProperty("data").GetArrayLength() == (open ? 1 : 0),
            () => $"the disk's alert to be {(open ? "open" : "over")}; the program printed:\n{shop.Signal.Output}");
    }

    private static string Sign(HookReceiver.Call call) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{call.Timestamp}.{call.Body}")));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).ToString();
}
