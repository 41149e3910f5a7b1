using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IAlertStore"/> must do.</summary>
public abstract class AlertStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private const string Address = "https://hooks.example.com/services/T0/B0/a-secret-path";

    private IAlertStore Store => Stores.Alerts;

    [Fact]
    public async Task Rule_SavedChangedRemoved_WithItsAuditEntry()
    {
        await Stores.Configuration.SaveAsync(ConfigurationStoreConformance.FullSource, Audit(101), Stop);
        await Stores.Configuration.SaveAsync(ConfigurationStoreConformance.FullIntegration, null, Audit(102), Stop);
        var rule = Rule("rule_1", "int_1") with { Channels = ["chn_1"], Minutes = 7, UpdatedAt = Noon };
        (await Store.SaveAsync(rule, Audit(1), Stop)).ShouldBeTrue();
        (await Store.SaveAsync(Rule("rule_2", "int_1"), Audit(2), Stop)).ShouldBeFalse("one rule of a kind for a scope");
        (await Store.SaveAsync(rule with { Revision = 3 }, Audit(3), Stop)).ShouldBeFalse("revision 2 is missing");
        (await Store.SaveAsync(rule with { Revision = 2, Minutes = 9 }, Audit(4), Stop)).ShouldBeTrue();
        Reopen();

        var kept = (await Store.RulesAsync(Stop)).ShouldHaveSingleItem();
        (kept.Minutes, kept.Scope, kept.UpdatedAt, kept.Revision).ShouldBe((9, "int_1", Noon, 2));
        kept.Channels.ShouldBe(["chn_1"]);
        (await Store.DeleteRuleAsync("rule_1", Audit(5), Stop)).ShouldBeTrue();
        (await Store.DeleteRuleAsync("rule_1", Audit(6), Stop)).ShouldBeFalse();
        (await Stores.Audit.ListAsync(new AuditFilter(), Stop)).Select(e => e.Id).ShouldBe(["log_000102", "log_000101", "log_000005", "log_000004", "log_000001"]);
    }

    [Fact]
    public async Task GeneralRule_IsInsertedAsItsSecondRevision_Once()
    {
        var rule = Rule("rule_disk", null) with { Kind = AlertKind.Disk, Revision = 2 };

        (await Store.SaveAsync(rule, Audit(1), Stop)).ShouldBeTrue();
        (await Store.SaveAsync(rule, Audit(2), Stop)).ShouldBeFalse();
        (await Store.SaveAsync(rule with { Revision = 3 }, Audit(3), Stop)).ShouldBeTrue();
    }

    [Fact]
    public async Task Channel_ComesBackWhole_ButItsSecretsAreNotInTheFile()
    {
        var channel = Channel("chn_1") with { To = ["ops@example.com"], Secret = "an-hmac-secret" };
        (await Store.SaveAsync(channel, Audit(1), Stop)).ShouldBeTrue();
        await Store.MarkAsync("chn_1", new ChannelAttempt(Noon, "It answered 500."), Stop);
        (await Store.SaveAsync(channel with { Revision = 2, Name = "Night" }, Audit(2), Stop)).ShouldBeTrue();
        (await Store.SaveAsync(channel with { Revision = 2 }, Audit(3), Stop)).ShouldBeFalse();
        Reopen();

        var kept = (await Store.ChannelsAsync(Stop)).ShouldHaveSingleItem();
        (kept.Name, kept.Url, kept.Secret, kept.Revision).ShouldBe(("Night", Address, "an-hmac-secret", 2));
        kept.Last.ShouldBe(new ChannelAttempt(Noon, "It answered 500."));
        kept.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task Apply_OneOpenAlertOfAKindForASubject()
    {
        await Store.ApplyAsync(Round(opened: [Alert("alr_1")], messages: [Message("msg_1", "alr_1")]), Stop);
        await Store.ApplyAsync(Round(opened: [Alert("alr_2")], messages: [Message("msg_2", "alr_2")]), Stop);
        Reopen();

        (await Store.ListAsync(new AlertFilter(Open: true), Stop)).ShouldHaveSingleItem().Id.ShouldBe("alr_1");
        (await Store.MessagesAsync(["alr_1", "alr_2"], Stop)).ShouldHaveSingleItem().Id.ShouldBe("msg_1", "nobody is told of an alert that was open already");

        await Store.ApplyAsync(Round(resolved: [Alert("alr_1") with { ResolvedAt = Noon.AddHours(1) }]), Stop);
        await Store.ApplyAsync(Round(changed: [Alert("alr_1") with { Title = "Late" }], messages: [Message("msg_3", "alr_1")]), Stop);
        await Store.ApplyAsync(Round(opened: [Alert("alr_3")]), Stop);

        (await Store.ListAsync(new AlertFilter(), Stop)).Select(a => (a.Id, a.ResolvedAt is null, a.Title)).ShouldBe([("alr_3", true, "Stopped"), ("alr_1", false, "Stopped")]);
        (await Store.MessagesAsync(["alr_1"], Stop)).ShouldHaveSingleItem().Id.ShouldBe("msg_1", "what is over is not changed");
    }

    [Fact]
    public async Task List_FiltersAndPages()
    {
        for (var i = 1; i <= 4; i++) await Store.ApplyAsync(Round(opened: [Alert($"alr_{i}") with { Subject = $"int_{i}", Kind = i == 2 ? AlertKind.DeadLetters : AlertKind.DeliveryFailing }]), Stop);
        await Store.ApplyAsync(Round(resolved: [Alert("alr_1") with { Subject = "int_1", ResolvedAt = Noon }]), Stop);

        (await Store.ListAsync(new AlertFilter(Limit: 2), Stop)).Select(a => a.Id).ShouldBe(["alr_4", "alr_3"]);
        (await Store.ListAsync(new AlertFilter(Before: "alr_3"), Stop)).Select(a => a.Id).ShouldBe(["alr_2", "alr_1"]);
        (await Store.ListAsync(new AlertFilter(Open: false), Stop)).ShouldHaveSingleItem().Id.ShouldBe("alr_1");
        (await Store.ListAsync(new AlertFilter(Kind: AlertKind.DeadLetters), Stop)).ShouldHaveSingleItem().Id.ShouldBe("alr_2");
        (await Store.ListAsync(new AlertFilter(Subject: "int_4"), Stop)).ShouldHaveSingleItem().Id.ShouldBe("alr_4");
        (await Store.FindAsync("alr_3", Stop))!.Subject.ShouldBe("int_3");
        (await Store.FindAsync("alr_9", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Due_IsTheOldestOfEachChannel_WhenItsTimeHasCome()
    {
        await Store.SaveAsync(Channel("chn_1"), Audit(1), Stop);
        await Store.ApplyAsync(Round(opened: [Alert("alr_1")], messages: [Message("msg_1", "alr_1"), Message("msg_2", "alr_1"), Message("msg_3", "alr_1") with { ChannelId = "chn_2" }]), Stop);
        (await Store.DueAsync(Noon.AddSeconds(-1), Stop)).ShouldBeEmpty();
        (await Store.DueAsync(Noon, Stop)).Select(m => m.Id).ShouldBe(["msg_1", "msg_3"]);

        await Store.SettleAsync(Message("msg_1", "alr_1") with { Attempts = 1, NextAt = Noon.AddMinutes(1), Error = "No" }, new ChannelAttempt(Noon, "No"), Stop);
        Reopen();
        (await Store.DueAsync(Noon, Stop)).ShouldHaveSingleItem().Id.ShouldBe("msg_3", "the second waits for the first");
        (await Store.ChannelsAsync(Stop)).ShouldHaveSingleItem().Last.ShouldBe(new ChannelAttempt(Noon, "No"));

        var taken = (await Store.DueAsync(Noon.AddMinutes(1), Stop))[0];
        taken.Attempts.ShouldBe(1);
        await Store.SettleAsync(taken with { Attempts = 2, NextAt = null, SentAt = Noon.AddMinutes(1), Error = null }, new ChannelAttempt(Noon.AddMinutes(1), null), Stop);
        (await Store.DueAsync(Noon.AddMinutes(1), Stop)).Select(m => m.Id).ShouldBe(["msg_2", "msg_3"]);
        (await Store.MessagesAsync(["alr_1"], Stop))[0].SentAt.ShouldBe(Noon.AddMinutes(1));
    }

    [Fact]
    public async Task DeleteChannel_TakesWhatWaitsForIt_AndKeepsWhatWasSent()
    {
        await Store.SaveAsync(Channel("chn_1"), Audit(1), Stop);
        await Store.ApplyAsync(Round(opened: [Alert("alr_1")], messages: [Message("msg_1", "alr_1"), Message("msg_2", "alr_1")]), Stop);
        await Store.SettleAsync(Message("msg_1", "alr_1") with { NextAt = null, SentAt = Noon }, new ChannelAttempt(Noon, null), Stop);

        (await Store.DeleteChannelAsync("chn_1", Audit(2), Stop)).ShouldBeTrue();
        (await Store.DeleteChannelAsync("chn_1", Audit(3), Stop)).ShouldBeFalse();

        (await Store.MessagesAsync(["alr_1"], Stop)).ShouldHaveSingleItem().Id.ShouldBe("msg_1");
        (await Store.DueAsync(Noon, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Trim_TakesOldAlertsWithTheirMessages_AndOldSamples_NeverAnOpenOne()
    {
        await Store.ApplyAsync(Round(opened: [Alert("alr_1"), Alert("alr_2") with { Subject = "int_2" }], messages: [Message("msg_1", "alr_1")]), Stop);
        await Store.ApplyAsync(Round(resolved: [Alert("alr_1") with { ResolvedAt = Noon }]), Stop);
        await Store.AddAsync(new DiskSample(Noon, 10, 90, 100), Stop);
        await Store.AddAsync(new DiskSample(Noon.AddHours(1), 20, 80, 100), Stop);
        await Store.AddAsync(new DiskSample(Noon.AddHours(1), 20, 80, 100), Stop);

        (await Store.TrimAsync(Noon, Noon, Stop)).ShouldBe(0);
        (await Store.TrimAsync(Noon.AddSeconds(1), Noon.AddSeconds(1), Stop)).ShouldBe(2);
        Reopen();

        (await Store.ListAsync(new AlertFilter(), Stop)).ShouldHaveSingleItem().Id.ShouldBe("alr_2");
        (await Store.MessagesAsync(["alr_1"], Stop)).ShouldBeEmpty();
        (await Store.SamplesAsync(Noon, Stop)).ShouldHaveSingleItem().ShouldBe(new DiskSample(Noon.AddHours(1), 20, 80, 100));
    }

    private static AlertRule Rule(string id, string? scope) => new() { Id = id, Kind = AlertKind.DeliveryFailing, Scope = scope };

    private static AlertChannel Channel(string id) => new() { Id = id, Name = "Ops", Type = AlertChannelType.Webhook, Url = Address, CreatedAt = Noon, UpdatedAt = Noon };

    private static AlertRound Round(IReadOnlyList<Alert>? opened = null, IReadOnlyList<Alert>? changed = null, IReadOnlyList<Alert>? resolved = null, IReadOnlyList<AlertMessage>? messages = null) =>
        new(opened ?? [], changed ?? [], resolved ?? [], messages ?? []);

    private static Alert Alert(string id) => new()
    {
        Id = id,
        Kind = AlertKind.DeliveryFailing,
        Subject = "int_1",
        Name = "Matomo",
        RuleId = "rule_1",
        OpenedAt = Noon,
        Title = "Stopped",
        Text = "It is stopped.",
        Path = "/integrations/int_1/settings",
        ToldAt = Noon,
        Channels = ["chn_1"],
    };

    private static AlertMessage Message(string id, string alert) =>
        new() { Id = id, AlertId = alert, ChannelId = "chn_1", Type = "opened", Alert = Alert(alert), CreatedAt = Noon, NextAt = Noon };
}
