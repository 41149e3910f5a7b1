using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Shouldly;
using Signal.Console;
using Signal.Console.Data;
using Signal.Manage.Changes;
using Signal.State;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>The page of alerts, as the server draws it, and the disk in words.</summary>
public sealed class AlertPageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private ConsoleHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ConsoleHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Page_ShowsOpenOnesFirst_AndWhoWasTold_NoSecretAndNoMarkupOfOthers()
    {
        _host.Alerts.Alerts.Add(Alert("alr_1") with { ResolvedAt = Noon.AddHours(2), Title = "It was over" });
        _host.Alerts.Alerts.Add(Alert("alr_2") with { Title = "<script>alert(1)</script> is stopped" });
        _host.Alerts.Messages.Add(new AlertMessage { Id = "msg_1", AlertId = "alr_2", ChannelId = "chn_1", Type = "opened", Alert = Alert("alr_2"), CreatedAt = Noon, NextAt = Noon, Error = "The webhook answered 404." });
        var channel = new AlertChannel { Id = "chn_1", Name = "Ops chat", Type = AlertChannelType.Webhook, Url = "https://hooks.example.com/services/a-secret-path", CreatedAt = Noon, UpdatedAt = Noon };
        await _host.Alerts.SaveAsync(channel, Entry(), CancellationToken.None);
        using var browser = await _host.SignedInAsync();

        var page = await browser.GetStringAsync("/alerts");

        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt; is stopped");
        page.ShouldNotContain("<script>alert(1)");
        page.ShouldContain("A message was not taken yet: The webhook answered 404.");
        page.ShouldContain("hooks.example.com");
        page.ShouldNotContain("a-secret-path");
        page.IndexOf("is stopped", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("It was over", StringComparison.Ordinal));
        page.ShouldContain(">1</span><span class=\"hidden\">1 open</span>");
    }

    [Theory]
    [InlineData("viewer", false)]
    [InlineData("editor", false)]
    [InlineData("admin", true)]
    public async Task Channels_AreChangedByAdministratorsOnly(string role, bool offered)
    {
        await _host.UserAsync($"{role}2@example.com", role);
        using var browser = await _host.SignedInAsync($"{role}2@example.com");

        var page = await browser.GetStringAsync("/alerts");

        page.Contains("Add channel", StringComparison.Ordinal).ShouldBe(offered);
    }

    [Fact]
    public void Disk_InWords()
    {
        var l = _host.Services.GetRequiredService<IStringLocalizer<Words>>();
        var disk = new DiskView(20_000_000_000, 25_000_000_000, 100_000_000_000, null, null, false);

        DiskWords.Space(disk, l).ShouldBe("25.0 GB free of 100 GB; Signal uses 20.0 GB.");
        DiskWords.Forecast(disk, l).ShouldBe("How it grows is still being measured; that takes an hour.");
        DiskWords.Forecast(disk with { BytesPerDay = 0 }, l).ShouldBe("Signal's data do not grow.");
        DiskWords.Forecast(disk with { BytesPerDay = 2_000_000_000, FullInDays = 12.5 }, l).ShouldBe("Grows by 2.0 GB a day: full in 12 days.");
        DiskWords.Forecast(disk with { BytesPerDay = 2_000_000_000, LevelsOff = true }, l).ShouldStartWith("Grows by 2.0 GB a day, until the log");
        (DiskWords.ToneOf(disk), DiskWords.ToneOf(disk with { FullInDays = 3 }), DiskWords.ToneOf(disk with { FreeBytes = 1 })).ShouldBe((Tone.Ok, Tone.Warn, Tone.Warn));
    }

    private static AuditEntry Entry() => new("log_1", Noon, "ada", "alert_channel.created", "alert_channel", "chn_1", new Dictionary<string, AuditChange>(), null);

    private static Alert Alert(string id) => new()
    {
        Id = id,
        Kind = AlertKind.DeliveryFailing,
        Subject = "int_1",
        Name = "Matomo",
        RuleId = "rule_delivery_failing",
        OpenedAt = Noon,
        Title = "Stopped",
        Text = "It is stopped.",
        Path = "/integrations/int_1/settings",
        ToldAt = Noon,
    };
}
