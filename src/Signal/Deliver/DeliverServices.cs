using Microsoft.Extensions.DependencyInjection.Extensions;
using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>Registers delivery.</summary>
internal static class DeliverServices
{
    /// <summary>Lanes, sender and replays. Needs the log, the stores, the configuration feed, the event feed and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddDeliver(this IServiceCollection services)
    {
        services.TryAddSingleton(new DeliverOptions());
        services.TryAddSingleton<FindDestination>(Catalog.Find);
        services.TryAddSingleton<Func<double>>(Random.Shared.NextDouble);
        services.TryAddSingleton<IDestinationSender, HttpSender>();
        services.AddSingleton<Targets>();
        services.AddSingleton<Planner>();
        services.AddSingleton<Exchange>();
        services.AddSingleton<LaneServices>();
        services.AddSingleton<DeliveryService>();
        services.AddHostedService(p => p.GetRequiredService<DeliveryService>());
        return services;
    }
}
