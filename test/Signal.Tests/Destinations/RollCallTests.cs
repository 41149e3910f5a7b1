using System.Text;
using MatomoSandbox;
using Shouldly;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using System.Text.Json.Nodes;
using Xunit;

namespace Signal.Tests.Destinations;

/// <summary>One request tells which of several tokens a Matomo accepts, and is refused once.</summary>
public class RollCallTests
{
    private static readonly string[] Tokens = [.. Enumerable.Range(1, RequestLimits.MostTogether).Select(n => $"{n:x32}")];

    [Fact]
    public void RollCall_OfEverySubset_FindsTheGoodOnes_AndIsRefusedOnce()
    {
        var encoders = Tokens.Select(t => Encoder(t)).ToList();
        for (var revoked = 0; revoked < 1 << Tokens.Length; revoked++)
        {
            var bad = Enumerable.Range(0, Tokens.Length).Where(i => (revoked & (1 << i)) != 0).ToList();
            var sandbox = Sandbox();
            sandbox.Faults = new SandboxFaults { RevokedTokens = [.. bad.Select(i => Tokens[i])] };

            var good = encoders[0].ClassifyTogether(encoders.Count, Answer(sandbox, encoders[0].ProbeTogether(encoders, "n")));

            good.ShouldBe(Enumerable.Range(0, Tokens.Length).Select(i => !bad.Contains(i)));
            sandbox.State().Counters.RefusedTokens.ShouldBe(revoked == 0 ? 0 : 1);
            sandbox.State().Visits.ShouldBeEmpty();
        }
    }

    [Fact]
    public void RollCall_AnUnknownSite_IsNotGood()
    {
        IReadOnlyList<IEncoder> encoders = [Encoder(Tokens[0]), Encoder(Tokens[1], site: "77"), Encoder(Tokens[2])];

        encoders[0].ClassifyTogether(3, Answer(Sandbox(), encoders[0].ProbeTogether(encoders, "n"))).ShouldBe([true, false, true]);
    }

    [Theory]
    [InlineData(500, """{"status":"error","tracked":0,"invalid":0}""")]
    [InlineData(200, """{"status":"success","tracked":0,"invalid":0}""")]
    [InlineData(200, """{"status":"success","tracked":6,"invalid":0}""")]
    [InlineData(200, "<html>")]
    [InlineData(503, "")]
    public void RollCall_AnAnswerThatDoesNotCountThemAll_SaysNothing(int status, string body) =>
        Encoder(Tokens[0]).ClassifyTogether(3, new DestinationResponse(null, status, "application/json", body, null, null)).ShouldBeNull();

    [Fact]
    public void RollCall_OnlyWithinOneMatomo()
    {
        Encoder(Tokens[0]).CanBeProbedWith(Encoder(Tokens[1], site: "2")).ShouldBeTrue();
        Encoder(Tokens[0]).CanBeProbedWith(Encoder(Tokens[1], url: "https://analytics.example.com/other")).ShouldBeFalse();
    }

    [Fact]
    public void RollCall_Shown_HidesTheTokens()
    {
        var request = Encoder(Tokens[0]).ProbeTogether([Encoder(Tokens[0]), Encoder(Tokens[1])], "n");

        string.Concat(request.Shown).ShouldNotContain(Tokens[0]);
        string.Concat(request.Shown).ShouldNotContain(Tokens[1]);
        Encoding.UTF8.GetString(request.Body).ShouldContain(Tokens[1]);
    }

    private static SandboxMatomo Sandbox() => new(SandboxOptions.Recorded with { Tokens = [.. Tokens.Select(t => new SandboxToken(t, TokenKind.Write) { Sites = [1] })] });

    private static IEncoder Encoder(string token, string site = "1", string url = "https://analytics.example.com") => new MatomoDestination().Compile(
        EncodeCase.Integration(new JsonObject { ["site_id"] = site, ["matomo_url"] = url }) with { Secrets = new Dictionary<string, string> { ["token_auth"] = token } });

    private static DestinationResponse Answer(SandboxMatomo sandbox, DestinationRequest request)
    {
        var answer = sandbox.Track(new TrackerRequest(request.Method, request.Url.AbsolutePath, request.Url.Query.TrimStart('?'), request.Body)
        {
            Headers = new Dictionary<string, string> { ["Content-Type"] = request.ContentType },
        });
        return new DestinationResponse(null, answer.Status, answer.ContentType, answer.Text, null, null);
    }
}
