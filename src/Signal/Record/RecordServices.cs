using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Signal.Record;

/// <summary>Registers counting, the live feed and retention.</summary>
internal static class RecordServices
{
    /// <summary>Needs the log, the stores, the configuration feed and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddRecord(this IServiceCollection services, RetentionOptions? retention = null)
    {
        services.TryAddSingleton<Erasures>();
        services.TryAddSingleton<Counters>();
        services.TryAddSingleton<ICounters>(p => p.GetRequiredService<Counters>());
        services.TryAddSingleton<IEventFeed, EventFeed>();
        services.TryAddSingleton(retention ?? new RetentionOptions());
        services.TryAddSingleton<Expiry>();
        services.TryAddSingleton<IWithdrawals, Withdrawals>();
        services.AddHostedService<CounterWriter>();
        services.AddHostedService<RetentionService>();
        return services;
    }
}
