using Signal.State.Sqlite;

namespace Signal.Hosting;

/// <summary>Chooses the implementations of log and state.</summary>
internal static class Storage
{
    internal static void AddStorage(this IServiceCollection services, Settings settings)
    {
        services.AddSqliteStorage(new SqliteStorageOptions(settings.DataDirectory)
        {
            Partitions = settings.Partitions,
            MasterKey = settings.MasterKey,
            OldMasterKeys = settings.PreviousMasterKeys,
        });
        services.AddHostedService<Opening>();
    }

    /// <summary>Opens and migrates before anything else starts, so that what is wrong with a store shows as one sentence.</summary>
    private sealed class Opening(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => services.InitializeAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
