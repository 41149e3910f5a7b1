using System.Net;
using System.Text;
using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>
/// The only HTTP client of the path. No redirects (a POST would become a GET without its token), no cookies, no proxy of the
/// environment's, nothing of a browser's. Says exactly whether a request may have been recorded: until its body began to be
/// written nothing was sent; from then on, without an answer, the outcome is unknown.
/// </summary>
internal sealed class HttpSender : IDestinationSender, IDisposable
{
    private readonly HttpClient _client;
    private readonly DeliverOptions _options;
    private readonly TimeProvider _time;

    public HttpSender(DeliverOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,

            // DNS changes are followed within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // Apache closes an idle connection after 5 s by default; a request that meets the closing has an unknown outcome.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),

            // Trace headers of ours are nobody's business at the destination.
            ActivityHeadersPropagator = null,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public async Task<DestinationResponse> SendAsync(DestinationRequest request, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var body = new WatchedBody(request.Body, request.ContentType);
        try
        {
            using var message = Message(request, body);
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var text = await ReadAsync(response, request.MaxAnswer, either.Token);
            return new DestinationResponse(null, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, RetryAfter(response), response.Headers.Date, EncodingOf(response), HeaderOf(response, "Tk"));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return Failed(e, body.Started, limit.IsCancellationRequested);
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Message(DestinationRequest request, WatchedBody body)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url) { Content = body };
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        message.Headers.ExpectContinue = false;
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, int limit, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var buffer = new byte[limit];
        var read = await stream.ReadAtLeastAsync(buffer, limit, throwOnEndOfStream: false, stop);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        Wish(response) is { } wish ? TimeSpan.FromTicks(Math.Min(wish.Ticks, _options.LongestWish.Ticks)) : null;

    private TimeSpan? Wish(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (response.Headers.Date ?? _time.GetUtcNow()) is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static string? EncodingOf(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding is { Count: > 0 } encodings ? string.Join(", ", encodings) : null;

    private DestinationResponse Failed(Exception e, bool started, bool timedOut)
    {
        var why = timedOut ? $"no complete answer within {_options.AnswerTimeout.TotalSeconds:0.#} s" : Innermost(e);
        if (started) return DestinationResponse.None(TransportFailure.NoAnswer, $"The request was sent, but {why}.");
        return e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? DestinationResponse.None(TransportFailure.Tls, $"No TLS connection: {why}.")
            : DestinationResponse.None(TransportFailure.Unreachable, e is OperationCanceledException && !timedOut
                ? $"No connection within {_options.ConnectTimeout.TotalSeconds:0.#} s."
                : $"No connection: {why}.");
    }

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e.Message.TrimEnd('.');
    }

    /// <summary>A body that knows whether its writing has begun.</summary>
    private sealed class WatchedBody : HttpContent
    {
        private readonly byte[] _bytes;

        public WatchedBody(byte[] bytes, string contentType)
        {
            _bytes = bytes;
            Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        public bool Started { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            Started = true;
            await stream.WriteAsync(_bytes, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
