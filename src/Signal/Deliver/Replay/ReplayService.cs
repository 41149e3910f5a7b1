using Signal.State;

namespace Signal.Deliver;

/// <summary>Carries out replays, one at a time for each integration, beside its live lanes and behind the same circuit, gate and rate.</summary>
internal sealed class ReplayService(IReplayStore replays, ReplayRunner runner, LaneServices services, ILogger<ReplayService> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Task> _running = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var timer = new PeriodicTimer(Look, services.Time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await StartAsync(stoppingToken, abort.Token);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.ReplaysNotRead(e);
            }
        }

        abort.CancelAfter(services.Options.DrainTime);
        await Task.WhenAll(_running.Values);
    }

    private async Task StartAsync(CancellationToken stop, CancellationToken abort)
    {
        foreach (var (id, task) in _running.Where(r => r.Value.IsCompleted).ToList()) _running.Remove(id);
        foreach (var replay in (await replays.ListAsync(null, true, stop)).Reverse())
            if (!_running.ContainsKey(replay.IntegrationId)) _running[replay.IntegrationId] = Task.Run(() => RunAsync(replay, stop, abort), CancellationToken.None);
    }

    private async Task RunAsync(Replay replay, CancellationToken stop, CancellationToken abort)
    {
        try
        {
            await runner.RunAsync(replay, stop, abort);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.ReplayInterrupted(replay.Id);
        }
        catch (Exception e)
        {
            log.ReplayTroubled(e, replay.Id);
        }
    }
}
