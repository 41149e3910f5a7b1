using OpenTelemetry.Metrics;
using Signal.Collect;
using Signal.Hosting.Demo;

namespace Signal.Hosting;

/// <summary>The collection listener (port 8080).</summary>
internal sealed class CollectServer(IServiceProvider process, IServiceCollection registered, Settings settings)
    : WebServer(process, registered, settings.CollectUrls, "Collection", "SIGNAL_COLLECT_URLS")
{
    protected override WebApplicationBuilder CreateBuilder() => WebApplication.CreateSlimBuilder(Options);

    protected override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new CollectOptions { TrustedProxies = settings.TrustedProxies });
        builder.Services.AddSingleton<ILoggerFactory>(new LoggersWithoutRequests(Process.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddCollect();
    }

    protected override void Configure(WebApplication app)
    {
        if (settings.MetricsOnCollect) app.UseMetrics(Process.GetRequiredService<MeterProvider>());
        Process.GetService<DemoShop>()?.Map(app);
        app.MapCollect();
    }

    protected override void Started(WebApplication app, IReadOnlyList<string> addresses) => Process.GetRequiredService<Listeners>().Collect = addresses;
}
