using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Signal.Tests.Scenarios;

/// <summary>A real HTTP server of the test's that keeps what is posted to it.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _loop;
    private readonly ConcurrentQueue<Call> _calls = new();

    private HookReceiver(HttpListener listener, Uri address)
    {
        (_listener, Address) = (listener, address);
        _loop = Task.Run(ServeAsync);
    }

    internal sealed record Call(string Path, string Body, string? Timestamp, string? Signature)
    {
        internal JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement.Clone();
    }

    /// <summary>Ends in a secret, as Slack's addresses do.</summary>
    internal Uri Address { get; }

    /// <summary>What it answers.</summary>
    internal int Status { get; set; } = 200;

    /// <summary>Every call so far.</summary>
    internal IReadOnlyList<Call> Calls => [.. _calls];

    internal static HookReceiver Start()
    {
        // A free port may be taken between looking and listening; then another one is tried.
        for (var i = 0; ; i++)
        {
            var port = Random.Shared.Next(20_000, 60_000);
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return new HookReceiver(listener, new Uri($"http://127.0.0.1:{port}/services/T0/a-secret-path"));
            }
            catch (HttpListenerException) when (i < 20)
            {
                listener.Close();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            _calls.Enqueue(new Call(context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync(), context.Request.Headers["X-Timestamp"], context.Request.Headers["X-Signature"]));
            context.Response.StatusCode = Status;
            context.Response.Close();
        }
    }
}
