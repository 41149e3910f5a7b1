using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;
using Signal.Collect.Scripts;
using Signal.Configure;
using Xunit;

namespace Signal.Tests.Collect;

public class ScriptTests
{
    private static Source With(string options, string? path = null, string? prefix = null) =>
        Some.Source with { Sdk = new SdkSettings { ScriptPath = path, CollectPrefix = prefix, Options = JsonDocument.Parse(options).RootElement } };

    private static async Task<JsonElement> SettingsOf(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var start = text.IndexOf("({", StringComparison.Ordinal) + 1;
        return JsonDocument.Parse(text[start..(text.LastIndexOf(",[", StringComparison.Ordinal))]).RootElement;
    }

    [Theory]
    [InlineData("/d.js")]
    [InlineData("/datafly.js")]
    public async Task Get_Standard_IsTheCoreWithTheDefaultParts(string path)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.GetAsync(path, ("Origin", "https://anybody.example"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("(s,p)=>core(s,p)({\"endpoint\":\"v1\"},[LINKS]);\n");
        answer.Header("Content-Type").ShouldBe("text/javascript; charset=utf-8");
        answer.Header("Access-Control-Allow-Origin").ShouldBe("*");
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        answer.Header("Cache-Control").ShouldBe("public, max-age=600");
        answer.Header("Vary").ShouldBe("Accept-Encoding");
    }

    [Fact]
    public async Task Get_OfASource_HasItsSettingsAndParts()
    {
        await using var host = await CollectHost.StartAsync(source: With("""{"heartbeat":30,"outlinks":false,"reader":"tcf","hash":"route"}""") with
        {
            Consent = new ConsentPolicy { Mode = ConsentMode.OptIn, Dnt = DntPolicy.Deny, Gpc = GpcPolicy.DenyAll, Categories = new Dictionary<string, string> { ["C0002"] = "analytics" } },
            Cookie = new CookieSettings { Enabled = false },
        });
        host.Configuration.Set([.. host.Configuration.Current.Sources.Values], [Some.Integration, Some.Integration with { Id = "int_b", ConsentCategories = ["marketing"] }]);

        var answer = await host.GetAsync("/d/dk_live_shop.js");

        (await answer.Content.ReadAsStringAsync()).ShouldEndWith(",[SIGNALS,HEARTBEAT,TCF]);\n");
        (await SettingsOf(answer)).GetRawText().ShouldBe(
            """{"pipelineKey":"dk_live_shop","endpoint":"../v1","consent":"opt_in","dnt":"deny","gpc":"deny_all","cookieless":true,"purposes":["analytics","marketing"],"codes":{"analytics":["C0002"]},"heartbeat":30,"outlinks":false,"reader":"tcf","hash":"route"}""");
    }

    [Theory]
    [InlineData(GpcPolicy.Ignore, ""","dnt":"deny","gpc":"ignore"}""")]
    [InlineData(GpcPolicy.DenyMarketing, ""","dnt":"deny"}""")]
    public async Task Get_OfASourceThatDeniesDnt_SaysWhatGpcMeans(GpcPolicy gpc, string expected)
    {
        await using var host = await CollectHost.StartAsync(source: With("{}") with { Consent = new ConsentPolicy { Dnt = DntPolicy.Deny, Gpc = gpc } });

        (await SettingsOf(await host.GetAsync("/d/dk_live_shop.js"))).GetRawText().ShouldEndWith(expected);
    }

    [Fact]
    public async Task Get_OwnPathAndPrefix_AreServedAndNamed()
    {
        await using var host = await CollectHost.StartAsync(source: With("{}", "/js/shop.js", "/c"));

        var answer = await host.GetAsync("/js/shop.js");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SettingsOf(answer)).GetRawText().ShouldBe("""{"pipelineKey":"dk_live_shop","endpoint":"../c"}""");
    }

    [Theory]
    [InlineData("/d.js", "/v1", "v1")]
    [InlineData("/d/k.js", "/v1", "../v1")]
    [InlineData("/a/b/c.js", "x/y", "../../x/y")]
    public void Endpoint_FromTheScript_IsRelative(string script, string prefix, string expected) =>
        SdkSettingsWriter.Endpoint(script, prefix).ShouldBe(expected);

    [Fact]
    public async Task Get_UnknownKey_Answers404()
    {
        await using var host = await CollectHost.StartAsync();

        (await host.GetAsync("/d/dk_live_other.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", null)]
    public async Task Get_AcceptEncoding_IsServedCompressed(string accepts, string? encoding)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.GetAsync("/d.js", ("Accept-Encoding", accepts));

        answer.Header("Content-Encoding").ShouldBe(encoding);
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        });
        (await reader.ReadToEndAsync()).ShouldContain("LINKS");
    }

    [Fact]
    public async Task Get_KnownTag_Answers304UntilTheSourceChanges()
    {
        await using var host = await CollectHost.StartAsync();
        var tag = (await host.GetAsync("/d/dk_live_shop.js")).Header("ETag")!;

        var same = await host.GetAsync("/d/dk_live_shop.js", ("If-None-Match", tag));
        host.Configuration.Set([With("""{"heartbeat":true}""")], [Some.Integration]);
        var changed = await host.GetAsync("/d/dk_live_shop.js", ("If-None-Match", tag));

        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await same.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await changed.Content.ReadAsStringAsync()).ShouldContain("HEARTBEAT");
    }

    [Fact]
    public async Task Get_BuildWithoutSdk_Answers503()
    {
        await using var host = await CollectHost.StartAsync();
        host.Sdk.Files.Clear();

        var answer = await host.GetAsync("/d.js");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.ErrorCodeAsync()).ShouldBe("SDK_UNAVAILABLE");
    }

    [Fact]
    public async Task Head_Script_HasNoBody()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.SendAsync(CollectHost.Request(HttpMethod.Head, "/d.js", null));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount("(s,p)=>core(s,p)({\"endpoint\":\"v1\"},[LINKS]);\n"));
    }
}
