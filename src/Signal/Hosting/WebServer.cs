using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Signal.Hosting;

/// <summary>A listener as a hosted service: an application of its own that borrows the process's singletons (ADR 5).</summary>
internal abstract class WebServer(IServiceProvider process, IServiceCollection registered, IReadOnlyList<string> urls, string purpose, string setting) : IHostedService
{
    private WebApplication? _app;

    /// <summary>
    /// Files of a web application's own lie beside the program, wherever it is started from, and are not watched: a watcher would be told of
    /// every write to a data directory below it.
    /// </summary>
    protected static WebApplicationOptions Options => new()
    {
        ApplicationName = "signal",
        ContentRootPath = AppContext.BaseDirectory,
        Args = ["--hostBuilder:reloadConfigOnChange=false"],
    };

    protected IServiceProvider Process { get; } = process;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        builder.WebHost.UseUrls([.. urls]);
        builder.Services.Lend(registered, Process);
        AddServices(builder);
        _app = builder.Build();
        Configure(_app);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new StartupException($"{purpose} can't listen on {string.Join(", ", urls)}: {e.Message} Stop the other program or choose another address ({setting}).", e);
        }

        var bound = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        Started(_app, bound);
        Process.GetRequiredService<ILoggerFactory>().CreateLogger("Signal.Hosting").Listening(purpose, string.Join(", ", bound));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;
        await _app.StopAsync(cancellationToken);
        await _app.DisposeAsync();
    }

    protected abstract WebApplicationBuilder CreateBuilder();

    protected abstract void AddServices(WebApplicationBuilder builder);

    protected abstract void Configure(WebApplication app);

    protected abstract void Started(WebApplication app, IReadOnlyList<string> addresses);
}
