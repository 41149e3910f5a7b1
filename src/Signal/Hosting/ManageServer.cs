using System.Net;
using OpenTelemetry.Metrics;
using Signal.Collect;
using Signal.Console;
using Signal.Hosting.Demo;
using Signal.Manage;
using Signal.Manage.Access;
using Signal.Manage.Privacy;
using Signal.Manage.Resources;
using Signal.State;

namespace Signal.Hosting;

/// <summary>The management listener (port 8084): API, console, metrics.</summary>
internal sealed class ManageServer(IServiceProvider process, IServiceCollection registered, Settings settings, bool temporary)
    : WebServer(process, registered, settings.ManageUrls, "Management", "SIGNAL_MANAGE_URLS")
{
    protected override WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder(Options);
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }

    protected override void AddServices(WebApplicationBuilder builder)
    {
        var secrets = Process.GetService<DemoSecrets>();
        builder.Services.AddManage(new ManageOptions
        {
            SigningKey = Process.GetRequiredService<IKeyDerivation>().Derive("access tokens"),
            AdminToken = settings.AdminToken,
            RunToken = Process.GetRequiredService<RunToken>().Value,
            AdminEmail = settings.AdminEmail ?? (secrets is null ? null : DemoSecrets.Email),
            AdminPassword = settings.AdminPassword ?? secrets?.Password,
            RequestsPerMinute = settings.ManageRateLimit,
            PasswordSignIn = settings.PasswordSignIn,
            SingleSignOn = settings.SingleSignOn,
        });
        builder.Services.AddSingleton<IDoctor, DoctorDesk>();
        builder.Services.AddSingleton<IPrivacyTools, PrivacyTools>();
        builder.Services.AddConsole(new ConsoleOptions
        {
            CollectAddress = () => settings.PublicUrl ?? (Process.GetRequiredService<Listeners>().Collect is [var first, ..] ? first : null),
            DataDirectory = settings.DataDirectory,
            Settings = () => settings.InForce,
            SingleSignOn = settings.SingleSignOn,
        });
    }

    protected override void Configure(WebApplication app)
    {
        app.Use(BelieveProxiesAsync);
        app.UseMetrics(Process.GetRequiredService<MeterProvider>());
        app.MapHealth();
        app.MapManage();
        app.MapConsole();
    }

    // Who asks, and over what, as the trusted proxies in front say: for the audit log, the limits and the cookies.
    private Task BelieveProxiesAsync(HttpContext http, RequestDelegate next)
    {
        var https = ClientAddress.IsHttps(http, settings.TrustedProxies);
        http.Connection.RemoteIpAddress = IPAddress.TryParse(ClientAddress.Of(http, settings.TrustedProxies), out var address) ? address : null;
        if (https) http.Request.Scheme = Uri.UriSchemeHttps;
        return next(http);
    }

    protected override void Started(WebApplication app, IReadOnlyList<string> addresses)
    {
        Process.GetRequiredService<Listeners>().Manage = addresses;

        // For people at a terminal, not for the log: whoever has the link becomes the administrator.
        if (!temporary && app.Services.GetRequiredService<ISetupLink>().Token is { } token)
            System.Console.WriteLine($"There is no administrator yet. Open this link once to make the first: {addresses[0]}/setup?token={token}");
    }
}
