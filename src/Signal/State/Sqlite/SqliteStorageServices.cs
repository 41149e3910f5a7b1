using Signal.Log.Sqlite;

namespace Signal.State.Sqlite;

/// <summary>Puts the embedded storage behind every port of log and state.</summary>
internal static class SqliteStorageServices
{
    /// <summary>
    /// Registers the ports as singletons of one storage, which is opened with the first of them and disposed with the container.
    /// Needs a <see cref="TimeProvider"/> and logging.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, SqliteStorageOptions options)
    {
        services.AddSingleton(s => new SqliteStorage(options, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SqliteEventLog>>()));
        services.AddSingleton<StorageStart>(s => async stop => await s.GetRequiredService<SqliteStorage>().StartAsync(stop));
        services.AddSingleton(s => s.GetRequiredService<SqliteStorage>().Log);
        services.AddSingleton<ISecretBox>(s => s.GetRequiredService<SqliteStorage>().Secrets);
        services.AddSingleton<IKeyDerivation>(s => s.GetRequiredService<SqliteStorage>().Secrets);
        services.AddSingleton<IDeliveryStore>(s => s.GetRequiredService<SqliteStorage>().Deliveries);
        services.AddSingleton<IConsentStore>(s => s.GetRequiredService<SqliteStorage>().Consents);
        services.AddSingleton<IConfigurationStore>(s => s.GetRequiredService<SqliteStorage>().Configuration);
        services.AddSingleton<IAccountStore>(s => s.GetRequiredService<SqliteStorage>().Accounts);
        services.AddSingleton<IReplayStore>(s => s.GetRequiredService<SqliteStorage>().Replays);
        services.AddSingleton<IIdempotencyStore>(s => s.GetRequiredService<SqliteStorage>().Idempotency);
        services.AddSingleton<IDailySalts>(s => s.GetRequiredService<SqliteStorage>().Salts);
        services.AddSingleton<IRefusalStore>(s => s.GetRequiredService<SqliteStorage>().Refusals);
        services.AddSingleton(s => s.GetRequiredService<SqliteStorage>().UnderWay);
        services.AddSingleton<IAlertStore>(s => s.GetRequiredService<SqliteStorage>().Alerts);
        services.AddSingleton<IAuditLog>(s => s.GetRequiredService<SqliteStorage>().Audit);
        return services;
    }

    /// <summary>Opens the storage now, migrates it, and finishes what was cut short, so that what is wrong shows before anything listens.</summary>
    /// <exception cref="StorageException">The message says what is wrong and what to do.</exception>
    public static Task InitializeAsync(this IServiceProvider services, CancellationToken stop) =>
        services.GetRequiredService<StorageStart>()(stop);
}

/// <summary>What a storage does once before anything uses it.</summary>
internal delegate Task StorageStart(CancellationToken stop);
