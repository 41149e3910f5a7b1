using System.Net;
using Shouldly;
using Signal.Collect;
using Xunit;

namespace Signal.Tests.Collect;

public class OriginTests
{
    [Theory]
    [InlineData("https://shop.example.com", true)]
    [InlineData("http://shop.example.com:3000", true)]
    [InlineData("https://www.shop.example.com", true)]
    [InlineData("https://SHOP.example.com", true)]
    [InlineData("http://localhost", true)]
    [InlineData("http://localhost:5173", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("https://partner.example", true)]
    [InlineData("http://partner.example", false)]
    [InlineData("https://partner.example:8443", false)]
    [InlineData("https://a.cdn.example", true)]
    [InlineData("https://cdn.example", false)]
    [InlineData("http://any.example:99", true)]
    [InlineData("https://evilshop.example.com", false)]
    [InlineData("https://shop.example.com.evil.net", false)]
    [InlineData("https://example.com", false)]
    [InlineData("null", false)]
    [InlineData("file://shop.example.com", false)]
    [InlineData("https://localhost.evil.net", false)]
    public void Allows_Origin_ByDomainLocalhostAndList(string origin, bool allowed)
    {
        var rules = new OriginRules(Some.Source with { AllowedOrigins = ["https://partner.example", "https://*.cdn.example", "any.example"] });

        rules.Allows(origin).ShouldBe(allowed);
    }

    [Theory]
    [InlineData("http://localhost:5173", false)]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://[::1]:8080", false)]
    [InlineData("https://shop.example.com", true)]
    [InlineData("http://localhost:9000", true)]
    public void Allows_LocalhostTakenOff_OnlyWhatTheListNames(string origin, bool allowed)
    {
        var rules = new OriginRules(Some.Source with { AllowLocalhost = false, AllowedOrigins = ["http://localhost:9000"] });

        rules.Allows(origin).ShouldBe(allowed);
    }

    [Fact]
    public void Allows_Star_AllowsAll() =>
        new OriginRules(Some.Source with { AllowedOrigins = ["*"] }).Allows("https://anything.example").ShouldBeTrue();

    [Fact]
    public async Task Post_AllowedOrigin_IsAllowedWithCredentials()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", "{}", ("Origin", "https://shop.example.com"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header("Access-Control-Allow-Origin").ShouldBe("https://shop.example.com");
        answer.Header("Access-Control-Allow-Credentials").ShouldBe("true");
        answer.Header("Vary").ShouldBe("Origin");
    }

    [Fact]
    public async Task Post_ForeignOrigin_Answers403()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", "{}", ("Origin", "https://evil.example"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.ErrorCodeAsync()).ShouldBe("ORIGIN_NOT_ALLOWED");
        answer.Header("Access-Control-Allow-Origin").ShouldBeNull();
        host.Log.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_ErrorToAnAllowedPage_IsReadableByIt()
    {
        await using var host = await CollectHost.StartAsync();

        var malformed = await host.PostAsync("/v1/p", "{", ("Origin", "https://shop.example.com"));
        var unknown = await host.PostBytesAsync("/v1/p?wk=dk_live_other", "{}"u8.ToArray(), ("Origin", "https://shop.example.com"));

        malformed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        malformed.Header("Access-Control-Allow-Origin").ShouldBe("https://shop.example.com");
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.Header("Access-Control-Allow-Origin").ShouldBe("https://shop.example.com");
    }

    [Fact]
    public async Task Options_AllowedOrigin_AnswersThePreflight()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.SendAsync(CollectHost.Request(HttpMethod.Options, "/v1/batch", null, ("Origin", "https://www.shop.example.com"), ("Access-Control-Request-Method", "POST")));

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Header("Access-Control-Allow-Origin").ShouldBe("https://www.shop.example.com");
        answer.Header("Access-Control-Allow-Headers")!.ShouldContain("authorization");
        answer.Header("Access-Control-Allow-Methods")!.ShouldContain("POST");
        answer.Header("Access-Control-Max-Age").ShouldBe("7200");
    }

    [Fact]
    public async Task Options_ForeignOrigin_Answers403()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.SendAsync(CollectHost.Request(HttpMethod.Options, "/v1/t", null, ("Origin", "https://evil.example")));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Header("Access-Control-Allow-Origin").ShouldBeNull();
    }
}
