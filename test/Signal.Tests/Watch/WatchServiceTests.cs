using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Record;
using Signal.State;
using Signal.Tests.Fakes;
using Signal.Tests.Manage.Fakes;
using Signal.Watch;
using Xunit;
using FakeDeliveryStore = Signal.Tests.Fakes.FakeDeliveryStore;
using FakeEventLog = Signal.Tests.Fakes.FakeEventLog;

namespace Signal.Tests.Watch;

/// <summary>Rounds over stores in memory and a clock of the test's: what is observed, told, tried again and given up.</summary>
public sealed class WatchServiceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 8, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Stop = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly FakeAuditLog _audit = new();
    private readonly FakeDeliveryStore _deliveries = new();
    private readonly FakeChannelSender _sender = new();
    private readonly FakeDisk _disk = new();
    private readonly FakeConfigurationFeed _feed = new([Some.Source], [Some.Integration]);
    private readonly FakeAlertStore _alerts;
    private WatchService _service;

    public WatchServiceTests()
    {
        _alerts = new FakeAlertStore(_audit);
        _service = Start();
    }

    [Fact]
    public async Task Stopped_TellsOnce_OverARestart_AndOfTheEndOnce()
    {
        await ChannelAsync();
        await HealthAsync("configuration_error");

        await _service.RoundAsync(Stop);
        _service = Start();
        await RoundAsync(TimeSpan.FromMinutes(1));
        await HealthAsync("active");
        await RoundAsync(TimeSpan.FromMinutes(1));
        _service = Start();
        await RoundAsync(TimeSpan.FromMinutes(1));

        _sender.Sent.Select(s => s.Notice.Type).ShouldBe(["opened", "resolved"]);
        _sender.Sent[0].Notice.Link.ShouldBe($"https://signal.example.com/integrations/{Some.Integration.Id}/settings");
    }

    [Fact]
    public async Task Message_NotTaken_IsTriedWithGrowingGaps_AndGivenUpAfterDays()
    {
        await ChannelAsync();
        await HealthAsync("configuration_error");
        _sender.Error = "It answered 500.";

        await _service.RoundAsync(Stop);
        _sender.Sent.Count.ShouldBe(1);
        await RoundAsync(TimeSpan.FromSeconds(29));
        _sender.Sent.Count.ShouldBe(1);
        await RoundAsync(TimeSpan.FromSeconds(1));
        _sender.Sent.Count.ShouldBe(2);
        (await _alerts.ChannelsAsync(Stop))[0].Last!.Error.ShouldBe("It answered 500.");
        _alerts.Messages[0].NextAt.ShouldBe(_time.GetUtcNow().AddMinutes(1));

        for (var hour = 0; hour < 80; hour++) await RoundAsync(TimeSpan.FromHours(1));

        _alerts.Messages.Where(m => m.Type == "opened").ShouldHaveSingleItem().NextAt.ShouldBeNull();
        var tries = _sender.Sent.Count(s => s.Notice.Type == "opened");
        tries.ShouldBeInRange(70, 80);
        _alerts.Messages.Count(m => m.Type == "reminder").ShouldBe(3);
    }

    [Fact]
    public async Task DeadLetters_AreCountedOverTheRulesMinutes()
    {
        var id = Some.Integration.Id;
        await _deliveries.CountAsync([new CountDelta(id, "dead_letter", Noon.AddMinutes(-61), 50), new CountDelta(id, "dead_letter:too_old", Noon.AddMinutes(-30), 10)], Stop);
        await _service.RoundAsync(Stop);
        _alerts.Alerts.ShouldBeEmpty();

        await _deliveries.CountAsync([new CountDelta(id, "dead_letter", Noon.AddMinutes(-1), 1)], Stop);
        await _service.RoundAsync(Stop);
        _alerts.Alerts.ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.DeadLetters);

        await RoundAsync(TimeSpan.FromMinutes(61));
        _alerts.Alerts.ShouldHaveSingleItem().ResolvedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Silence_ComparesWithTheSameHourOfTheWeekBefore()
    {
        var id = Some.Source.Id;
        var before = Enumerable.Range(1, 7).Select(day => new CountDelta(id, "received", Noon.AddDays(-day).AddMinutes(90), 30)).ToList();
        await _deliveries.CountAsync([.. before, new CountDelta(id, "received", Noon.AddMinutes(-5), 40)], Stop);
        await _service.RoundAsync(Stop);
        _alerts.Alerts.ShouldBeEmpty("an event came five minutes ago");

        await RoundAsync(TimeSpan.FromMinutes(60));
        _alerts.Alerts.ShouldBeEmpty("thirty are usual from half past one on, none before");

        for (var i = 0; i < 5; i++) await RoundAsync(TimeSpan.FromMinutes(10));
        _alerts.Alerts.ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Silence);

        await _deliveries.CountAsync([new CountDelta(id, "received", _time.GetUtcNow(), 1)], Stop);
        await RoundAsync(TimeSpan.FromMinutes(1));
        _alerts.Alerts.ShouldHaveSingleItem().ResolvedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Disk_IsSampledEveryTenMinutes_AndForecast()
    {
        _disk.Sample = new DiskSample(Noon, 0, 50_000_000_000, 100_000_000_000);
        for (var i = 0; i < 24; i++)
        {
            // A gigabyte every ten minutes.
            _disk.Sample = _disk.Sample with { UsedBytes = _disk.Sample.UsedBytes + 500_000_000, FreeBytes = _disk.Sample.FreeBytes - 500_000_000 };
            await RoundAsync(TimeSpan.FromMinutes(5));
        }

        _alerts.Samples.Count.ShouldBe(12);
        var alert = _alerts.Alerts.ShouldHaveSingleItem();
        (alert.Kind, alert.Subject).ShouldBe((AlertKind.Disk, "disk"));
        alert.Title.ShouldStartWith("The disk will be full in ");
    }

    [Theory]
    [InlineData(45_000_000_000, false)]
    [InlineData(60_000_000_000, true)]
    [InlineData(null, true)]
    public async Task Disk_ALogThatStopsGrowingBefore_OpensNothing(long? logMax, bool opens)
    {
        _service = Start(logMax);
        (_disk.Sample, _disk.Log) = (new DiskSample(Noon, 0, 50_000_000_000, 100_000_000_000), 0);
        for (var i = 0; i < 24; i++)
        {
            _disk.Sample = _disk.Sample with { UsedBytes = _disk.Sample.UsedBytes + 500_000_000, FreeBytes = _disk.Sample.FreeBytes - 500_000_000 };
            _disk.Log += 500_000_000;
            await RoundAsync(TimeSpan.FromMinutes(5));
        }

        _alerts.Alerts.Count.ShouldBe(opens ? 1 : 0);
    }

    [Fact]
    public async Task Integration_Disabled_EndsItsAlert()
    {
        await ChannelAsync();
        await HealthAsync("configuration_error");
        await _service.RoundAsync(Stop);

        _feed.Put(Some.Integration with { Enabled = false });
        await _service.RoundAsync(Stop);

        _alerts.Alerts.ShouldHaveSingleItem().ResolvedAt.ShouldNotBeNull();
        _sender.Sent.Select(s => s.Notice.Type).ShouldBe(["opened", "resolved"]);
    }

    [Fact]
    public async Task Channel_MadeWhileAnAlertIsOpen_HearsOfItAtTheNextLook()
    {
        await HealthAsync("configuration_error");
        await _service.RoundAsync(Stop);
        _sender.Sent.ShouldBeEmpty();

        await ChannelAsync();
        await RoundAsync(TimeSpan.FromSeconds(30));
        await RoundAsync(TimeSpan.FromSeconds(30));

        _sender.Sent.Select(s => s.Notice.Type).ShouldBe(["opened"]);
    }

    private WatchService Start(long? logMax = null)
    {
        var options = new WatchOptions { Console = () => "https://signal.example.com/", LogMaxBytes = logMax };
        var log = new FakeEventLog();
        var outlooks = new Outlooks(_disk, _alerts, log, options, _time);
        var observer = new Observer(_feed, _deliveries, new Backlogs(log, _deliveries, _time), outlooks, options, _time);
        var messenger = new Messenger(_alerts, _sender, options, _time, NullLogger<Messenger>.Instance);
        return new WatchService(observer, outlooks, _alerts, messenger, options, _time, NullLogger<WatchService>.Instance);
    }

    private Task RoundAsync(TimeSpan later)
    {
        _time.Advance(later);
        return _service.RoundAsync(Stop);
    }

    private Task HealthAsync(string status) => _deliveries.SetHealthAsync(
        Some.Integration.Id, new IntegrationHealth(status, _time.GetUtcNow(), status == "active" ? null : "unauthorized", status == "active" ? null : "The token is refused."), Stop);

    private Task<bool> ChannelAsync() => _alerts.SaveAsync(
        new AlertChannel { Id = "chn_1", Name = "Ops", Type = AlertChannelType.Webhook, Url = "https://hooks.example.com/x", CreatedAt = Noon, UpdatedAt = Noon },
        new AuditEntry("log_1", Noon, "ada", "alert_channel.created", "alert_channel", "chn_1", new Dictionary<string, AuditChange>(), null), Stop);
}
