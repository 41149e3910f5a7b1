using Microsoft.Extensions.DependencyInjection.Extensions;
using Signal.Destinations;
using Signal.Record;

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
        services.AddReplays();
        services.AddDoctor();
        services.AddSingleton<ReplayRunner>();
        services.AddHostedService<ReplayService>();
        services.TryAddSingleton<Backlogs>();
        services.AddSingleton<LaneGauges>();
        services.AddHostedService(p => p.GetRequiredService<LaneGauges>());
        services.AddHostedService(p => p.GetRequiredService<DeliveryService>());
        return services;
    }

    /// <summary>Taking orders for replays, for a process that manages and does not deliver. Needs the log, the delivery store and the replay store.</summary>
    public static IServiceCollection AddReplays(this IServiceCollection services)
    {
        services.TryAddSingleton<ReplayFilterReader>();
        services.TryAddSingleton<IReplays, Replays>();
        return services;
    }

    /// <summary>The doctor, the hand-on of privacy requests and the client they ask with, for a process that manages and does not deliver.</summary>
    public static IServiceCollection AddDoctor(this IServiceCollection services)
    {
        services.TryAddSingleton(new DeliverOptions());
        services.TryAddSingleton<IDestinationSender, HttpSender>();
        services.TryAddSingleton<Doctor>();
        services.TryAddSingleton<HandOns>();
        return services;
    }
}
