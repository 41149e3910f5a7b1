using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Deliver;
using Signal.Destinations;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>Against a server of raw sockets, so that every way to fail is real.</summary>
public sealed class HttpSenderTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpSender _sender = new(new DeliverOptions { AnswerTimeout = TimeSpan.FromSeconds(30), ConnectTimeout = TimeSpan.FromSeconds(10), UserAgent = "Signal/9.9" }, TimeProvider.System);
    private readonly TaskCompletionSource _heard = new();
    private string _received = "";

    public HttpSenderTests() => _listener.Start();

    public void Dispose()
    {
        _listener.Dispose();
        _sender.Dispose();
    }

    [Fact]
    public async Task Send_Answered_ReadsStatusTypeDateAndRetryAfter()
    {
        var response = await SendAsync("HTTP/1.1 503 Busy\r\nContent-Type: text/html; charset=utf-8\r\nDate: Fri, 01 May 2026 12:00:00 GMT\r\nRetry-After: 120\r\nContent-Length: 5\r\n\r\nhällo"u8.ToArray()[..^1]);

        response.Failure.ShouldBeNull();
        response.Status.ShouldBe(503);
        response.ContentType.ShouldBe("text/html");
        response.RetryAfter.ShouldBe(TimeSpan.FromMinutes(2));
        response.Date.ShouldBe(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Send_RetryAfterAsDate_IsCountedFromTheirDate()
    {
        var response = await SendAsync("HTTP/1.1 429 Slow\r\nDate: Fri, 01 May 2026 12:00:00 GMT\r\nRetry-After: Fri, 01 May 2026 12:05:00 GMT\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        response.RetryAfter.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData("86400")]
    [InlineData("2147483647")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task Send_RetryAfterOfDays_CountsAsAnHour(string wish)
    {
        var response = await SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 503 Busy\r\nDate: Fri, 01 May 2026 12:00:00 GMT\r\nRetry-After: {wish}\r\nContent-Length: 0\r\n\r\n"));

        response.RetryAfter.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Send_Request_CarriesNothingOfABrowserAndOurOwnAgent()
    {
        await SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        _received.ShouldStartWith("POST /matomo.php HTTP/1.1\r\n");
        _received.ShouldContain("User-Agent: Signal/9.9\r\n");
        _received.ShouldContain("Content-Type: application/x-www-form-urlencoded\r\n");
        _received.ShouldContain("DNT: 1\r\n");
        _received.ShouldEndWith("\r\n\r\na=1&token_auth=x");
        foreach (var header in (string[])["Accept-Language", "Referer", "Cookie", "traceparent", "Expect", "Accept-Encoding"]) _received.ShouldNotContain(header, Case.Insensitive);
    }

    [Fact]
    public async Task Send_Redirect_IsAnAnswerAndNotFollowed()
    {
        var response = await SendAsync("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        response.Status.ShouldBe(302);
    }

    [Fact]
    public async Task Send_HugeAnswer_IsCut()
    {
        var response = await SendAsync([.. "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"u8, .. new byte[200_000]]);

        response.Body.Length.ShouldBe(64 * 1024);
    }

    [Fact]
    public async Task Send_NobodyListens_IsUnreachable()
    {
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _listener.Stop();

        (await _sender.SendAsync(Request($"http://127.0.0.1:{port}/matomo.php"), default)).Failure.ShouldBe(TransportFailure.Unreachable);
    }

    [Fact]
    public async Task Send_UnknownHost_IsUnreachable() =>
        (await _sender.SendAsync(Request("http://no-such-host.invalid/matomo.php"), default)).Failure.ShouldBe(TransportFailure.Unreachable);

    [Fact]
    public async Task Send_PlainServerOnHttps_IsTls()
    {
        var serving = ServeAsync("HTTP/1.1 400 Bad\r\n\r\n"u8.ToArray());
        var response = await _sender.SendAsync(Request($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/matomo.php"), default);
        await serving;

        response.Failure.ShouldBe(TransportFailure.Tls);
    }

    [Fact]
    public async Task Send_ClosedAfterTheRequest_HasNoAnswer() =>
        (await SendAsync([])).Failure.ShouldBe(TransportFailure.NoAnswer);

    [Fact]
    public async Task Send_SilentServer_HasNoAnswer()
    {
        var clock = new FakeTimeProvider();
        using var impatient = new HttpSender(new DeliverOptions { AnswerTimeout = TimeSpan.FromSeconds(1) }, clock);
        var serving = ServeAsync(null);
        var sending = impatient.SendAsync(Request(Address), default);
        await _heard.Task;
        clock.Advance(TimeSpan.FromSeconds(1));
        var response = await sending;
        await serving;

        response.Failure.ShouldBe(TransportFailure.NoAnswer);
        response.Body.ShouldContain("within 1 s");
    }

    [Fact]
    public async Task Send_ContentEncoding_IsToldAndTheBodyLeftAsItIs()
    {
        var response = await SendAsync("HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Encoding: none\r\nContent-Length: 3\r\n\r\nGIF"u8.ToArray());

        (response.ContentEncoding, response.Body).ShouldBe(("none", "GIF"));
    }

    [Fact]
    public async Task Send_AnswerBreaksOff_HasNoAnswer() =>
        (await SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"sta"u8.ToArray())).Failure.ShouldBe(TransportFailure.NoAnswer);

    [Fact]
    public async Task Send_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource(50);
        await Should.ThrowAsync<OperationCanceledException>(_sender.SendAsync(Request(Address), stop.Token));
    }

    private string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/matomo.php";

    private static DestinationRequest Request(string url) => new(
        "POST", new Uri(url), "application/x-www-form-urlencoded", "a=1&token_auth=x"u8.ToArray(), new Dictionary<string, string> { ["DNT"] = "1" }, ["a=1&token_auth=***"]);

    private async Task<DestinationResponse> SendAsync(byte[]? answer)
    {
        var serving = ServeAsync(answer);
        var response = await _sender.SendAsync(Request(Address), default);
        await serving;
        return response;
    }

    // Null: stay silent until the client has had enough.
    private async Task ServeAsync(byte[]? answer)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[16 * 1024];
        var read = await stream.ReadAsync(buffer);
        while (!(_received = Encoding.UTF8.GetString(buffer, 0, read)).Contains("token_auth=x") && !_received.StartsWith('\u0016') && buffer[0] != 0x16)
            read += await stream.ReadAsync(buffer.AsMemory(read));
        _heard.TrySetResult();
        if (answer is null) await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false);
        else if (answer.Length > 0) await stream.WriteAsync(answer);
    }
}
