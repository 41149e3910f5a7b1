namespace Signal.Deliver;

/// <summary>Runs a lane: steps, then waits for what the step wants. Decides nothing.</summary>
internal sealed class LaneLoop(Lane lane, Target target, ILaneSource source, LaneServices services)
{
    /// <summary>A timer takes no more than 49 days; looking again now and then costs nothing.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public Lane Lane => lane;

    /// <summary>Runs until stopped; never throws.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Task?[] changes = [target.Changed, source.Changed];
                var step = await lane.StepAsync(stop, abort);
                failures = 0;
                await WaitAsync(step, changes, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // The log or the state store is in trouble, or there is a bug: nothing is settled, so reading again is safe.
                lane.Forget();
                services.Log.LaneFailed(e, lane.Place);
                await PauseAsync(target.Backoff.After(++failures, target.Random()), stop);
            }
        }

        await CloseAsync(abort);
    }

    private async Task WaitAsync(LaneStep step, Task?[] changes, CancellationToken stop)
    {
        if (step.Wait == LaneWait.None) return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> waited = [.. changes.OfType<Task>(), Delay(step.Until, ended.Token)];
        if (step.Wait == LaneWait.Data) waited.Add(source.WaitAsync(lane.At?.Offset ?? 0, ended.Token));
        await await Task.WhenAny(waited);
        await ended.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private Task Delay(DateTimeOffset? until, CancellationToken stop)
    {
        if (until is not { } time) return Task.Delay(Timeout.InfiniteTimeSpan, services.Time, stop);
        var span = time - services.Time.GetUtcNow();
        return span <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(span > LongestWait ? LongestWait : span, services.Time, stop);
    }

    private async Task PauseAsync(TimeSpan span, CancellationToken stop)
    {
        try
        {
            await Task.Delay(span, services.Time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            services.Log.LaneStopsPausing(lane.Place);
        }
    }

    private async Task CloseAsync(CancellationToken abort)
    {
        try
        {
            await lane.CloseAsync(abort);
        }
        catch (Exception e)
        {
            services.Log.LanePlaceNotStored(e, lane.Place);
        }
    }
}
