using Microsoft.Extensions.DependencyInjection.Extensions;
using Signal.Record;

namespace Signal.Watch;

/// <summary>Registers watching.</summary>
internal static class WatchServices
{
    /// <summary>What management needs of watching: the disk's outlook and a way to try a channel. Needs the log, the stores and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddWatch(this IServiceCollection services, WatchOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<IDisk, DataDisk>();
        services.TryAddSingleton<Outlooks>();
        services.TryAddSingleton<Webhook>();
        services.TryAddSingleton<Mail>();
        services.TryAddSingleton<IChannelSender, ChannelSender>();
        return services;
    }

    /// <summary>The loop itself, after <see cref="AddWatch"/> and the configuration feed.</summary>
    public static IServiceCollection AddWatching(this IServiceCollection services)
    {
        services.TryAddSingleton<Backlogs>();
        services.TryAddSingleton<Observer>();
        services.TryAddSingleton<Messenger>();
        services.AddHostedService<WatchService>();
        return services;
    }
}
