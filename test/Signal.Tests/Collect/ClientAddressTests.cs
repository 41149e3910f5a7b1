using System.Net;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Signal.Collect;
using Xunit;

namespace Signal.Tests.Collect;

public class ClientAddressTests
{
    private static readonly IPNetwork[] Trusted = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:ff::/48")];

    private static DefaultHttpContext From(string? peer, params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        foreach (var (name, value) in headers) http.Request.Headers.Append(name, value);
        return http;
    }

    [Theory]
    [InlineData("198.51.100.1", null, "198.51.100.1")]
    [InlineData("198.51.100.1", "203.0.113.5", "198.51.100.1")]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("::ffff:127.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("::ffff:198.51.100.1", null, "198.51.100.1")]
    [InlineData("fe80::1%3", null, "fe80::1")]
    [InlineData("127.0.0.1", "1.1.1.1, 203.0.113.5, 10.1.2.3", "203.0.113.5")]
    [InlineData("127.0.0.1", "10.9.9.9, 10.1.2.3", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.5:4711", "203.0.113.5")]
    [InlineData("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("2001:db8:ff::1", "::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "203.0.113.5, unknown", "127.0.0.1")]
    [InlineData("127.0.0.1", "", "127.0.0.1")]
    [InlineData("127.0.0.1", "1", "127.0.0.1")]
    [InlineData("127.0.0.1", " 203.0.113.5 ,10.0.0.1 ", "203.0.113.5")]
    [InlineData(null, "203.0.113.5", "203.0.113.5")]
    public void Of_ForwardedFor_IsTheLastThatIsNoTrustedProxy(string? peer, string? forwarded, string expected) =>
        ClientAddress.Of(forwarded is null ? From(peer) : From(peer, ("X-Forwarded-For", forwarded)), Trusted).ShouldBe(expected);

    [Fact]
    public void Of_SeveralHeaderLines_AreOneList() =>
        ClientAddress.Of(From("127.0.0.1", ("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.5, 10.0.0.1")), Trusted).ShouldBe("203.0.113.5");

    [Theory]
    [InlineData("for=192.0.2.60;proto=https;by=203.0.113.43", "192.0.2.60")]
    [InlineData("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17")]
    [InlineData("for=192.0.2.43, for=10.2.2.2", "192.0.2.43")]
    [InlineData("for=_hidden, for=10.2.2.2", "127.0.0.1")]
    [InlineData("proto=https", "127.0.0.1")]
    public void Of_Forwarded_IsReadWhenThereIsNoForwardedFor(string forwarded, string expected) =>
        ClientAddress.Of(From("127.0.0.1", ("Forwarded", forwarded)), Trusted).ShouldBe(expected);

    [Theory]
    [InlineData("127.0.0.1", "X-Forwarded-Proto", "https", true)]
    [InlineData("127.0.0.1", "X-Forwarded-Proto", "https, http", true)]
    [InlineData("127.0.0.1", "X-Forwarded-Proto", "http", false)]
    [InlineData("198.51.100.1", "X-Forwarded-Proto", "https", false)]
    [InlineData("127.0.0.1", "Forwarded", "for=1.2.3.4;proto=https", true)]
    [InlineData("127.0.0.1", "X-Other", "https", false)]
    public void IsHttps_Proto_IsBelievedFromTrustedProxies(string peer, string header, string value, bool https) =>
        ClientAddress.IsHttps(From(peer, (header, value)), Trusted).ShouldBe(https);

    [Fact]
    public async Task Post_BehindATrustedProxy_StoresTheVisitorsAddress()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/p", "{}", ("X-Forwarded-For", "203.0.113.5"), ("X-Forwarded-Proto", "https"));

        host.Log.Events.Single().Request.Ip.ShouldBe("203.0.113.5");
        answer.Header("Set-Cookie")!.ShouldEndWith("; Secure");
    }

    [Fact]
    public async Task Post_ProxyNotTrusted_StoresThePeersAddress()
    {
        await using var host = await CollectHost.StartAsync(new CollectOptions { TrustedProxies = [] });

        await host.PostAsync("/v1/p", "{}", ("X-Forwarded-For", "203.0.113.5"));

        host.Log.Events.Single().Request.Ip.ShouldBe("127.0.0.1");
    }
}
