using Microsoft.Extensions.DependencyInjection.Extensions;
using Signal.Collect.Scripts;
using Signal.Configure;

namespace Signal.Collect;

/// <summary>What the room needs, and its routes.</summary>
internal static class CollectServices
{
    /// <summary>
    /// Adds the path of events. Needs <see cref="IConfigurationFeed"/>, <see cref="Log.IEventLog"/>, <see cref="State.IConsentStore"/>, <see cref="State.IDailySalts"/>,
    /// <see cref="Record.ICounters"/>, <see cref="Record.IEventFeed"/>, <see cref="Record.IWithdrawals"/> and <see cref="TimeProvider"/>; takes <see cref="CollectOptions"/> when registered.
    /// </summary>
    internal static IServiceCollection AddCollect(this IServiceCollection services)
    {
        services.TryAddSingleton<CollectOptions>();
        services.AddSingleton<BodyStage>();
        services.AddSingleton<SeenSignatures>();
        services.AddSingleton<SignatureStage>();
        services.AddSingleton<ParseStage>();
        services.AddSingleton<PixelStage>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<GovernStage>();
        services.AddSingleton<AppendStage>();
        services.AddSingleton<Tally>();
        services.AddSingleton<Intake>();
        services.TryAddSingleton<ISdkScripts, EmbeddedSdkScripts>();
        services.AddSingleton<SdkComposer>();
        services.AddSingleton<ScriptRoutes>();
        services.AddSingleton<OwnPaths>();
        return services;
    }

    /// <summary>
    /// Maps the collection routes, the SDK's scripts and <c>/healthz</c>, <c>/readyz</c>. The answer lets the caller bind all of them to a host or port.
    /// Ends with a fallback for sources' own paths, which answers 404 to everything else.
    /// </summary>
    internal static RouteGroupBuilder MapCollect(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        var services = routes.ServiceProvider;
        var intake = services.GetRequiredService<Intake>();
        var configuration = services.GetRequiredService<IConfigurationFeed>();
        foreach (var route in CollectRoute.All)
        {
            group.MapMethods($"/v1/{route.Name}", [route.Method], http => intake.HandleAsync(http, route));
            group.MapMethods($"/v1/{route.Name}", ["OPTIONS"], http => OriginStage.Preflight(http, configuration.Current));
        }

        group.MapHealth();
        services.GetRequiredService<ScriptRoutes>().Map(group);
        group.MapFallback("{**path}", services.GetRequiredService<OwnPaths>().HandleAsync);
        return group;
    }
}
