using System.Net;
using Shouldly;
using Signal.Events;
using Xunit;

namespace Signal.Tests.Collect;

public class PixelTests
{
    private static async Task ShouldBeTheImage(HttpResponseMessage answer)
    {
        var gif = await answer.Content.ReadAsByteArrayAsync();
        gif.Length.ShouldBe(43);
        gif[..6].ShouldBe("GIF89a"u8.ToArray());
        answer.Header("Content-Type").ShouldBe("image/gif");
        answer.Header("Cache-Control").ShouldBe("no-store");
    }

    [Fact]
    public async Task Get_Track_StoresEveryParameter()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.GetAsync(
            "/v1/pixel/track?wk=dk_live_shop&e=Mail%20Opened&uid=u1&aid=a1&mid=m1&ts=1772366399000&p.campaign=Fr%C3%BChling&p.n=007&t.plan=pro",
            ("Referer", "https://shop.example.com/sale?x=1"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeTheImage(answer);
        var stored = host.Log.Events.Single();
        (stored.Type, stored.Name, stored.UserId, stored.AnonymousId, stored.MessageId).ShouldBe((EventType.Track, "Mail Opened", "u1", "a1", "m1"));
        stored.Time.ToUnixTimeMilliseconds().ShouldBe(1772366399000);
        stored.Body.TextAt("properties.campaign").ShouldBe("Frühling");
        stored.Body.GetProperty("properties").GetProperty("n").GetString().ShouldBe("007");
        stored.Body.TextAt("traits.plan").ShouldBe("pro");
        stored.Body.TextAt("context.page.url").ShouldBe("https://shop.example.com/sale?x=1");
    }

    [Theory]
    [InlineData("page", EventType.Page)]
    [InlineData("identify", EventType.Identify)]
    [InlineData("group", EventType.Group)]
    public async Task Get_OtherKinds_AreStored(string kind, EventType type)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.GetAsync($"/v1/pixel/{kind}?wk=dk_live_shop&e=Home");

        host.Log.Events.Single().Type.ShouldBe(type);
        answer.Cookie().ShouldBe(host.Log.Events.Single().AnonymousId);
    }

    [Theory]
    [InlineData("/v1/pixel/track?wk=dk_live_other&e=A", HttpStatusCode.Unauthorized, "INVALID_PIPELINE_KEY")]
    [InlineData("/v1/pixel/track?e=A", HttpStatusCode.Unauthorized, "INVALID_PIPELINE_KEY")]
    [InlineData("/v1/pixel/track?wk=dk_live_shop", HttpStatusCode.BadRequest, "MISSING_EVENT_NAME")]
    [InlineData("/v1/pixel/page?wk=dk_live_shop&ts=yesterday", HttpStatusCode.BadRequest, "INVALID_FIELD")]
    public async Task Get_Wrong_IsTheImageWithTheStatusAndTheCode(string path, HttpStatusCode status, string code)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.GetAsync(path);

        answer.StatusCode.ShouldBe(status);
        answer.Header("X-Signal-Error").ShouldBe(code);
        await ShouldBeTheImage(answer);
    }

    [Fact]
    public async Task Get_LogUnavailable_IsTheImageWith503()
    {
        await using var host = await CollectHost.StartAsync();
        host.Log.Unavailable = "the disk is full";

        var answer = await host.GetAsync("/v1/pixel/page?wk=dk_live_shop");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await ShouldBeTheImage(answer);
    }
}
