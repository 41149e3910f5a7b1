using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Signal.State;

namespace Signal.Watch;

/// <summary>
/// Posts a notice as JSON. <c>text</c> holds all a person needs, so that Slack, Mattermost and their like show it as it is; the
/// other fields are for programs. Signed as collection's own calls are: HMAC-SHA256 of timestamp, dot and body. No redirects: the
/// address is a secret. No trace headers and no spans, for the same reason.
/// </summary>
internal sealed class Webhook(WatchOptions options, TimeProvider time) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = options.AnswerTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ActivityHeadersPropagator = null,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Tries once; null when it was taken.</summary>
    public async Task<string?> SendAsync(AlertChannel channel, Notice notice, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(options.AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using var request = Request(channel, Body(notice));
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : Refused((int)answer.StatusCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"The webhook did not answer within {options.AnswerTimeout.TotalSeconds:0} s.";
        }
        catch (HttpRequestException e)
        {
            return Failed(e);
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(AlertChannel channel, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, channel.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("User-Agent", "Signal");
        if (channel.Secret is not { } secret) return request;
        var timestamp = time.GetUtcNow().ToUnixTimeMilliseconds().ToString();
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", Sign(secret, timestamp, body));
        return request;
    }

    /// <summary>The signature of a body at a time: <c>sha256=</c> and 64 hexadecimal digits.</summary>
    internal static string Sign(string secret, string timestamp, byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(timestamp + "."), .. body]));

    /// <summary>The body.</summary>
    internal static byte[] Body(Notice notice) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            notice.Id,
            // Not "type": Mattermost takes that for the kind of post, and refuses ours.
            Event = notice.Type == "test" ? "test" : $"alert.{notice.Type}",
            CreatedAt = notice.At.UtcDateTime,
            Text = $"{Mark(notice.Type)}{notice.Title}\n{notice.Text}{(notice.Link is null ? "" : $"\n{notice.Link}")}",
            Alert = notice.Alert is not { } alert ? null : new
            {
                alert.Id,
                alert.Kind,
                State = alert.ResolvedAt is null ? "open" : "resolved",
                alert.Subject,
                alert.Name,
                OpenedAt = alert.OpenedAt.UtcDateTime,
                ResolvedAt = alert.ResolvedAt?.UtcDateTime,
                notice.Title,
                notice.Text,
                Url = notice.Link,
            },
        },
        Json);

    private static string Mark(string type) => type switch
    {
        "opened" => "Alert: ",
        "reminder" => "Still: ",
        "resolved" => "Resolved: ",
        _ => "",
    };

    private static string Refused(int status) => status switch
    {
        >= 300 and < 400 => $"The webhook answered {status}, a redirection, which is not followed. Set the address it leads to.",
        401 or 403 or 404 or 410 => $"The webhook answered {status}. Its address is wrong or was withdrawn: make a new one there and set it here.",
        _ => $"The webhook answered {status}.",
    };

    // Never the address: its path may be a secret.
    private static string Failed(HttpRequestException e) => e switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } => "The webhook's host has no address. See whether its name is spelt right.",
        { InnerException: SocketException { SocketErrorCode: var code } } => $"The webhook's host can't be reached ({code}).",
        { InnerException: AuthenticationException } => "The webhook's certificate is not trusted.",
        _ => $"The webhook can't be reached ({e.HttpRequestError}).",
    };
}
