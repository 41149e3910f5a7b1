using Signal.Log;
using Signal.Manage;

namespace Signal.Hosting;

/// <summary>The management listener (port 8084): API, console, metrics.</summary>
internal sealed class ManageServer(IServiceProvider process, IServiceCollection registered, Settings settings)
    : WebServer(process, registered, settings.ManageUrls, "Management", "SIGNAL_MANAGE_URLS")
{
    protected override WebApplicationBuilder CreateBuilder() => WebApplication.CreateBuilder();

    protected override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddManage();
    }

    protected override void Configure(WebApplication app)
    {
        app.UseMetrics(Process);
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz", (IEventLog log) => log.Unavailable is { } why ? Results.Text(why, statusCode: 503) : Results.Text("ready"));
        app.MapManage();
    }

    protected override void Started(IReadOnlyList<string> addresses) => Process.GetRequiredService<Listeners>().Manage = addresses;
}
