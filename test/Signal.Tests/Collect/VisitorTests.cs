using System.Net;
using Shouldly;
using Signal.Configure;
using Xunit;

namespace Signal.Tests.Collect;

public class VisitorTests
{
    private const string Visitor = "7d444840-9dc0-41d1-b245-5ffdce74fad2";

    [Fact]
    public async Task Post_NewVisitor_IsGivenACookie()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", "{}");

        var id = host.Log.Events.Single().AnonymousId;
        Guid.Parse(id).Version.ShouldBe(4);
        answer.Header("Set-Cookie").ShouldBe($"_dfid={id}; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax");
    }

    [Fact]
    public async Task Post_CookieSettings_AreTheSources()
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { Cookie = new CookieSettings { Name = "vid", Domain = "example.com", MaxAge = 60 } });

        var answer = await host.PostAsync("/v1/p", "{}", ("Cookie", $"_dfid=other; vid={Visitor}"));

        host.Log.Events.Single().AnonymousId.ShouldBe(Visitor);
        answer.Header("Set-Cookie").ShouldBe($"vid={Visitor}; Max-Age=60; Path=/; Domain=example.com; HttpOnly; SameSite=Lax");
    }

    [Fact]
    public async Task Post_CookielessByPage_IsThePagesOwnId()
    {
        await using var host = await CollectHost.StartAsync(source: Cookieless(CookielessVisitor.Page));

        var answer = await host.PostAsync("/v1/p", """{"anonymousId":"page-id"}""", ("Cookie", $"_dfid={Visitor}"));

        answer.Header("Set-Cookie").ShouldBeNull();
        host.Log.Events.Single().AnonymousId.ShouldBe("page-id");
    }

    [Fact]
    public async Task Post_CookielessByDay_IsOneVisitorByAddressAndBrowserUntilTheDayEnds()
    {
        await using var host = await CollectHost.StartAsync(source: Cookieless(CookielessVisitor.Daily));
        Task<HttpResponseMessage> Post(string page, string agent = "Firefox", string ip = "203.0.113.7") =>
            host.PostAsync("/v1/p", $$"""{"anonymousId":"{{page}}"}""", ("Cookie", $"_dfid={Visitor}"), ("User-Agent", agent), ("X-Forwarded-For", ip));

        var answer = await Post("first page");
        await Post("second page");
        await Post("other browser", agent: "Safari");
        await Post("other address", ip: "203.0.113.8");
        host.Clock.Advance(TimeSpan.FromHours(12));
        await Post("next day");

        answer.Header("Set-Cookie").ShouldBeNull();
        var ids = host.Log.Events.Select(e => e.AnonymousId).ToList();
        ids[1].ShouldBe(ids[0]);
        ids.Distinct().Count().ShouldBe(4);
        ids.ShouldAllBe(id => id.Length == 32 && id.All(char.IsAsciiHexDigitLower));
    }

    [Fact]
    public async Task Post_CookielessByDay_TwoSourcesShareNoVisitor()
    {
        await using var host = await CollectHost.StartAsync(source: Cookieless(CookielessVisitor.Daily));
        await host.PostAsync("/v1/p", "{}");
        host.Configuration.Set([Cookieless(CookielessVisitor.Daily) with { Id = "src_other" }], [Some.Integration with { SourceId = "src_other" }]);
        await host.PostAsync("/v1/p", "{}");

        host.Log.Events.Select(e => e.AnonymousId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Post_CookielessByDay_ARefusalHoldsForTheDay()
    {
        await using var host = await CollectHost.StartAsync(source: Cookieless(CookielessVisitor.Daily));

        await host.PostAsync("/v1/i", """{"anonymousId":"a","context":{"consent":{"analytics":false}}}""");
        await host.PostAsync("/v1/p", """{"anonymousId":"b"}""");
        host.Log.Events.ShouldBeEmpty();

        host.Consents.Ends.ShouldBe([new DateTimeOffset(host.Clock.GetUtcNow().Date.AddDays(1), TimeSpan.Zero)], "the word is kept no longer than it is somebody's");

        host.Clock.Advance(TimeSpan.FromHours(12));
        await host.PostAsync("/v1/p", """{"anonymousId":"c"}""");
        host.Log.Events.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, CookielessVisitor.Daily)]
    [InlineData(false, CookielessVisitor.Page)]
    public async Task Post_ARefusalUnderAnIdThatMayComeBack_HasNoEnd(bool cookie, CookielessVisitor cookieless)
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { Cookie = new CookieSettings { Enabled = cookie, Cookieless = cookieless } });

        await host.PostAsync("/v1/i", """{"anonymousId":"a","context":{"consent":{"analytics":false}}}""");

        host.Consents.Ends.ShouldBe([null]);
    }

    private static Source Cookieless(CookielessVisitor visitor) => Some.Source with { Cookie = new CookieSettings { Enabled = false, Cookieless = visitor } };

    [Fact]
    public async Task Post_CookieAndStatedId_CookieWins()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", """{"anonymousId":"stated"}""", ("Cookie", $"a=b; _dfid={Visitor}; c=d"));

        host.Log.Events.Single().AnonymousId.ShouldBe(Visitor);
        answer.Cookie().ShouldBe(Visitor);
    }

    [Fact]
    public async Task Post_StatedIdWithoutCookie_BecomesTheCookie()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", """{"anonymousId":"stated; id"}""");
        var next = await host.PostAsync("/v1/p", "{}", ("Cookie", $"_dfid={answer.Cookie()}"));

        answer.Cookie().ShouldBe("stated%3B%20id");
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Log.Events.Select(e => e.AnonymousId).ShouldBe(["stated; id", "stated; id"]);
    }

    [Fact]
    public async Task Post_BatchOfANewVisitor_IsOneVisitor()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/b", """{"batch":[{"type":"page"},{"type":"page"}]}""");

        host.Log.Events.Select(e => e.AnonymousId).Distinct().ShouldBe([answer.Cookie()!]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%00bad")]
    [InlineData("129")]
    public async Task Post_UnusableCookie_IsReplaced(string value)
    {
        await using var host = await CollectHost.StartAsync();
        var cookie = value == "129" ? new string('a', 129) : value;

        var answer = await host.PostAsync("/v1/p", "{}", ("Cookie", $"_dfid={cookie}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Guid.TryParse(answer.Cookie(), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Post_OverlongStatedId_IsRefused()
    {
        await using var host = await CollectHost.StartAsync();

        (await (await host.PostAsync("/v1/p", $$"""{"anonymousId":"{{new string('a', 129)}}"}""")).ErrorCodeAsync()).ShouldBe("INVALID_FIELD");
        (await host.PostAsync("/v1/p", $$"""{"anonymousId":"{{new string('a', 128)}}"}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_NumberAsUserId_IsText()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/i", """{"userId":42}""");

        host.Log.Events.Single().UserId.ShouldBe("42");
    }

    [Fact]
    public async Task Post_SnakeCase_IsUnderstood()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/i", """{"user_id":"u","anonymous_id":"a","message_id":"m","group_id":"g"}""");

        var stored = host.Log.Events.Single();
        (stored.UserId, stored.AnonymousId, stored.MessageId, stored.GroupId).ShouldBe(("u", "a", "m", "g"));
    }

    [Fact]
    public async Task Reset_KnownVisitor_IsANewOne()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/reset", "{}", ("Cookie", $"_dfid={Visitor}"));

        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"success":true}""");
        Guid.Parse(answer.Cookie()!).Version.ShouldBe(4);
        answer.Cookie().ShouldNotBe(Visitor);
    }

    [Fact]
    public async Task Reset_ThatNamesTheNewVisitor_SentTwice_IsTheSameOne()
    {
        await using var host = await CollectHost.StartAsync();
        const string body = """{"type":"","anonymousId":"0f8fad5b-d9cb-469f-a165-70867728950e","context":{"page":{"url":"https://shop.example.com/"}}}""";

        var first = await host.PostAsync("/v1/reset", body, ("Cookie", $"_dfid={Visitor}"));
        var again = await host.PostAsync("/v1/reset", body, ("Cookie", $"_dfid={first.Cookie()}"));

        first.Cookie().ShouldBe("0f8fad5b-d9cb-469f-a165-70867728950e");
        again.Cookie().ShouldBe(first.Cookie());
    }

    [Theory]
    [InlineData("""{"anonymousId":""}""")]
    [InlineData("""{"anonymousId":7}""")]
    [InlineData("""{"anonymousId":"a\u0000b"}""")]
    public async Task Reset_ThatNamesNobody_IsANewVisitor(string body)
    {
        await using var host = await CollectHost.StartAsync();

        Guid.Parse((await host.PostAsync("/v1/reset", body, ("Cookie", $"_dfid={Visitor}"))).Cookie()!).Version.ShouldBe(4);
    }

    [Fact]
    public async Task Reset_NoBody_IsTaken()
    {
        await using var host = await CollectHost.StartAsync();

        (await host.PostBytesAsync("/v1/reset?wk=dk_live_shop", [])).Cookie().ShouldNotBeNull();
    }

    [Fact]
    public async Task Reset_Forget_RemovesTheCookie()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostBytesAsync("/v1/reset", """{"forget":true,"writeKey":"dk_live_shop"}"""u8.ToArray(), ("Cookie", $"_dfid={Visitor}"));

        answer.Header("Set-Cookie").ShouldBe("_dfid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    }

    [Fact]
    public async Task Reset_VisitorHasRefused_SetsNoCookie()
    {
        await using var host = await CollectHost.StartAsync();
        await host.PostAsync("/v1/p", """{"context":{"consent":{"analytics":false}}}""", ("Cookie", $"_dfid={Visitor}"));

        (await host.PostAsync("/v1/reset", "{}", ("Cookie", $"_dfid={Visitor}"))).Header("Set-Cookie").ShouldBeNull();
    }

    [Fact]
    public async Task Reset_UnknownKey_Answers401()
    {
        await using var host = await CollectHost.StartAsync();

        (await host.PostBytesAsync("/v1/reset?wk=dk_live_other", "{}"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
