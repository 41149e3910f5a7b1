using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signal.Tests.Scenarios;

/// <summary>An OTLP collector (HTTP, protobuf) that keeps the spans and the names of metrics it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    internal ConcurrentQueue<OtlpSpan> Spans { get; } = [];

    internal ConcurrentDictionary<string, bool> Metrics { get; } = [];

    internal string Address => _app.Urls.Single();

    internal static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/traces", http => TakeAsync(http, receiver.TakeTraces));
        receiver._app.MapPost("/v1/metrics", http => TakeAsync(http, receiver.TakeMetrics));
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext http, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        take(body.ToArray());
        http.Response.ContentType = "application/x-protobuf";
    }

    // ExportTraceServiceRequest.resource_spans(1).scope_spans(2).spans(2)
    private void TakeTraces(byte[] request)
    {
        foreach (var span in Protobuf.Path(request, 1, 2, 2))
        {
            var fields = Protobuf.Fields(span).ToLookup(f => f.Number, f => f.Bytes);
            Spans.Enqueue(new OtlpSpan(
                Convert.ToHexStringLower(fields[1].Single()),
                Convert.ToHexStringLower(fields[2].Single()),
                Convert.ToHexStringLower(fields[4].SingleOrDefault() ?? []),
                Encoding.UTF8.GetString(fields[5].Single())));
        }
    }

    // ExportMetricsServiceRequest.resource_metrics(1).scope_metrics(2).metrics(2).name(1)
    private void TakeMetrics(byte[] request)
    {
        foreach (var name in Protobuf.Path(request, 1, 2, 2, 1)) Metrics[Encoding.UTF8.GetString(name)] = true;
    }
}

/// <summary>What a test looks at of a span; ids in hexadecimal, the parent's empty at the root.</summary>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name);
