using System.Text.Json;
using Shouldly;
using Signal.Configure;
using Signal.Events;
using Signal.Govern;
using Signal.Tests.Collect;
using Xunit;

namespace Signal.Tests.Govern;

public class GovernanceTests
{
    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private static readonly IReadOnlyDictionary<string, bool> Nothing = new Dictionary<string, bool>();

    private static readonly Arrival Arrival = new()
    {
        Source = Some.Source,
        Integrations = [Some.Integration],
        ReceivedAt = Some.Now,
        Ip = "203.0.113.5",
        UserAgent = "Mozilla/5.0 Firefox/130.0",
    };

    private static Source With(ConsentPolicy policy) => Some.Source with { Consent = policy };

    private static IncomingEvent Page(string? consent = null) =>
        new() { MessageId = "m1", Consent = consent is null ? null : JsonDocument.Parse(consent).RootElement };

    private static Ruling Decide(IncomingEvent e, Arrival? arrival = null, IReadOnlyDictionary<string, bool>? remembered = null) =>
        Governance.Decide(e, EventType.Page, "visitor", null, remembered ?? Nothing, arrival ?? Arrival);

    /// <summary>The reason of a drop, <c>accepted</c>, or the code.</summary>
    private static string Word(Ruling ruling) => ruling.Decision switch
    {
        Decision.Accepted => "accepted",
        Decision.Dropped d => d.Reason,
        Decision.Rejected r => r.Code,
        _ => "?",
    };

    [Theory]
    [InlineData(ConsentMode.OptOut, null, null, "accepted")]
    [InlineData(ConsentMode.OptIn, null, null, "consent_denied")]
    [InlineData(ConsentMode.OptOut, """{"analytics":false}""", null, "consent_denied")]
    [InlineData(ConsentMode.OptIn, """{"analytics":true}""", null, "accepted")]
    [InlineData(ConsentMode.OptIn, """{"marketing":true}""", null, "consent_denied")]
    [InlineData(ConsentMode.OptOut, """{"marketing":false}""", null, "accepted")]
    [InlineData(ConsentMode.OptOut, """{"analytics":"maybe"}""", null, "consent_unreadable")]
    [InlineData(ConsentMode.OptIn, "[]", null, "consent_unreadable")]
    [InlineData(ConsentMode.OptOut, null, false, "consent_denied")]
    [InlineData(ConsentMode.OptIn, null, true, "accepted")]
    [InlineData(ConsentMode.OptOut, """{"analytics":true}""", false, "accepted")]
    [InlineData(ConsentMode.OptOut, """{"analytics":false}""", true, "consent_denied")]
    [InlineData(ConsentMode.OptOut, """{"marketing":true}""", false, "consent_denied")]
    public void Decide_Consent_FollowsModeDataAndMemory(ConsentMode mode, string? consent, bool? remembered, string expected)
    {
        var memory = remembered is { } granted ? new Dictionary<string, bool> { ["analytics"] = granted } : Nothing;

        var ruling = Decide(Page(consent), Arrival with { Source = With(new ConsentPolicy { Mode = mode }) }, memory);

        Word(ruling).ShouldBe(expected);
        ruling.VisitorRefused.ShouldBe(expected != "accepted");
    }

    [Fact]
    public void Decide_UnreadableConsent_IsNotRemembered() => Decide(Page("[]")).Said.ShouldBeEmpty();

    [Fact]
    public void Decide_Refusal_IsToBeRemembered() => Decide(Page("""{"analytics":false}""")).Said.ShouldBe(new Dictionary<string, bool> { ["analytics"] = false });

    [Fact]
    public void Decide_Accepted_CarriesWhatWasDecided()
    {
        var ruling = Decide(Page("""{"analytics":true}"""), Arrival with { GlobalPrivacyControl = true });

        var e = ruling.Decision.ShouldBeOfType<Decision.Accepted>().Event;
        e.Consent.OrderBy(c => c.Key).ShouldBe([new("analytics", true), new("marketing", false), new("personalization", false)]);
        e.AnonymousId.ShouldBe("visitor");
        e.ReceivedAt.ShouldBe(Some.Now);
        ruling.Said.ShouldBe(new Dictionary<string, bool> { ["analytics"] = true });
    }

    [Theory]
    [InlineData(DntPolicy.Forward, "accepted", true)]
    [InlineData(DntPolicy.Ignore, "accepted", false)]
    [InlineData(DntPolicy.Deny, "do_not_track", false)]
    public void Decide_DoNotTrack_FollowsThePolicy(DntPolicy policy, string expected, bool forwarded)
    {
        var ruling = Decide(Page(), Arrival with { Source = With(new ConsentPolicy { Dnt = policy }), DoNotTrack = true });

        Word(ruling).ShouldBe(expected);
        if (ruling.Decision is Decision.Accepted(var e)) e.Request.DoNotTrack.ShouldBe(forwarded);
    }

    [Theory]
    [InlineData(GpcPolicy.DenyMarketing, "analytics", "accepted")]
    [InlineData(GpcPolicy.DenyMarketing, "marketing", "global_privacy_control")]
    [InlineData(GpcPolicy.DenyMarketing, "personalization", "global_privacy_control")]
    [InlineData(GpcPolicy.DenyAll, "analytics", "global_privacy_control")]
    [InlineData(GpcPolicy.DenyAll, "essential", "accepted")]
    [InlineData(GpcPolicy.Ignore, "marketing", "accepted")]
    public void Decide_GlobalPrivacyControl_FollowsThePolicy(GpcPolicy policy, string category, string expected) =>
        Word(Decide(Page(), Arrival with
        {
            Source = With(new ConsentPolicy { Gpc = policy }),
            Integrations = [Some.Integration with { ConsentCategories = [category] }],
            GlobalPrivacyControl = true,
        })).ShouldBe(expected);

    [Fact]
    public void Decide_NoIntegration_IsCountedAndNoRefusal()
    {
        var ruling = Decide(Page(), Arrival with { Integrations = [] });

        Word(ruling).ShouldBe("no_integration");
        ruling.VisitorRefused.ShouldBeFalse();
    }

    [Fact]
    public void Decide_OneOfTwoIntegrationsMayHaveIt_IsAccepted() =>
        Word(Decide(Page("""{"analytics":false}"""), Arrival with { Integrations = [Some.Integration, Some.Integration with { Id = "int_b", ConsentCategories = [] }] }))
            .ShouldBe("accepted");

    [Fact]
    public void Decide_IntegrationNeedsSeveralCategories_NeedsEveryOne() =>
        Word(Decide(Page("""{"marketing":false}"""), Arrival with { Integrations = [Some.Integration with { ConsentCategories = ["analytics", "marketing"] }] }))
            .ShouldBe("consent_denied");

    [Fact]
    public void Decide_MatomoOptOut_DropsForMatomoOnly()
    {
        Word(Decide(Page(), Arrival with { MatomoOptOut = true })).ShouldBe("matomo_opt_out");
        var both = Decide(Page(), Arrival with { MatomoOptOut = true, Integrations = [Some.Integration, Some.Integration with { Id = "int_b", Vendor = "other" }] });
        both.Decision.ShouldBeOfType<Decision.Accepted>().Event.Request.MatomoOptOut.ShouldBeTrue();
    }

    [Fact]
    public void Decide_Bot_IsDroppedUnlessTheSourceWantsThem()
    {
        Word(Decide(Page(), Arrival with { UserAgent = Googlebot })).ShouldBe("bot");
        Word(Decide(Page(), Arrival with { UserAgent = Googlebot, Source = Some.Source with { FilterBots = false } })).ShouldBe("accepted");
    }

    [Fact]
    public void Decide_SignedCall_JudgesTheStatedAgent()
    {
        var signed = Arrival with { Signed = true, UserAgent = Googlebot };

        Word(Decide(Page(), signed)).ShouldBe("accepted");
        Word(Decide(new IncomingEvent { MessageId = "m", UserAgent = Googlebot }, signed)).ShouldBe("bot");
    }
}
