using Shouldly;
using Signal.State;
using Signal.Watch;
using Xunit;

namespace Signal.Tests.Watch;

/// <summary>What is the matter and what is not, as a table; and the sentences.</summary>
public class JudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 8, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("active", 500, false, false)]
    [InlineData("retrying", 9, false, false)]
    [InlineData("retrying", 10, false, true)]
    [InlineData("configuration_error", 0, false, true)]
    [InlineData("retrying", 1, true, true)]
    [InlineData("active", 0, true, false)]
    [InlineData(null, 0, false, false)]
    public void Delivery_FailsWhenStopped_OrRetryingForTenMinutes(string? status, int minutes, bool open, bool holds)
    {
        var health = status is null ? null : new IntegrationHealth(status, Now.AddMinutes(-minutes), status == "active" ? null : "server_error", "It answers 500.");

        Of(AlertKind.DeliveryFailing, Seen(Integration() with { Health = health }), open).Holds.ShouldBe(holds);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void DeadLetters_MoreThanTheRuleAllows(long count, bool holds) =>
        Of(AlertKind.DeadLetters, Seen(Integration() with { NewDeadLetters = count }), open: false).Holds.ShouldBe(holds);

    [Theory]
    [InlineData(1, 500.0, 90, 600, false, false, "an event came")]
    [InlineData(0, 500.0, 90, 600, false, true, "many are usual now")]
    [InlineData(0, 19.0, 90, 600, false, false, "few are usual now")]
    [InlineData(0, 500.0, 59, 600, false, false, "not so long yet")]
    [InlineData(0, 500.0, 90, 59, false, false, "Signal was not there to see it")]
    [InlineData(0, 0.0, 1439, 6000, false, false, "a quiet shop, for hours")]
    [InlineData(0, 0.0, 1440, 6000, false, true, "a quiet shop, for a day")]
    [InlineData(0, 500.0, null, 6000, false, false, "it never had one")]
    [InlineData(0, 0.0, null, 1, true, true, "still silent, after days and a restart")]
    [InlineData(1, 0.0, null, 1, true, false, "it speaks again")]
    public void Silence_OnlyWhereEventsAreUsual(long received, double usual, int? lastMinutesAgo, int watchedMinutes, bool open, bool holds, string why)
    {
        var source = Source() with { Received = received, Usual = usual, LastAt = lastMinutesAgo is { } m ? Now.AddMinutes(-m) : null };

        Of(AlertKind.Silence, Seen(source: source) with { Since = Now.AddMinutes(-watchedMinutes) }, open).Holds.ShouldBe(holds, why);
    }

    [Theory]
    [InlineData(50, null, false, false, "plenty")]
    [InlineData(9, null, false, true, "under a tenth")]
    [InlineData(10, null, false, false, "a tenth")]
    [InlineData(10, null, true, true, "open, and not a tenth more")]
    [InlineData(12, null, true, false, "room again")]
    [InlineData(50, 2.9, false, true, "full in three days")]
    [InlineData(50, 3.0, false, false, "not so soon")]
    [InlineData(50, 3.2, true, true, "open, and hardly better")]
    [InlineData(50, 4.0, true, false, "better")]
    public void Disk_LittleRoomNowOrSoon(long freeGigabytes, double? days, bool open, bool holds, string why)
    {
        var disk = new DiskOutlook(
            new DiskSample(Now, 20_000_000_000, freeGigabytes * 1_000_000_000, 100_000_000_000),
            new DiskForecast(days is null ? 0 : 5_000_000_000, days, false),
            AlertRules.BuiltIn.For(AlertKind.Disk, Judge.Disk));

        Of(AlertKind.Disk, Seen() with { Disk = disk }, open).Holds.ShouldBe(holds, why);
    }

    [Fact]
    public void Disk_ByBytes_LooksAtBytesToo()
    {
        var rule = AlertRules.BuiltIn.For(AlertKind.Disk, Judge.Disk) with { FreePercent = 0, FreeBytes = 2_000_000_000, Days = 0 };
        var disk = new DiskOutlook(new DiskSample(Now, 0, 1_900_000_000, 5_000_000_000), new DiskForecast(9, 0.1, false), rule);

        Of(AlertKind.Disk, Seen() with { Disk = disk }, open: false).Holds.ShouldBeTrue();
        Of(AlertKind.Disk, Seen() with { Disk = disk with { Rule = rule with { FreeBytes = 0 } } }, open: false).Holds.ShouldBeFalse("no forecast is asked for");
    }

    [Fact]
    public void Rule_OfItsOwn_TakesThePlaceOfTheGeneralOne_AndADisabledOneWatchesNothing()
    {
        AlertRule[] saved = [new() { Id = "rule_1", Kind = AlertKind.DeadLetters, Scope = "int_1", Count = 1, Minutes = 5 }, new() { Id = "rule_silence", Kind = AlertKind.Silence, Enabled = false, Revision = 2 }];
        var all = AlertRules.All(saved);

        all.For(AlertKind.DeadLetters, "int_1").Id.ShouldBe("rule_1");
        all.For(AlertKind.DeadLetters, "int_2").Id.ShouldBe("rule_dead_letters");
        all.Count.ShouldBe(5);
        Judge.Verdicts(Seen(source: Source() with { Rule = all.For(AlertKind.Silence, "src_1") }), (_, _) => true).Where(v => v.Kind == AlertKind.Silence).ShouldBeEmpty();
    }

    [Fact]
    public void Words_SayWhatSinceWhenWhatItMeansAndWhatToDo()
    {
        var health = new IntegrationHealth("configuration_error", Now.AddHours(-9).AddMinutes(-46), "unauthorized", "Matomo refuses the token.");
        var stopped = Of(AlertKind.DeliveryFailing, Seen(Integration() with { Health = health, Waiting = 12_408 }), open: false);

        stopped.Title.ShouldBe("Matomo Production is stopped");
        stopped.Text.ShouldBe("Matomo Production has been stopped since 8 Mar 02:14 UTC. Matomo refuses the token. 12,408 events wait, nothing is lost: events are kept for 14 days. Correct its settings: delivery goes on from where it stopped.");
        stopped.Path.ShouldBe("/integrations/int_1/settings");

        var silent = Of(AlertKind.Silence, Seen(source: Source() with { Usual = 240.4, LastAt = Now.AddHours(-2) }), open: true);
        silent.Text.ShouldStartWith("Shop has sent no event since 8 Mar 10:00 UTC, for 2 h. About 240 are usual within 1 h at this time of day.");
    }

    private static Verdict Of(AlertKind kind, Observation seen, bool open) => Judge.Verdicts(seen, (_, _) => open).Single(v => v.Kind == kind);

    private static Observation Seen(SeenIntegration? integration = null, SeenSource? source = null) =>
        new(Now, Now.AddDays(-3), TimeSpan.FromDays(14), integration is null ? [] : [integration], source is null ? [] : [source], null, new HashSet<string>());

    private static SeenIntegration Integration() => new(
        "int_1", "Matomo Production", null, 0, 0, AlertRules.BuiltIn.For(AlertKind.DeliveryFailing, "int_1"), AlertRules.BuiltIn.For(AlertKind.DeadLetters, "int_1"));

    private static SeenSource Source() => new("src_1", "Shop", 0, 0, null, AlertRules.BuiltIn.For(AlertKind.Silence, "src_1"));
}
