using System.Net;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>E-mail to a server that asks for TLS and a password, as those of the internet do.</summary>
public sealed class MailScenarioTests : IDisposable
{
    private const string Password = "mail-password";
    private readonly SomeCertificates _certificates = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("signal-test-").FullName;

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task Tls_TrustedAuthority_SignsInAndSends(string tls)
    {
        await using var mail = MailReceiver.Start("signal", Password, _certificates.Server, atOnce: tls == "tls");
        await using var signal = await RunningSignal.StartAsync(await SettingsAsync(mail.Port, tls, trusted: true));

        var (ok, error) = await TestAsync(signal);

        (ok, error).ShouldBe((true, ""));
        mail.SignedIn.ShouldBe(1);
        mail.Mails.ShouldHaveSingleItem().Message.Subject.ShouldBe("[Signal] Test message");
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task Tls_UntrustedAuthority_IsToldWithItsRemedy_AndNoPasswordLeaves(string tls)
    {
        await using var mail = MailReceiver.Start("signal", Password, _certificates.Server, atOnce: tls == "tls");
        await using var signal = await RunningSignal.StartAsync(await SettingsAsync(mail.Port, tls, trusted: false));

        var (ok, error) = await TestAsync(signal);

        (ok, error).ShouldBe((false, "The certificate of the mail server 127.0.0.1 is not trusted. Name its issuer's certificate by SIGNAL_SMTP_CA."));
        (mail.SignedIn, mail.Mails.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Tls_CertificateOfAnotherName_IsRefused_ThoughItsAuthorityIsTrusted()
    {
        using var other = new SomeCertificates("192.0.2.1");
        await using var mail = MailReceiver.Start("signal", Password, other.Server);
        var settings = await SettingsAsync(mail.Port, "starttls", trusted: true);
        await File.WriteAllTextAsync(settings["SIGNAL_SMTP_CA"], other.AuthorityPem);
        await using var signal = await RunningSignal.StartAsync(settings);

        (await TestAsync(signal)).Error.ShouldBe("The certificate of the mail server is not for 127.0.0.1. Set SIGNAL_SMTP_HOST to the name it is for.");
        mail.SignedIn.ShouldBe(0);
    }

    [Fact]
    public async Task StartTls_NotOffered_SendsNothingInTheClear()
    {
        await using var mail = MailReceiver.Start("signal", Password);
        await using var signal = await RunningSignal.StartAsync(await SettingsAsync(mail.Port, "starttls", trusted: true));

        (await TestAsync(signal)).Error.ShouldContain("offers no TLS");
        mail.SignedIn.ShouldBe(0);
    }

    [Fact]
    public async Task Recipient_Refused_IsToldMasked_AndNowhereInTheLog()
    {
        await using var mail = MailReceiver.Start("signal", Password, _certificates.Server);
        mail.Unknown = "ops@example.com";
        await using var signal = await RunningSignal.StartAsync(await SettingsAsync(mail.Port, "starttls", trusted: true));

        (await TestAsync(signal)).Error.ShouldBe("The mail server refused o…@example.com: 5.1.1 <o…@example.com>: no such mailbox");
        mail.Mails.ShouldBeEmpty();
        signal.Output.ShouldNotContain("ops@example.com");
    }

    [Fact]
    public async Task ServerDown_KilledInBetween_IsToldOnceWhenItIsBack()
    {
        var port = FreePort();
        var settings = await SettingsAsync(port, "starttls", trusted: true);
        settings["SIGNAL_ALERT_SECONDS"] = "1";
        await using var shop = await Shop.OpenAsync(environment: settings);
        await shop.Signal.PatchAdminAsync("alert-rules/rule_disk", new { enabled = false });
        var channel = await ChannelAsync(shop.Signal);
        shop.Faults = new SandboxFaults { RevokedTokens = [new string('c', 32)] };
        await shop.PageAsync(Some.Visitor(), "/a");
        await Eventually.Async(
            () => shop.Signal.GetAdminAsync($"alert-channels/{channel}"), c => c.GetProperty("last_error").ToString().Contains("can't be reached", StringComparison.Ordinal), () => $"a first try; the program printed:\n{shop.Signal.Output}");

        await shop.Signal.KillAsync();
        await using var mail = MailReceiver.Start("signal", Password, _certificates.Server, port: port);
        await shop.Signal.RestartAsync();
        await Eventually.Async(() => mail.Mails, m => m.Count > 0, () => $"the mail; the program printed:\n{shop.Signal.Output}");
        shop.Faults = new SandboxFaults();
        await shop.PatchAsync(new { note = "The token was restored in Matomo." });
        await Eventually.Async(() => mail.Mails, m => m.Count > 1, () => $"the end; the program printed:\n{shop.Signal.Output}");

        mail.Mails.Select(m => m.Message.Subject).ShouldBe(["[Signal] Matomo Production is stopped", "[Signal] Resolved: Matomo Production delivers again"]);
    }

    [Fact]
    public async Task Authority_ThatCannotBeRead_EndsTheStart()
    {
        var settings = await SettingsAsync(587, "starttls", trusted: true);
        await File.WriteAllTextAsync(settings["SIGNAL_SMTP_CA"], "no certificate");

        var (exit, output) = await Verb.RunAsync(_directory, "run", [.. settings.Select(s => (s.Key, s.Value))]);

        exit.ShouldBe(1);
        output.ShouldContain("SIGNAL_SMTP_CA");
        output.ShouldContain("holds no certificate in PEM form");
    }

    private async Task<Dictionary<string, string>> SettingsAsync(int port, string tls, bool trusted)
    {
        var settings = new Dictionary<string, string>
        {
            ["SIGNAL_SMTP_HOST"] = "127.0.0.1",
            ["SIGNAL_SMTP_PORT"] = $"{port}",
            ["SIGNAL_SMTP_TLS"] = tls,
            ["SIGNAL_SMTP_FROM"] = "signal@example.com",
            ["SIGNAL_SMTP_USER"] = "signal",
            ["SIGNAL_SMTP_PASSWORD"] = Password,
        };
        if (!trusted) return settings;
        settings["SIGNAL_SMTP_CA"] = Path.Combine(_directory, "ca.pem");
        await File.WriteAllTextAsync(settings["SIGNAL_SMTP_CA"], _certificates.AuthorityPem);
        return settings;
    }

    private static async Task<(bool Ok, string Error)> TestAsync(RunningSignal signal)
    {
        var tested = await signal.PostAdminAsync($"alert-channels/{await ChannelAsync(signal)}/test", new { }, HttpStatusCode.OK);
        return (tested.GetProperty("ok").GetBoolean(), tested.GetProperty("error").ToString());
    }

    private static async Task<string> ChannelAsync(RunningSignal signal) =>
        (await signal.PostAdminAsync("alert-channels", new { name = "Ops", type = "email", to = new[] { "ops@example.com" } }, HttpStatusCode.Created)).GetProperty("id").ToString();

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
