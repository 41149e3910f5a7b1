using System.Net;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Signal.Collect;
using Xunit;

namespace Signal.Tests.Collect;

public class SignedCallTests
{
    private const string Event = """{"type":"track","event":"Order Completed","userId":"u1","context":{"ip":"203.0.113.50","userAgent":"Mozilla/5.0 Firefox/130.0"}}""";

    private static (string, string)[] Signed(string body, DateTimeOffset at, string? secret = null, string? sourceId = null)
    {
        var timestamp = at.ToUnixTimeMilliseconds().ToString();
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? Some.Source.Secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}"));
        return [("X-Signature", $"sha256={Convert.ToHexStringLower(mac)}"), ("X-Timestamp", timestamp), ("X-Source-Id", sourceId ?? Some.Source.Id), ("Content-Type", "application/json")];
    }

    private static Task<HttpResponseMessage> SendAsync(CollectHost host, string path, string body, (string, string)[] headers) =>
        host.PostBytesAsync(path, Encoding.UTF8.GetBytes(body), headers);

    [Fact]
    public async Task Post_SignedEvent_MayStateAddressAndAgent()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await SendAsync(host, "/v1/events", Event, Signed(Event, Some.Now));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header("Set-Cookie").ShouldBeNull();
        var stored = host.Log.Events.Single();
        stored.Request.ShouldBe(new("203.0.113.50", "Mozilla/5.0 Firefox/130.0", null, false, false, true));
        stored.UserId.ShouldBe("u1");
    }

    [Fact]
    public async Task Post_SignedBatch_IsTaken()
    {
        await using var host = await CollectHost.StartAsync();
        const string batch = $$"""{"batch":[{{Event}},{"type":"page","anonymousId":"a1"}]}""";

        var answer = await SendAsync(host, "/v1/batch", batch, Signed(batch, Some.Now));

        (await answer.JsonAsync()).GetProperty("accepted").GetInt32().ShouldBe(2);
        host.Log.Events[1].AnonymousId.ShouldBe("a1");
        host.Log.Events[1].Request.Ip.ShouldBeNull();
    }

    [Fact]
    public async Task Post_SameUserWithoutAnonymousId_IsOneVisitor()
    {
        await using var host = await CollectHost.StartAsync();

        await SendAsync(host, "/v1/events", Event, Signed(Event, Some.Now));
        await SendAsync(host, "/v1/events", Event, Signed(Event, Some.Now.AddMilliseconds(1)));

        host.Log.Events.Count.ShouldBe(2);
        host.Log.Events[0].AnonymousId.ShouldBe(host.Log.Events[1].AnonymousId);
    }

    [Fact]
    public async Task Post_WithoutSignatureOnEvents_Answers401()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/events", Event);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.ErrorCodeAsync()).ShouldBe("INVALID_SIGNATURE");
    }

    [Theory]
    [InlineData("sk_wrong", null)]
    [InlineData(null, "src_other")]
    public async Task Post_WrongSecretOrSource_Answers401(string? secret, string? sourceId)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await SendAsync(host, "/v1/events", Event, Signed(Event, Some.Now, secret, sourceId));

        (await answer.ErrorCodeAsync()).ShouldBe("INVALID_SIGNATURE");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("sha256=")]
    [InlineData("sha256=abc")]
    [InlineData("md5=00")]
    [InlineData("sha256=zz")]
    public async Task Post_UnreadableSignature_Answers401(string signature)
    {
        await using var host = await CollectHost.StartAsync();
        var headers = Signed(Event, Some.Now);
        headers[0] = ("X-Signature", signature);

        (await (await SendAsync(host, "/v1/events", Event, headers)).ErrorCodeAsync()).ShouldBe("INVALID_SIGNATURE");
    }

    [Fact]
    public async Task Post_ChangedBody_Answers401()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await SendAsync(host, "/v1/events", Event.Replace("u1", "u2"), Signed(Event, Some.Now));

        (await answer.ErrorCodeAsync()).ShouldBe("INVALID_SIGNATURE");
        host.Log.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-300, null)]
    [InlineData(300, null)]
    [InlineData(-301, "STALE_SIGNATURE")]
    [InlineData(301, "STALE_SIGNATURE")]
    public async Task Post_Timestamp_IsTakenWithinFiveMinutes(int seconds, string? code)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await SendAsync(host, "/v1/events", Event, Signed(Event, Some.Now.AddSeconds(seconds)));

        (await answer.ErrorCodeAsync()).ShouldBe(code);
        answer.StatusCode.ShouldBe(code is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_SameSignatureAgain_Answers401()
    {
        await using var host = await CollectHost.StartAsync();
        var headers = Signed(Event, Some.Now);

        await SendAsync(host, "/v1/events", Event, headers);
        var again = await SendAsync(host, "/v1/events", Event, headers);

        (await again.ErrorCodeAsync()).ShouldBe("REPLAYED_SIGNATURE");
        host.Log.Events.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Post_SameSignatureAfter503_IsTaken()
    {
        await using var host = await CollectHost.StartAsync();
        var headers = Signed(Event, Some.Now);
        host.Log.Unavailable = "the disk is full";
        await SendAsync(host, "/v1/events", Event, headers);
        host.Log.Unavailable = null;

        (await SendAsync(host, "/v1/events", Event, headers)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_SameBytesAfterARestart_MakeTheSameMessageId()
    {
        await using var first = await CollectHost.StartAsync();
        await using var second = await CollectHost.StartAsync();
        var headers = Signed(Event, Some.Now);

        await SendAsync(first, "/v1/events", Event, headers);
        await SendAsync(second, "/v1/events", Event, headers);

        second.Log.Events.Single().MessageId.ShouldBe(first.Log.Events.Single().MessageId);
    }

    [Fact]
    public async Task Post_SignedWithBadAddress_IsRefused()
    {
        await using var host = await CollectHost.StartAsync();
        var body = Event.Replace("203.0.113.50", "999.1.1.1");

        var answer = await SendAsync(host, "/v1/events", body, Signed(body, Some.Now));

        (await answer.ErrorCodeAsync()).ShouldBe("INVALID_FIELD");
    }

    [Fact]
    public async Task Post_Unsigned_StatedAddressIsNotBelieved()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/t", Event, ("User-Agent", "Mozilla/5.0 Chrome/130"), ("Accept-Language", "de"));

        host.Log.Events.Single().Request.ShouldBe(new("127.0.0.1", "Mozilla/5.0 Chrome/130", "de", false, false, false));
    }

    [Fact]
    public void Remember_Full_RefusesUntilOldOnesExpire()
    {
        var seen = new SeenSignatures(new CollectOptions { MaxRememberedSignatures = 2 });
        var now = Some.Now.ToUnixTimeMilliseconds();

        seen.Remember(1, now + 1000, now).ShouldBeNull();
        seen.Remember(2, now + 1000, now).ShouldBeNull();

        seen.Remember(3, now + 1000, now)!.Code.ShouldBe("RATE_LIMITED");
        seen.Remember(3, now + 200_000, now + 120_000).ShouldBeNull();
    }
}
