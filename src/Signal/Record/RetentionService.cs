using Signal.State;

namespace Signal.Record;

/// <summary>Lets go of what has been kept long enough, every ten minutes, in small steps.</summary>
internal sealed class RetentionService(
    Expiry expiry, IDeliveryStore store, IAuditLog audit, IReplayStore replays, IConsentStore consents, IDailySalts salts, RetentionOptions options, TimeProvider time, ILogger<RetentionService> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TrimAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.RetentionStops();
        }
    }

    /// <summary>One round. What fails is tried again in the next; the others go on.</summary>
    internal async Task TrimAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await TryAsync("events", () => expiry.TrimAsync(now - options.Log, options.LogMaxBytes, stop), stop);
        await TryAsync("delivery rows", () => store.TrimAsync(now - options.Records, now - options.Orders, now - options.Visitors, now - options.Counts, stop), stop);
        await TryAsync("replays", async () => await replays.TrimAsync(now - options.Counts, stop), stop);
        // An event that such a visitor left behind is asked for consent until it is gone.
        await TryAsync("consent of visitors for a day", () => consents.TrimAsync(now - options.Log, stop), stop);
        await TryAsync("daily salts", () => salts.ForgetAsync(DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1), stop), stop);
        await TryAsync("audit entries", () => audit.TrimAsync(now - options.Audit, stop), stop);
    }

    private async Task TryAsync(string what, Func<Task<long>> trim, CancellationToken stop)
    {
        try
        {
            if (await trim() is var count and > 0) log.LetGo(count, what);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            log.LettingGoFailed(e, what, options.Every);
        }
    }
}
