using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Signal.Record;

namespace Signal.Hosting;

/// <summary>Logs, metrics and traces: what leaves the process and in which form.</summary>
internal static class Telemetry
{
    internal static void AddSignalLogging(this ILoggingBuilder logging, Settings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.LogLevel);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        // A failed start is told once, in one sentence, by the verb.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        if (settings.JsonLogs)
        {
            logging.AddJsonConsole(o =>
            {
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                o.IncludeScopes = true;
            });
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "HH:mm:ss ";
            });
        }
    }

    internal static void AddSignalTelemetry(this IServiceCollection services, Settings settings)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService("signal", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(m =>
            {
                m.AddMeter(Meters.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components.Server.Circuits");
                m.AddRuntimeInstrumentation();
                m.AddPrometheusExporter();
                if (settings.OtlpEndpoint is { } otlp) m.AddOtlpExporter(o => Send(o, otlp, "v1/metrics"));
            });
        if (settings.OtlpEndpoint is not { } endpoint) return;

        // Traces cost on the hot path; they are made only when somebody collects them.
        telemetry.WithTracing(t => t
            .AddSource(Meters.Name)
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddOtlpExporter(o => Send(o, endpoint, "v1/traces")));
    }

    // 4318 is OTLP's port for HTTP; anywhere else OTEL_EXPORTER_OTLP_PROTOCOL tells, and without it gRPC is spoken.
    private static void Send(OtlpExporterOptions options, Uri endpoint, string path)
    {
        if (endpoint.Port == 4318) options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}") : endpoint;
    }

    /// <summary>Serves <c>/metrics</c> from the process's meters.</summary>
    internal static void UseMetrics(this WebApplication app, MeterProvider meters) =>
        app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, null, "/metrics", null, null);
}
