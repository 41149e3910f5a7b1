using System.Text.Json;
using System.Web;
using Shouldly;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Destinations;

/// <summary>What Matomo's data subject API is asked, and what its answers lead to; the facts are in docs/destinations/matomo.md.</summary>
public sealed class DataSubjectsTests
{
    [Fact]
    public void Find_VisitorsAndUsers_OneSegmentOfBoth_UsersEncodedThreeTimes()
    {
        var ask = Of(HandOnPurpose.Find, ["f3b1c2d4-0000-4000-8000-000000000001"], ["o'h&x+"]).Next([]).ShouldBeOfType<HandOnStep.Ask>().Request;

        var form = HttpUtility.ParseQueryString(ask.Shown[0]);
        form["method"].ShouldBe("PrivacyManager.findDataSubjects");
        form["segment"].ShouldBe("visitorId==f3b1c2d400004000,userId==o%252526%252523039%25253Bh%252526amp%25253Bx%25252B");
        form["token_auth"].ShouldBe("***");
        ask.Url.Query.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("0")]
    public void Find_UserWhoIsNobodyToMatomo_AsksNothing(string user) =>
        Of(HandOnPurpose.Erase, [], [user]).Next([]).ShouldBeOfType<HandOnStep.Done>().Result.Status.ShouldBe(HandOnStatus.NothingFound);

    [Fact]
    public void Erase_MoreThanMatomoTells_InPartsThatPhpTakes_UntilNothingIsFound()
    {
        var erase = Of(HandOnPurpose.Erase, ["f3b1c2d4-0000-4000-8000-000000000001"], []);
        var rows = JsonSerializer.Serialize(Enumerable.Range(1, 401).Select(i => new { idVisit = i, visitorId = "f3b1c2d400004000", userId = (string?)null }));

        var second = erase.Next([Ok(rows)]).ShouldBeOfType<HandOnStep.Ask>().Request;
        HttpUtility.ParseQueryString(second.Shown[0]).AllKeys.Count(k => k!.EndsWith("[idvisit]", StringComparison.Ordinal)).ShouldBe(400);
        erase.Next([Ok(rows), Ok("""{"log_visit":400}""")]).ShouldBeOfType<HandOnStep.Ask>().Request.Shown[0].ShouldContain("findDataSubjects");
        var done = erase.Next([Ok(rows), Ok("""{"log_visit":400}"""), Ok("""[{"idVisit":401,"visitorId":"f3b1c2d400004000"}]"""), Ok("""{"log_visit":1}"""), Ok("[]")]);
        done.ShouldBeOfType<HandOnStep.Done>().Result.ShouldBe(new HandOnResult(HandOnStatus.Erased, 401));
    }

    [Fact]
    public void Erase_VisitsOfOthersThatMatomoTakesForTheSame_AreLeftAlone()
    {
        var erase = Of(HandOnPurpose.Erase, [], ["ada"]);

        var step = erase.Next([Ok("""[{"idVisit":1,"visitorId":"aaaaaaaaaaaaaaaa","userId":"ADA"},{"idVisit":2,"visitorId":"aaaaaaaaaaaaaaab","userId":"ada"}]""")]);

        var form = HttpUtility.ParseQueryString(step.ShouldBeOfType<HandOnStep.Ask>().Request.Shown[0]);
        form.AllKeys.Where(k => k!.StartsWith("visits", StringComparison.Ordinal)).Select(k => $"{k}={form[k]}").ShouldBe(["visits[0][idsite]=1", "visits[0][idvisit]=2"]);
    }

    [Fact]
    public void Erase_FoundButNotErasedTwice_EndsAndSaysSo()
    {
        var erase = Of(HandOnPurpose.Erase, ["f3b1c2d400004000"], []);
        var (found, none) = (Ok("""[{"idVisit":1,"visitorId":"f3b1c2d400004000"}]"""), Ok("""{"log_visit":0}"""));

        erase.Next([found, none, Ok("[]")]).ShouldBeOfType<HandOnStep.Done>().Result.Status.ShouldBe(HandOnStatus.NothingFound, "somebody else was quicker");
        erase.Next([found, none, found, none]).ShouldBeOfType<HandOnStep.Done>().Result.Status.ShouldBe(HandOnStatus.Failed);
    }

    [Fact]
    public void Find_PluginOff_TellsMatomosWords()
    {
        var result = Of(HandOnPurpose.Find, ["f3b1c2d400004000"], []).Next([Ok("""{"result":"error","message":"The plugin PrivacyManager is not enabled."}""")]).ShouldBeOfType<HandOnStep.Done>().Result;

        result.Status.ShouldBe(HandOnStatus.Failed);
        result.Remedy.ShouldNotBeNull().ShouldContain("The plugin PrivacyManager is not enabled.");
    }

    private static DestinationResponse Ok(string body) => new(null, 200, "application/json", body, null, null);

    private static DataSubjects Of(HandOnPurpose purpose, string[] visitors, string[] users) => new(
        Some.Integration with
        {
            Config = new Dictionary<string, JsonElement>
            {
                ["matomo_url"] = JsonSerializer.SerializeToElement("https://matomo.example.com"),
                ["site_id"] = JsonSerializer.SerializeToElement("1"),
            },
            Secrets = new Dictionary<string, string> { ["token_auth"] = new('c', 32) },
        },
        new Subject(visitors, users, false),
        purpose);
}
