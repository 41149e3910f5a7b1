using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatomoSandbox;

/// <summary>A <see cref="SandboxMatomo"/> behind HTTP, in this process. Dispose it to stop it.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private SandboxServer(WebApplication app, SandboxMatomo matomo, Uri baseAddress) => (this.app, Matomo, BaseAddress) = (app, matomo, baseAddress);

    /// <summary>What answers the requests: its faults, its clock and what it recorded.</summary>
    public SandboxMatomo Matomo { get; }

    /// <summary>Where it listens, with a slash at the end; the tracker is <c>matomo.php</c> below it.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Starts an empty sandbox. Fails with an <see cref="IOException"/> when the address is taken.</summary>
    public static Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(new SandboxMatomo(options), options.Urls, cancellationToken);

    /// <summary>Puts an existing sandbox behind HTTP, as after an outage: what it recorded is still there.</summary>
    public static async Task<SandboxServer> StartAsync(SandboxMatomo matomo, string urls, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Settings of the program it runs in, its ports above all, are not meant for the sandbox.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
        });
        var app = builder.Build();
        var endpoints = new Endpoints(matomo);
        app.Run(endpoints.AnswerAsync);
        await app.StartAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new SandboxServer(app, matomo, new Uri(address.TrimEnd('/') + "/"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }
}
