using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Shouldly;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using Xunit;

namespace Signal.Tests.Destinations;

public class PackTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-03-01T12:00:00Z");

    [Fact]
    public void Pack_SeedOrder_IsTheSeedsPayloadFirst()
    {
        var request = Pack(RequestForm.Single, Order());

        request.Method.ShouldBe("POST");
        request.Url.ToString().ShouldBe("https://analytics.example.com/matomo.php");
        request.ContentType.ShouldBe("application/x-www-form-urlencoded");
        Encoding.UTF8.GetString(request.Body).ShouldStartWith(
            $"idsite=1&rec=1&token_auth={Token}&cip=203.0.113.50&ua=Mozilla%2F5.0%20%28X11%3B%20Linux%20x86_64%29&_id=a1b2c3d4e5f60718"
            + "&url=https%3A%2F%2Fexample.com%2Fcheckout%2Fconfirmation&idgoal=0&ec_id=ORD-001&revenue=129.99&ec_tx=21.66&ec_sh=4.99");
    }

    [Theory]
    [InlineData(RequestForm.Single)]
    [InlineData(RequestForm.Bulk)]
    public void Pack_Shown_HidesTheToken(RequestForm form)
    {
        var request = Pack(form, Order());

        request.Shown.ShouldHaveSingleItem().ShouldContain("&token_auth=***&");
        string.Concat(request.Shown).ShouldNotContain(Token);
        request.Url.ToString().ShouldNotContain(Token);
        Encoding.UTF8.GetString(request.Body).ShouldContain(Token);
    }

    [Fact]
    public void Pack_Single_IsNeverAskedWithoutItsPicture()
    {
        Encoding.UTF8.GetString(Pack(RequestForm.Single, Order()).Body).ShouldNotContain("send_image");
        Encoding.UTF8.GetString(Pack(RequestForm.Bulk, Order()).Body).ShouldNotContain("send_image");
    }

    [Fact]
    public void Pack_Bulk_GoesAroundTheQueueWithNativeRows()
    {
        var request = Pack(RequestForm.Bulk, Track("Order Completed", """{"order_id":"1","revenue":5,"products":[{"sku":"A","name":"👟","price":5}]}"""), Track("Ä", "{}"));

        request.Url.Query.ShouldBe("?queuedtracking=0");
        var body = JsonNode.Parse(request.Body)!;
        ((string?)body["token_auth"]).ShouldBe(Token);
        body["requests"]!.AsArray().Count.ShouldBe(2);
        ((string?)body["requests"]![0]!["ec_items"]![0]![1]).ShouldBe("👟");
        ((string?)body["requests"]![1]!["e_a"]).ShouldBe("Ä");
        body["requests"]![0]!["token_auth"].ShouldBeNull();
    }

    [Theory]
    [InlineData("none", "?queuedtracking=0")]
    [InlineData(null, "")]
    [InlineData("gzip", "")]
    public void Learn_FromAnAnswer_SinglesGoAroundAQueueOnceItShowed(string? encoding, string query)
    {
        var encoder = Encoder();
        var hits = encoder.Encode([EncodeCase.Event(Order(), 1)], new Dictionary<string, string>()).SelectMany(e => e.Hits).ToList();

        var learnt = encoder.Learn(new DestinationResponse(null, 200, "image/gif", "GIF89a", null, null, encoding));

        learnt.Pack(hits, RequestForm.Single, Noon).Url.Query.ShouldBe(query);
        learnt.Pack(hits, RequestForm.Single, Noon).Body.ShouldBe(encoder.Pack(hits, RequestForm.Single, Noon).Body);
        encoder.Pack(hits, RequestForm.Single, Noon).Url.Query.ShouldBe("", "what was learnt is not written into the encoder that was there");
    }

    [Fact]
    public void Pack_EventAheadOfMatomosClock_IsStampedNow()
    {
        var ahead = Pack(RequestForm.Single, Order(), now: Noon.AddMinutes(-5));
        var behind = Pack(RequestForm.Single, Order(), now: Noon.AddDays(2));

        HttpUtility.ParseQueryString(Encoding.UTF8.GetString(ahead.Body))["cdt"].ShouldBe(Noon.AddMinutes(-5).ToUnixTimeSeconds().ToString());
        HttpUtility.ParseQueryString(Encoding.UTF8.GetString(behind.Body))["cdt"].ShouldBe(Noon.ToUnixTimeSeconds().ToString());
    }

    [Fact]
    public void Pack_DoNotTrackHit_CarriesTheHeader()
    {
        var request = Pack(RequestForm.Bulk, new JsonObject { ["event"] = "A", ["request"] = new JsonObject { ["dnt"] = true } });

        request.Headers["DNT"].ShouldBe("1");
        Pack(RequestForm.Bulk, Order()).Headers.ShouldNotContainKey("DNT");
    }

    [Fact]
    public void Probe_Bulk_PingsOnceWithAndOnceWithoutTheToken()
    {
        var probe = Encoder().Probe("n", RequestForm.Bulk);

        var entries = JsonNode.Parse(probe.Body)!["requests"]!.AsArray();
        entries.Count.ShouldBe(2);
        entries.ShouldAllBe(e => (string?)e!["ping"] == "1");
        ((string?)entries[0]!["cip"]).ShouldBe("192.0.2.1");
        entries[1]!["cip"].ShouldBeNull();
        ((string?)entries[0]!["cid"])!.Length.ShouldBe(16);
    }

    [Fact]
    public void Probe_Single_IsOnePing()
    {
        var probe = Encoder().Probe("n", RequestForm.Single);

        probe.ContentType.ShouldBe("application/x-www-form-urlencoded");
        probe.Url.Query.ShouldBe("?queuedtracking=0", "a queue would answer for a tracker that refuses");
        Encoding.UTF8.GetString(probe.Body).ShouldContain("cip=192.0.2.1");
    }

    private static IEncoder Encoder() => new MatomoDestination().Compile(EncodeCase.Integration());

    private static JsonObject Order() => Track(
        "Order Completed",
        """{"order_id":"ORD-001","revenue":129.99,"tax":21.66,"shipping":4.99,"currency":"USD","url":"https://example.com/checkout/confirmation"}""");

    private static JsonObject Track(string name, string properties) => new() { ["event"] = name, ["properties"] = JsonNode.Parse(properties) };

    private static DestinationRequest Pack(RequestForm form, JsonObject one, JsonObject? two = null, DateTimeOffset? now = null)
    {
        var events = new[] { one, two }.OfType<JsonObject>().Select((e, i) => EncodeCase.Event(e, i + 1)).ToList();
        var encoder = Encoder();
        var hits = encoder.Encode(events, new Dictionary<string, string>()).SelectMany(e => e.Hits).ToList();
        return encoder.Pack(hits, form, now ?? Noon);
    }
}
