using Shouldly;
using Signal.State;
using Signal.Watch;
using Xunit;

namespace Signal.Tests.Watch;

public class AlertMachineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AlertChannel Ops = Channel("chn_ops");
    private static readonly AlertChannel Night = Channel("chn_night");

    [Fact]
    public void Holds_OpensOnceAndTellsEveryChannel_ThenNothing()
    {
        var round = AlertMachine.Step([Verdict(true)], [], [Ops, Night], At(Noon));

        var alert = round.Opened.ShouldHaveSingleItem();
        (alert.Kind, alert.Subject, alert.OpenedAt, alert.ResolvedAt).ShouldBe((AlertKind.DeliveryFailing, "int_1", Noon, null));
        round.Messages.Select(m => (m.Type, m.ChannelId, m.AlertId, m.NextAt)).ShouldBe([("opened", "chn_ops", alert.Id, (DateTimeOffset?)Noon), ("opened", "chn_night", alert.Id, Noon)]);

        Nothing(AlertMachine.Step([Verdict(true)], [alert], [Ops, Night], At(Noon.AddHours(23))));
    }

    [Fact]
    public void HoldsNot_OpensNothing() => Nothing(AlertMachine.Step([Verdict(false)], [], [Ops], At(Noon)));

    [Fact]
    public void Remind_AfterTheRulesHours_AndNotBeforeTheyPassAgain()
    {
        var alert = Opened();

        var round = AlertMachine.Step([Verdict(true)], [alert], [Ops], At(Noon.AddHours(24)));

        var again = round.Changed.ShouldHaveSingleItem();
        again.ToldAt.ShouldBe(Noon.AddHours(24));
        round.Messages.ShouldHaveSingleItem().Type.ShouldBe("reminder");
        Nothing(AlertMachine.Step([Verdict(true)], [again], [Ops], At(Noon.AddHours(47))));
        Nothing(AlertMachine.Step([Verdict(true, r => r with { RemindHours = 0 })], [alert], [Ops], At(Noon.AddDays(90))));
    }

    [Fact]
    public void HoldsNoMore_EndsOnce_AndTellsWhoHeardOfTheBeginning()
    {
        var alert = Opened();

        var round = AlertMachine.Step([Verdict(false)], [alert], [Ops, Night], At(Noon.AddHours(1)));

        var over = round.Resolved.ShouldHaveSingleItem();
        (over.ResolvedAt, over.Title).ShouldBe((Noon.AddHours(1), "It is stopped"));
        var message = round.Messages.ShouldHaveSingleItem("the other channel never heard of it");
        (message.Type, message.ChannelId, message.Alert.Title).ShouldBe(("resolved", "chn_ops", "It delivers again"));
    }

    [Fact]
    public void NotWatchedAnyMore_Ends_AndSaysWhy()
    {
        var round = AlertMachine.Step([], [Opened()], [Ops], At(Noon.AddHours(1)));

        round.Resolved.ShouldHaveSingleItem().Ending.ShouldBe("Matomo was removed.");
        round.Messages.ShouldHaveSingleItem().Alert.Text.ShouldBe("The alert \"It is stopped\" has ended because Matomo was removed.");
        AlertMachine.Step([], [Opened()], [Ops], At(Noon) with { Known = new HashSet<string> { "int_1" } }).Resolved[0].Ending.ShouldBe("Matomo was disabled.");
        var seen = new SeenIntegration("int_1", "Matomo", null, 0, 0, AlertRules.BuiltIn[0], AlertRules.BuiltIn[1]);
        AlertMachine.Step([], [Opened()], [Ops], At(Noon) with { Known = new HashSet<string> { "int_1" }, Integrations = [seen] }).Messages[0].Alert.Text.ShouldContain("because the rule that watches Matomo was switched off");
    }

    [Fact]
    public void Channel_ThatIsNew_HearsOfAnOpenAlertAtOnce_Once_AndOfItsEnd()
    {
        var round = AlertMachine.Step([Verdict(true)], [Opened()], [Ops, Night], At(Noon.AddMinutes(1)));

        var joined = round.Changed.ShouldHaveSingleItem();
        var message = round.Messages.ShouldHaveSingleItem("the other one has heard of it");
        (message.Type, message.ChannelId, message.Alert.OpenedAt).ShouldBe(("opened", "chn_night", Noon));
        joined.ToldAt.ShouldBe(Noon, "the reminder keeps its time");
        Nothing(AlertMachine.Step([Verdict(true)], [joined], [Ops, Night], At(Noon.AddMinutes(2))));
        AlertMachine.Step([Verdict(false)], [joined], [Ops, Night], At(Noon.AddMinutes(3))).Messages.Select(m => m.ChannelId).ShouldBe(["chn_ops", "chn_night"]);
        Nothing(AlertMachine.Step([Verdict(true, r => r with { Channels = ["chn_ops"] })], [Opened()], [Ops, Night], At(Noon.AddMinutes(1))));
    }

    [Fact]
    public void Channel_ThatIsNewWhenTheReminderIsDue_HearsThatItIsOpen()
    {
        var round = AlertMachine.Step([Verdict(true)], [Opened()], [Ops, Night], At(Noon.AddHours(24)));

        round.Messages.Select(m => (m.Type, m.ChannelId)).ShouldBe([("reminder", "chn_ops"), ("opened", "chn_night")]);
    }

    [Fact]
    public void Channels_OfTheRuleOnly_EnabledOnly_ThatAreStillThere()
    {
        AlertMachine.Step([Verdict(true, r => r with { Channels = ["chn_night"] })], [], [Ops, Night], At(Noon)).Messages.ShouldHaveSingleItem().ChannelId.ShouldBe("chn_night");
        AlertMachine.Step([Verdict(true, r => r with { Channels = [] })], [], [Ops, Night], At(Noon)).Messages.ShouldBeEmpty();
        AlertMachine.Step([Verdict(true)], [], [Ops with { Enabled = false }, Night], At(Noon)).Messages.ShouldHaveSingleItem().ChannelId.ShouldBe("chn_night");
        AlertMachine.Step([Verdict(false)], [Opened()], [Night], At(Noon)).Messages.ShouldBeEmpty("its channel was removed");
    }

    [Fact]
    public void Words_ThatChange_AreKept_WithoutTelling()
    {
        var round = AlertMachine.Step([Verdict(true) with { Text = "13 events wait." }], [Opened()], [Ops], At(Noon.AddMinutes(1)));

        round.Changed.ShouldHaveSingleItem().Text.ShouldBe("13 events wait.");
        round.Messages.ShouldBeEmpty();
    }

    private static Observation At(DateTimeOffset now) => new(now, now, TimeSpan.FromDays(14), [], [], null, new HashSet<string>());

    private static Alert Opened() => AlertMachine.Step([Verdict(true)], [], [Ops], At(Noon)).Opened[0];

    private static void Nothing(AlertRound round) => (round.Opened.Count, round.Changed.Count, round.Resolved.Count, round.Messages.Count).ShouldBe((0, 0, 0, 0));

    private static Verdict Verdict(bool holds, Func<AlertRule, AlertRule>? rule = null) => new(
        AlertKind.DeliveryFailing, "int_1", "Matomo", (rule ?? (r => r))(AlertRules.BuiltIn.For(AlertKind.DeliveryFailing, "int_1")), holds,
        holds ? "It is stopped" : "It delivers again", holds ? "12 events wait." : "All is well.", "/integrations/int_1/settings");

    private static AlertChannel Channel(string id) => new() { Id = id, Name = id, Type = AlertChannelType.Webhook, Url = "https://hooks.example.com/x", CreatedAt = Noon, UpdatedAt = Noon };
}
