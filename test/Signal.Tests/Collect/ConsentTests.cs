using System.Net;
using Shouldly;
using Signal.Configure;
using Xunit;

namespace Signal.Tests.Collect;

public class ConsentTests
{
    private const string Visitor = "7d444840-9dc0-41d1-b245-5ffdce74fad2";
    private const string Refusing = """{"context":{"consent":{"analytics":false}}}""";
    private const string Granting = """{"context":{"consent":{"analytics":true}}}""";
    private static readonly (string, string) Cookie = ("Cookie", $"_dfid={Visitor}");

    [Fact]
    public async Task Post_Refusal_IsSilentAndSetsNoCookie()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", Refusing);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"success":true}""");
        answer.Header("Set-Cookie").ShouldBeNull();
        host.Log.Calls.ShouldBe(0);
        host.Counters[Some.Source.Id, "dropped:consent_denied"].ShouldBe(1);
        host.Feed.Recent(1).Single().Reason.ShouldBe("consent_denied");
    }

    [Fact]
    public async Task Post_AfterARefusal_IsRefusedUntilAGrant()
    {
        await using var host = await CollectHost.StartAsync();
        await host.PostAsync("/v1/p", Refusing, Cookie);

        await host.PostAsync("/v1/p", """{"name":"refused"}""", Cookie);
        await host.PostAsync("/v1/p", Granting, Cookie);
        await host.PostAsync("/v1/p", """{"name":"granted"}""", Cookie);

        host.Log.Events.Select(e => e.Name).ShouldBe([null, "granted"]);
        host.Withdrawals.Withdrawn.Select(w => w.Category).ShouldBe(["analytics"]);
    }

    [Fact]
    public async Task Post_RefusalWithinABatch_HoldsFromThatEventOn()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/b", """
            {"batch":[{"type":"page","name":"a"},{"type":"page","name":"b","context":{"consent":{"analytics":false}}},{"type":"page","name":"c"}]}
            """, Cookie);

        host.Log.Events.Select(e => e.Name).ShouldBe(["a"]);
        (await answer.JsonAsync()).GetProperty("accepted").GetInt32().ShouldBe(3);
        answer.Header("Set-Cookie").ShouldBeNull();
    }

    [Fact]
    public async Task Post_OptInWithoutAWord_IsNotStoredAndSetsNoCookie()
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { Consent = new ConsentPolicy { Mode = ConsentMode.OptIn } });

        var before = await host.PostAsync("/v1/p", "{}");
        var after = await host.PostAsync("/v1/p", Granting);

        before.Header("Set-Cookie").ShouldBeNull();
        after.Header("Set-Cookie").ShouldNotBeNull();
        host.Log.Events.ShouldHaveSingleItem().Consent["analytics"].ShouldBeTrue();
    }

    [Fact]
    public async Task Post_Tcf_IsUnderstood()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/p", $$$$"""{"name":"no","context":{"consent":{"tcf":"{{{{Govern.TcfStrings.With(1)}}}}"}}}""");
        await host.PostAsync("/v1/p", $$$$"""{"name":"yes","context":{"consent":{"tcf":"{{{{Govern.TcfStrings.With(1, 8, 9)}}}}"}}}""");

        host.Log.Events.Select(e => e.Name).ShouldBe(["yes"]);
    }

    [Fact]
    public async Task Post_RudderStacksConsent_IsUnderstood()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/p", """{"context":{"consentManagement":{"deniedConsentIds":["analytics"]}}}""");

        host.Log.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("mtm_consent_removed=1700000000")]
    [InlineData("a=b; matomo_ignore=ignore%3D%2A")]
    [InlineData("piwik_ignore=1")]
    public async Task Post_MatomoOptOutCookie_IsDropped(string cookie)
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/p", "{}", ("Cookie", cookie));

        host.Log.Events.ShouldBeEmpty();
        host.Counters[Some.Source.Id, "dropped:matomo_opt_out"].ShouldBe(1);
    }

    [Fact]
    public async Task Post_BrowserHeaders_ReachTheRules()
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { Consent = new ConsentPolicy { Gpc = GpcPolicy.DenyAll } });

        await host.PostAsync("/v1/p", "{}", ("DNT", "1"));
        await host.PostAsync("/v1/p", "{}", ("Sec-GPC", "1"));

        host.Log.Events.ShouldHaveSingleItem().Request.DoNotTrack.ShouldBeTrue();
        host.Counters[Some.Source.Id, "dropped:global_privacy_control"].ShouldBe(1);
    }

    [Fact]
    public async Task Post_NoEnabledIntegration_IsCountedAndNotStored()
    {
        await using var host = await CollectHost.StartAsync();
        host.Configuration.Set([Some.Source], [Some.Integration with { Enabled = false }]);

        var answer = await host.PostAsync("/v1/p", "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header("Set-Cookie").ShouldNotBeNull();
        host.Log.Calls.ShouldBe(0);
        host.Counters[Some.Source.Id, "dropped:no_integration"].ShouldBe(1);
    }

    [Fact]
    public async Task Post_Bot_IsDroppedWithoutCookie()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", "{}", ("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header("Set-Cookie").ShouldBeNull();
        host.Counters[Some.Source.Id, "dropped:bot"].ShouldBe(1);
    }

    [Fact]
    public async Task Post_AnyOutcome_TellsTheFeedNoSecrets()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/t", """{"event":"A","messageId":"m1","properties":{"card":"4111"}}""", Cookie);
        await host.PostAsync("/v1/t", "{}", Cookie);
        await host.PostAsync("/v1/t", "{", Cookie);

        var items = host.Feed.Recent(10);
        items.Select(i => i.Stage).ShouldBe(["rejected", "rejected", "accepted"]);
        items[2].ShouldBe(new(Some.Now, "accepted", Some.Source.Id, null, host.Log.Events.Single().Id, "m1", "track", "A", Visitor, null, null));
        items.ShouldAllBe(i => !i.ToString().Contains("4111") && !i.ToString().Contains(Some.Source.PipelineKey) && !i.ToString().Contains(Some.Source.Secret));
    }

    [Fact]
    public async Task Post_NobodyReadsTheFeed_PublishesNothing()
    {
        await using var host = await CollectHost.StartAsync();
        host.Feed.Enabled = false;

        await host.PostAsync("/v1/p", "{}");

        host.Feed.Recent(1).ShouldBeEmpty();
    }
}
