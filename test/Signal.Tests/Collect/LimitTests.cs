using System.IO.Compression;
using System.Net;
using System.Text;
using Shouldly;
using Signal.Collect;
using Xunit;

namespace Signal.Tests.Collect;

public class LimitTests
{
    private const int EventLimit = 64 * 1024;

    /// <summary>An event of exactly so many bytes.</summary>
    private static string EventOf(int bytes)
    {
        const string frame = """{"type":"page","properties":{"x":""}}""";
        return frame.Replace("\"\"", $"\"{new string('a', bytes - frame.Length)}\"");
    }

    private static byte[] Compress(string text, string encoding)
    {
        using var to = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(to, CompressionLevel.Fastest) : new GZipStream(to, CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(text));
        return to.ToArray();
    }

    [Theory]
    [InlineData(EventLimit, HttpStatusCode.OK)]
    [InlineData(EventLimit + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Post_EventOfSize_IsTakenUpToTheLimit(int bytes, HttpStatusCode status)
    {
        await using var host = await CollectHost.StartAsync();

        var plain = await host.PostAsync("/v1/p", EventOf(bytes));
        var chunked = CollectHost.Request(HttpMethod.Post, "/v1/p?wk=dk_live_shop", Encoding.UTF8.GetBytes(EventOf(bytes)));
        chunked.Headers.TransferEncodingChunked = true;

        plain.StatusCode.ShouldBe(status);
        (await host.SendAsync(chunked)).StatusCode.ShouldBe(status);
        if (status != HttpStatusCode.OK) (await plain.ErrorCodeAsync()).ShouldBe("EVENT_TOO_LARGE");
    }

    [Theory]
    [InlineData("gzip", EventLimit, HttpStatusCode.OK)]
    [InlineData("gzip", EventLimit + 1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("gzip", 20_000_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("br", EventLimit, HttpStatusCode.OK)]
    [InlineData("br", EventLimit + 1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("br", 20_000_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Post_Compressed_CountsAfterDecompression(string encoding, int bytes, HttpStatusCode status)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostBytesAsync("/v1/p?wk=dk_live_shop", Compress(EventOf(bytes), encoding), ("Content-Encoding", encoding));

        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Post_Compressed_IsStoredPlain()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostBytesAsync("/v1/t?wk=dk_live_shop", Compress("""{"event":"Ünïcode"}""", "gzip"), ("Content-Encoding", "gzip"), ("Content-Type", "application/json"));

        host.Log.Events.Single().Name.ShouldBe("Ünïcode");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Post_NotWhatTheEncodingSays_Answers400(string encoding)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostBytesAsync("/v1/p?wk=dk_live_shop", "{\"plain\":\"json\"}"u8.ToArray(), ("Content-Encoding", encoding));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.ErrorCodeAsync()).ShouldBe("MALFORMED_ENCODING");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Post_CutOffCompressedBody_Answers400(string encoding)
    {
        await using var host = await CollectHost.StartAsync();
        var body = Compress(EventOf(5000), encoding);

        var answer = await host.PostBytesAsync("/v1/p?wk=dk_live_shop", body[..(body.Length / 2)], ("Content-Encoding", encoding));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        host.Log.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_UnknownEncoding_Answers415()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostBytesAsync("/v1/p?wk=dk_live_shop", "{}"u8.ToArray(), ("Content-Encoding", "zstd"));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await answer.ErrorCodeAsync()).ShouldBe("UNSUPPORTED_ENCODING");
        answer.Header("Accept-Encoding").ShouldBe("gzip, br");
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.OK)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("text/plain;charset=UTF-8", HttpStatusCode.OK)]
    [InlineData("Text/Plain", HttpStatusCode.OK)]
    [InlineData("application/json; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/html", HttpStatusCode.UnsupportedMediaType)]
    public async Task Post_ContentType_MustBeJsonOrPlainText(string type, HttpStatusCode status)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", "{}", ("Content-Type", type));

        answer.StatusCode.ShouldBe(status);
        if (status != HttpStatusCode.OK) (await answer.ErrorCodeAsync()).ShouldBe("UNSUPPORTED_MEDIA_TYPE");
    }

    [Theory]
    [InlineData(500, HttpStatusCode.OK)]
    [InlineData(501, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Post_BatchOfEvents_IsTakenUpToTheLimit(int events, HttpStatusCode status)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/batch", $$"""{"batch":[{{string.Join(',', Enumerable.Repeat("""{"type":"page"}""", events))}}]}""");

        answer.StatusCode.ShouldBe(status);
        if (status != HttpStatusCode.OK) (await answer.ErrorCodeAsync()).ShouldBe("BATCH_TOO_LARGE");
        host.Log.Events.Count.ShouldBe(status == HttpStatusCode.OK ? 500 : 0);
    }

    [Theory]
    [InlineData(4 * 1024 * 1024, HttpStatusCode.OK)]
    [InlineData((4 * 1024 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Post_BatchOfBytes_IsTakenUpToTheLimit(int bytes, HttpStatusCode status)
    {
        await using var host = await CollectHost.StartAsync();
        var batch = """{"batch":[{"type":"page"}]}""";

        var answer = await host.PostAsync("/v1/batch", batch.PadRight(bytes));

        answer.StatusCode.ShouldBe(status);
        if (status != HttpStatusCode.OK) (await answer.ErrorCodeAsync()).ShouldBe("BATCH_TOO_LARGE");
    }

    [Fact]
    public async Task Post_LargeEventInABatch_IsAnErrorOfThatItem()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/batch", $$"""{"batch":[{{EventOf(EventLimit + 1)}},{{EventOf(EventLimit)}}]}""");

        var error = (await answer.JsonAsync()).GetProperty("errors").EnumerateArray().Single();
        error.GetProperty("index").GetInt32().ShouldBe(0);
        error.GetProperty("code").GetString().ShouldBe("EVENT_TOO_LARGE");
        host.Log.Events.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(32, HttpStatusCode.OK)]
    [InlineData(33, HttpStatusCode.BadRequest)]
    public async Task Post_Nested_IsTakenUpToTheDepth(int depth, HttpStatusCode status)
    {
        await using var host = await CollectHost.StartAsync();
        var e = $$"""{"type":"page","properties":{{string.Concat(Enumerable.Repeat("{\"a\":", depth - 2))}}{}{{new string('}', depth - 2)}}}""";

        (await host.PostAsync("/v1/p", e)).StatusCode.ShouldBe(status);
        var batch = await host.PostAsync("/v1/b", $$"""{"batch":[{"type":"page"},{{e}},{"type":"page"}]}""");
        (await batch.JsonAsync()).GetProperty("accepted").GetInt32().ShouldBe(status == HttpStatusCode.OK ? 3 : 2, "what is wrong with one event is no fault of its batch");
    }

    [Theory]
    [InlineData("properties")]
    [InlineData("unheard_of")]
    [InlineData("context")]
    public async Task Post_NestedThousandsOfLevels_IsRefused(string field)
    {
        await using var host = await CollectHost.StartAsync();
        var deep = $$"""{"consent":{{new string('[', 20_000)}}{{new string(']', 20_000)}}}""";

        var answer = await host.PostAsync("/v1/p", $$"""{"{{field}}":{{deep}}}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.ErrorCodeAsync()).ShouldBe("MALFORMED_JSON");
    }

    [Fact]
    public async Task Post_InvalidUtf8_Answers400AndSaysWhere()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostBytesAsync("/v1/p?wk=dk_live_shop", [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("MALFORMED_JSON");
        error.GetProperty("message").GetString()!.ShouldContain("byte 9");
    }

    [Fact]
    public async Task Post_LoneSurrogates_AreReplacedEverywhere()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/t", """{"event":"a\uD800b","properties":{"\udc00":"\ud83d\ude00","x":"\\ud800","y":"\ud800\ud83d\ude00"}}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var stored = host.Log.Events.Single();
        stored.Name.ShouldBe("a\uFFFDb");
        stored.Body.GetProperty("properties").GetRawText().ShouldBe("""{"\ufffd":"\ud83d\ude00","x":"\\ud800","y":"\ufffd\ud83d\ude00"}""");
    }

    [Fact]
    public async Task Post_ByteOrderMark_IsTolerated()
    {
        await using var host = await CollectHost.StartAsync();

        (await host.PostBytesAsync("/v1/t?wk=dk_live_shop", [0xEF, 0xBB, 0xBF, .. "{\"event\":\"A\"}"u8])).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Log.Events.Single().Body.GetRawText().ShouldBe("{\"event\":\"A\"}");
    }

    [Fact]
    public async Task Post_FasterThanTheRate_Answers429AndRecovers()
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { RateLimit = 10 });
        var ten = $$"""{"batch":[{{string.Join(',', Enumerable.Repeat("""{"type":"page"}""", 10))}}]}""";
        await host.PostAsync("/v1/b", ten);
        await host.PostAsync("/v1/b", ten);

        var refused = await host.PostAsync("/v1/b", ten);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var taken = await host.PostAsync("/v1/b", ten);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Header("Retry-After").ShouldBe("1");
        (await refused.ErrorCodeAsync()).ShouldBe("RATE_LIMITED");
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Counters[Some.Source.Id, "rejected:RATE_LIMITED"].ShouldBe(10);
    }

    [Fact]
    public void Take_MoreThanTheBucketHolds_PassesOnceAndLeavesADebt()
    {
        var bucket = new TokenBucket();

        bucket.Take(50, 10, now: 0, frequency: 1).ShouldBeNull();
        bucket.Take(1, 10, now: 1, frequency: 1).ShouldBe(3);
        bucket.Take(1, 10, now: 4, frequency: 1).ShouldBeNull();
    }
}
