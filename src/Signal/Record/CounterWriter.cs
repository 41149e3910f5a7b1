using Signal.State;

namespace Signal.Record;

/// <summary>Writes the counts every second, and what is left at shutdown.</summary>
internal sealed class CounterWriter(Counters counters, IDeliveryStore store, TimeProvider time, ILogger<CounterWriter> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(5);
    private bool _failing;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await WriteAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LastWrite, time);
        await WriteAsync(limit.Token);
    }

    /// <summary>Writes what was counted; what can't be written stays counted for the next time.</summary>
    internal async Task WriteAsync(CancellationToken stop)
    {
        var deltas = counters.Take();
        if (deltas.Count == 0) return;
        try
        {
            await store.CountAsync(deltas, stop);
            _failing = false;
        }
        catch (Exception e)
        {
            counters.GiveBack(deltas);
            if (!_failing) log.CountsWait(e);
            _failing = true;
        }
    }
}
