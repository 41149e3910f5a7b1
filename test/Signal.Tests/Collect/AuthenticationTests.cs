using System.Net;
using System.Text;
using Shouldly;
using Signal.Configure;
using Xunit;

namespace Signal.Tests.Collect;

public class AuthenticationTests
{
    private const string Key = "dk_live_shop";
    private static readonly byte[] Page = "{}"u8.ToArray();

    private static string Basic(string text) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";

    [Fact]
    public async Task Post_KeyInEachPlace_IsTaken()
    {
        await using var host = await CollectHost.StartAsync();

        (await host.PostBytesAsync("/v1/p", Page, ("Authorization", $"Bearer {Key}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.PostBytesAsync("/v1/p", Page, ("Authorization", Basic($"{Key}:")))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.PostBytesAsync("/v1/p", Encoding.UTF8.GetBytes($$"""{"writeKey":"{{Key}}"}"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.PostBytesAsync($"/v1/p?wk={Key}", Page)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.PostBytesAsync("/v1/b", Encoding.UTF8.GetBytes($$"""{"batch":[{"type":"page"}],"writeKey":"{{Key}}"}"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Log.Events.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("Bearer dk_live_other")]
    [InlineData("Bearer ")]
    [InlineData("Basic %%%")]
    [InlineData("Basic ZGtfbGl2ZV9vdGhlcjo=")]
    [InlineData("Digest x")]
    [InlineData(null)]
    public async Task Post_NoGoodKey_Answers401(string? authorization)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostBytesAsync("/v1/p", Page, authorization is null ? [] : [("Authorization", authorization)]);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.ErrorCodeAsync()).ShouldBe("INVALID_PIPELINE_KEY");
        host.Log.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_WrongKeyInHeadAndGoodOneInBody_Answers401()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostBytesAsync("/v1/p", Encoding.UTF8.GetBytes($$"""{"writeKey":"{{Key}}"}"""), ("Authorization", "Bearer dk_live_other"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_RetiredKey_IsTakenUntilItsTime()
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { RetiredKeys = [new RetiredKey("dk_live_old", Some.Now.AddHours(1))] });

        var before = await host.PostBytesAsync("/v1/p", Page, ("Authorization", "Bearer dk_live_old"));
        host.Clock.Advance(TimeSpan.FromHours(2));
        var after = await host.PostBytesAsync("/v1/p", Page, ("Authorization", "Bearer dk_live_old"));

        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_DisabledSource_Answers401()
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { Enabled = false });

        (await host.PostAsync("/v1/p", "{}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
