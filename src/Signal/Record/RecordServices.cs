using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Signal.Record;

/// <summary>Registers counting, the live feed and retention.</summary>
internal static class RecordServices
{
    /// <summary>Counters and the live feed, for every role. Needs the delivery store and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddRecord(this IServiceCollection services)
    {
        services.TryAddSingleton<Counters>();
        services.TryAddSingleton<ICounters>(p => p.GetRequiredService<Counters>());
        services.TryAddSingleton<IEventFeed, EventFeed>();
        services.AddHostedService<CounterWriter>();
        return services;
    }

    /// <summary>Retention, for the one process that delivers. Needs the log, the stores and the configuration feed besides.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.TryAddSingleton(new RetentionOptions());
        services.TryAddSingleton<Expiry>();
        services.AddHostedService<RetentionService>();
        return services;
    }
}
