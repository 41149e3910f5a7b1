using System.Text.Json.Nodes;
using MatomoSandbox;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>Rules of recording that the recorded rows do not show, without HTTP.</summary>
public sealed class SandboxMatomoTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 22, 50, 0, TimeSpan.Zero));
    private readonly SandboxMatomo matomo;

    public SandboxMatomoTests() => matomo = new SandboxMatomo(SandboxOptions.Recorded with
    {
        TimeProvider = clock,
        Sites = [.. SandboxOptions.Recorded.Sites, new SandboxSite(4, "Berlin", "https://berlin.example.com") { TimeZone = "Europe/Berlin" }],
    });

    [Theory]
    [InlineData(1799, 1)]
    [InlineData(1800, 2)]
    public void Track_Silence_BeginsAVisitAfterHalfAnHour(int seconds, int visits)
    {
        Hit("idsite=1&cid=00000000000000a1");
        clock.Advance(TimeSpan.FromSeconds(seconds));
        Hit("idsite=1&cid=00000000000000a1");

        matomo.State().Visits.Count.ShouldBe(visits);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    public void Track_MidnightOfTheSite_SplitsTheVisit(int site, int visits)
    {
        Hit($"idsite={site}&cid=00000000000000a1");
        clock.Advance(TimeSpan.FromMinutes(20));
        Hit($"idsite={site}&cid=00000000000000a1");

        matomo.State().Visits.Count.ShouldBe(visits);
    }

    [Fact]
    public void Track_PoisonedBulk_TakesBackItsOrders()
    {
        const string order = """{"idsite":1,"rec":1,"cid":"00000000000000a1","idgoal":0,"ec_id":"A-1","revenue":5}""";
        var poison = $$"""{"idsite":1,"rec":1,"cid":"00000000000000a2","e_c":"{{new string('x', 5000)}}","e_a":"b"}""";

        matomo.Track(TrackerRequest.Bulk($$"""{"requests":[{{order}},{{poison}}]}""")).Status.ShouldBe(500);
        matomo.State().Visits.ShouldBeEmpty();
        matomo.State().Conversions.ShouldBeEmpty();

        JsonNode.Parse(matomo.Track(TrackerRequest.Bulk($$"""{"requests":[{{order}}]}""")).Text)!["tracked"]!.GetValue<int>().ShouldBe(1);
        matomo.State().Conversions.Single().Order.ShouldBe("A-1");
    }

    [Theory]
    [InlineData("pv_id=abcde%C3%A9", 400)]
    [InlineData("pv_id=%C3%A9%C3%A9%C3%A9%C3%A9", 200)]
    [InlineData("region=%C3%A9%C3%A9", 400)]
    [InlineData("region=%C3%A9a", 200)]
    [InlineData("city={254}%C3%A9", 400)]
    [InlineData("city={253}%C3%A9", 200)]
    public void Track_CharacterSplitByMatomosCut_IsADatabaseError(string parameters, int status)
    {
        var filled = System.Text.RegularExpressions.Regex.Replace(parameters, @"\{(\d+)\}", m => new string('a', int.Parse(m.Groups[1].Value)));

        Hit($"idsite=1&cid=00000000000000a1&token_auth={SandboxFixture.WriteToken}&{filled}").Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("""{"platform":"Windows","mobile":"x","brands":[{"brand":"Not:A-Brand","version":"8"},{"brand":"X"},5],"wow64":5}""", 200)]
    [InlineData("""{"brands":"x","formFactors":["Desktop",5]}""", 200)]
    [InlineData("""[5]""", 200)]
    [InlineData("""{"platform":5}""", 500)]
    [InlineData("""{"model":null}""", 500)]
    [InlineData("""{"formFactors":[["x"]]}""", 500)]
    [InlineData("""{"brands":[{"brand":"5","version":"1"}]}""", 500)]
    [InlineData("""{"fullVersionList":[{"brand":"Google Chrome","version":126}]}""", 500)]
    [InlineData("""{"x-requested-with":[1]}""", 500)]
    public void Track_ClientHintsOfAWrongType_AreFatal(string hints, int status)
    {
        var answer = Hit($"idsite=1&cid=00000000000000a1&uadata={Uri.EscapeDataString(hints)}");

        answer.Status.ShouldBe(status);
        if (status == 500) answer.Text.ShouldBeEmpty();
    }

    [Fact]
    public void Track_QueuedBulk_StopsAtTheFirstFailure()
    {
        matomo.Faults = new SandboxFaults { QueuedTracking = true };
        const string order = """{"idsite":1,"rec":1,"cid":"00000000000000a1","idgoal":0,"ec_id":"A-1","revenue":5}""";

        var answer = matomo.Track(TrackerRequest.Bulk($$"""{"requests":[{{order}},{{order.Replace("a1", "a2")}},{{order.Replace("A-1", "A-2")}}]}"""));

        answer.ContentType.ShouldBe("image/gif");
        matomo.State().Conversions.Select(row => row.Order).ShouldBe(["A-1"]);
    }

    [Fact]
    public void Track_UserAgain_FindsTheVisitOnAnotherDevice()
    {
        Hit("idsite=1&cid=00000000000000a1&uid=ann&lang=de");
        Hit("idsite=1&cid=00000000000000a2&uid=ann&lang=fr");

        var visit = matomo.State().Visits.ShouldHaveSingleItem();
        visit.Actions.ShouldBe(2);
        visit.Language.ShouldBe("de");
    }

    [Fact]
    public void Track_OtherUserSameFingerprint_StaysApart()
    {
        Hit("idsite=1&uid=ann");
        Hit("idsite=1&uid=bob");

        matomo.State().Visits.Select(visit => visit.UserId).ShouldBe(["ann", "bob"]);
    }

    [Fact]
    public void Track_IgnoreCookie_RecordsNothing()
    {
        var request = TrackerRequest.Form("idsite=1&rec=1&cid=00000000000000a1") with
        {
            Headers = new Dictionary<string, string>
            {
                ["content-type"] = "application/x-www-form-urlencoded",
                ["Cookie"] = "a=b; matomo_ignore=ignore%3DKg%3D%3D",
            },
        };

        matomo.Track(request).Status.ShouldBe(200);

        matomo.State().Visits.ShouldBeEmpty();
    }

    [Fact]
    public void Track_NegativeTimingInARunningVisit_LeavesTheVisitAlone()
    {
        Hit("idsite=1&cid=00000000000000a1");
        var before = matomo.State().Visits.Single();
        clock.Advance(TimeSpan.FromSeconds(10));

        Hit("idsite=1&cid=00000000000000a1&pf_net=-5").Status.ShouldBe(400);

        matomo.State().Visits.Single().ShouldBe(before);
    }

    [Fact]
    public void Reset_AfterHits_ForgetsThem()
    {
        Hit("idsite=1&cid=00000000000000a1&idgoal=0&ec_id=A-1&revenue=5");

        matomo.Reset();

        matomo.State().Visits.ShouldBeEmpty();
        matomo.State().Counters.Requests.ShouldBe(0);
        Hit("idsite=1&cid=00000000000000a1&idgoal=0&ec_id=A-1&revenue=5").Status.ShouldBe(200);
    }

    private TrackerAnswer Hit(string parameters) => matomo.Track(TrackerRequest.Form("rec=1&url=https://shop.example.com/&" + parameters));
}
