using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shouldly;
using Signal.Tests.Store;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>The collection door of the running program, as browsers, servers, proxies and attackers meet it.</summary>
public class CollectionScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    [Fact]
    public async Task Key_AsSegmentSendsIt_UserNameOfBasicWithAColon_IsTaken()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/track") { Content = Json("""{"event":"Signed Up","userId":"u1"}""") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(shop.Key + ":")));

        using var answer = await shared.Signal.Collect.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await shop.SettledAsync(1))[0].GetProperty("event").GetString().ShouldBe("Signed Up");
    }

    [Fact]
    public async Task Localhost_TakenOffASource_MaySendNoLonger()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        (await FromAsync("http://localhost:5173")).ShouldBe(HttpStatusCode.OK, "a new source allows localhost");

        var changed = await shop.Signal.PatchAdminAsync($"sources/{shop.SourceId}", new { allow_localhost = false });

        changed.GetProperty("allow_localhost").GetBoolean().ShouldBeFalse();
        (await FromAsync("http://localhost:5173")).ShouldBe(HttpStatusCode.Forbidden);
        (await FromAsync($"https://{shop.Source.GetProperty("domain").GetString()}")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> FromAsync(string origin)
        {
            using var answer = await shop.Signal.SendAsync(shop.Key, "/v1/p", new { anonymousId = Some.Visitor() }, headers: new Dictionary<string, string> { ["Origin"] = origin });
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "1.2.3.4, 203.0.113.7, 127.0.0.1", "203.0.113.7")]
    [InlineData("X-Forwarded-For", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("X-Forwarded-For", "203.0.113.8, ", "203.0.113.8")]
    [InlineData("Forwarded", "for=\"[2001:db8::9]:4711\";proto=https;by=10.0.0.1", "2001:db8::9")]
    public async Task Address_BehindATrustedProxy_IsTheVisitors(string header, string value, string expected)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);

        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/" } }, headers: new Dictionary<string, string> { [header] = value });

        Shop.Fields((await shop.SettledAsync(1))[0])["cip"].ShouldBe(expected);
    }

    [Fact]
    public async Task Beacon_TextPlainWithTheKeyInTheBody_NeedsNoPreflight()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch");
        request.Content = new StringContent($$"""{"writeKey":"{{shop.Key}}","batch":[{"type":"page","messageId":"beacon"}]}""", Encoding.UTF8, "text/plain");
        request.Headers.Add("Origin", "https://www.shop.example.com");

        using var answer = await shared.Signal.Collect.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://www.shop.example.com"]);
        answer.Headers.GetValues("Access-Control-Allow-Credentials").ShouldBe(["true"]);
        (await shop.SettledAsync(1))[0].GetProperty("message_id").GetString().ShouldBe("beacon");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task CompressedBody_CutOff_IsRefusedAsSuch(string encoding)
    {
        await using var shop = await Shop.OpenAsync(shared.Signal);
        var whole = Compress(encoding, """{"event":"Order Completed","properties":{"order_id":"1"}}""");

        foreach (var body in new[] { whole[..^3], whole[..^9], whole[..(whole.Length / 2)] })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/t?wk={shop.Key}") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Content.Headers.ContentEncoding.Add(encoding);
            using var answer = await shared.Signal.Collect.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
            (await CodeAsync(answer)).ShouldBe("MALFORMED_ENCODING");
        }
    }

    [Fact]
    public async Task SignedCall_RepeatedAfterARestart_IsNotDeliveredAgain()
    {
        await using var shop = await Shop.OpenAsync();
        var body = """{"type":"page","userId":"u1","properties":{"url":"https://shop.example.com/signed"},"context":{"ip":"203.0.113.50","userAgent":"App/1"}}""";
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString();
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(shop.Source.GetProperty("secret").GetString()!), Encoding.UTF8.GetBytes($"{timestamp}.{body}")));

        (await SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CodeAsync(await SendAsync())).ShouldBe("REPLAYED_SIGNATURE");
        await shop.SettledAsync(1);
        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await SendAsync();
        await shop.PageAsync(Some.Visitor(), "/after");

        (await shop.RecordedAsync(2)).ShouldBe(["/signed", "/after"], ignoreOrder: true);

        async Task<HttpResponseMessage> SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = Json(body) };
            request.Headers.Add("X-Signature", $"sha256={signature}");
            request.Headers.Add("X-Timestamp", timestamp);
            request.Headers.Add("X-Source-Id", shop.SourceId);
            return await shop.Signal.Collect.SendAsync(request);
        }
    }

    [Fact]
    public async Task Sender_HangsUpInTheMiddle_IsCountedAndNoErrorOfOurs()
    {
        await using var shop = await Shop.OpenAsync();
        var address = shop.Signal.Collect.BaseAddress!;
        for (var n = 0; n < 10; n++)
        {
            using var socket = new TcpClient(address.Host, address.Port) { LingerState = new LingerOption(true, 0) };
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/t HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shop.Key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"));
            // The server has begun to read once it asks for more.
            (await socket.GetStream().ReadAsync(new byte[1])).ShouldBe(1);
            await socket.GetStream().WriteAsync("{\"event\""u8.ToArray());
        }

        await Eventually.Async(
            () => shop.Signal.Manage.GetStringAsync("/metrics"),
            m => m.Split('\n').Any(l => l.StartsWith("signal_events_total{", StringComparison.Ordinal) && l.Contains("MALFORMED_REQUEST") && l.Contains("outcome=\"rejected\"") && l.EndsWith(" 10", StringComparison.Ordinal)),
            () => "ten rejections");
        shop.Signal.Output.ShouldNotContain("fail:");
        shop.Signal.Output.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task Connections_ThousandsThatSayNothing_DoNotHoldUpOthers()
    {
        await using var shop = await Shop.OpenAsync();
        var address = shop.Signal.Collect.BaseAddress!;
        var idle = new List<Socket>();
        try
        {
            for (var n = 0; n < 2_000; n++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(address.Host, address.Port);
                await socket.SendAsync("POST /v1/t HT"u8.ToArray());
            }

            await shop.PageAsync(Some.Visitor(), "/among-many");

            (await shop.RecordedAsync(1)).ShouldBe(["/among-many"]);
        }
        finally
        {
            idle.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Disk_Full_Answers503UntilThereIsSpace_AndWhatWasAcknowledgedArrives()
    {
        using var disk = SmallDisk.TryMount(24);
        Assert.SkipWhen(disk is null, "Mounting a small file system takes root.");
        await using var signal = await RunningSignal.StartAsync(dataDirectory: disk.Path);
        await using var shop = await Shop.OpenAsync(signal);
        var visitor = Some.Visitor();
        var acknowledged = new List<string>();
        var filler = disk.Fill();

        HttpResponseMessage refused;
        for (var n = 0; ; n++)
        {
            refused = await signal.SendAsync(shop.Key, "/v1/p", new { anonymousId = visitor, messageId = $"m{n}", properties = new { url = $"https://shop.example.com/{n}", filler = new string('x', 5_000) } });
            if (refused.StatusCode != HttpStatusCode.OK) break;
            acknowledged.Add($"/{n}");
        }

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await CodeAsync(refused)).ShouldBe("STORE_UNAVAILABLE");
        foreach (var client in new[] { signal.Collect, signal.Manage })
        {
            var ready = await Eventually.Async(() => client.GetAsync("/readyz"), r => r.StatusCode == HttpStatusCode.ServiceUnavailable, () => "readiness to end");
            var reason = await ready.Content.ReadAsStringAsync();
            reason.ShouldContain("full");
            reason.ShouldNotContain(disk.Path);
            (await client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await Eventually.Async(() => signal.Output, o => o.Contains(Path.Combine(disk.Path, "log.db")), () => "the log to name the file");
        File.Delete(filler);
        await Eventually.Async(() => signal.Collect.GetAsync("/readyz"), r => r.StatusCode == HttpStatusCode.OK, () => "readiness to return by itself");
        await shop.PageAsync(visitor, "/after");
        (await shop.RecordedAsync(acknowledged.Count + 1)).ShouldBe([.. acknowledged, "/after"]);
    }

    [Fact]
    public async Task Disk_Full_ManagementAnswers503UntilThereIsSpace()
    {
        using var disk = SmallDisk.TryMount(24);
        Assert.SkipWhen(disk is null, "Mounting a small file system takes root.");
        await using var signal = await RunningSignal.StartAsync(dataDirectory: disk.Path);
        var filler = disk.Fill();

        // What a write-ahead log still holds may take a few.
        var refused = await Eventually.Async(CreateAsync, r => r.StatusCode != HttpStatusCode.Created, () => "a write to be refused");

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await CodeAsync(refused)).ShouldBe("STORE_UNAVAILABLE");
        (await signal.GetAdminAsync("sources")).GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Array);
        File.Delete(filler);
        await Eventually.Async(CreateAsync, r => r.StatusCode == HttpStatusCode.Created, () => "writing to resume by itself");

        Task<HttpResponseMessage> CreateAsync() =>
            signal.Manage.PostAsync("/v1/admin/sources", Json(JsonSerializer.Serialize(new { name = new string('n', 100), domain = "shop.example.com" })));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetString();

    private static byte[] Compress(string encoding, string text)
    {
        using var buffer = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(buffer, CompressionLevel.Fastest) : new GZipStream(buffer, CompressionLevel.Fastest)) stream.Write(Encoding.UTF8.GetBytes(text));
        return buffer.ToArray();
    }
}
