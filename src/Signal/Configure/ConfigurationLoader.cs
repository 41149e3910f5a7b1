namespace Signal.Configure;

/// <summary>Loads the configuration before the program starts (a failure ends it) and, when other processes may write, looks for changes.</summary>
internal sealed class ConfigurationLoader(
    ConfigurationFeed feed,
    ConfigureOptions options,
    TimeProvider time,
    ILogger<ConfigurationLoader> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await feed.ReloadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.PollEvery is not { } every) return;
        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryReloadAsync(stoppingToken);
    }

    private async Task TryReloadAsync(CancellationToken stop)
    {
        try
        {
            await feed.ReloadAsync(stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.ConfigurationNotRead(e, feed.Current.Version);
        }
    }
}
