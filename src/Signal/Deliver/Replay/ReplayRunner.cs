using Signal.Configure;
using Signal.Log;
using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// Carries out one replay from wherever it stands. Its cursors are lanes of its own; the visitors' states are those of the time,
/// told from the log, and never written: carts of today stay as they are. Orders counted before are not sent again.
/// </summary>
internal sealed class ReplayRunner(
    IReplayStore replays, IEventLog log, IConsentStore consents, IConfigurationFeed feed, Targets targets, ReplayFilterReader reader, LaneServices services)
{
    private const int Page = 250;

    /// <summary>Runs until it is done, cancelled or stopped. Returns without a word when the integration is disabled: it is tried again later.</summary>
    public async Task RunAsync(Replay replay, CancellationToken stop, CancellationToken abort)
    {
        var progress = new ReplayProgress(replay, replays);
        if (targets.Find(replay.IntegrationId) is not { Current.Encoder: not null } target)
        {
            if (!feed.Current.Integrations.ContainsKey(replay.IntegrationId)) await EndAsync(progress, ReplayStatus.Failed, "The integration was deleted.", stop);
            return;
        }

        var work = ReplayWork.Read(replay.Work);
        var bucket = new TokenBucket();
        bucket.Limit(work.Rate);
        if (work.DeadLetters.Count > 0) await RunDeadLettersAsync(target, work, bucket, progress, stop, abort);
        foreach (var range in work.Ranges) await RunRangeAsync(target, work, range, bucket, progress, stop, abort);
        if (!progress.Ended) await EndAsync(progress, ReplayStatus.Done, null, abort);
    }

    private Task RunRangeAsync(Target target, ReplayWork work, ReplayRange range, TokenBucket bucket, ReplayProgress progress, CancellationToken stop, CancellationToken abort)
    {
        var integration = target.Current.Integration;
        var story = StoryOf(target, range.Partition);
        var source = new RangeSource(log, reader, integration.Id, integration.SourceId, range, work, story, progress);
        return RunLaneAsync(target, new LanePlace(progress.Id, range.Partition), source, bucket, progress, stop, abort);
    }

    private async Task RunDeadLettersAsync(Target target, ReplayWork work, TokenBucket bucket, ReplayProgress progress, CancellationToken stop, CancellationToken abort)
    {
        var place = new LanePlace(progress.Id, 0);
        var source = new DeadLetterSource(services.Store, target.Id, work, await StatesBeforeAsync(target, work, stop), progress);
        await RunLaneAsync(target, place, source, bucket, progress, stop, abort);
    }

    private async Task RunLaneAsync(Target target, LanePlace place, ILaneSource source, TokenBucket bucket, ReplayProgress progress, CancellationToken stop, CancellationToken abort)
    {
        var lane = new Lane(place, target, source, services.AttemptsOf(place), services);
        while (!progress.Ended)
        {
            stop.ThrowIfCancellationRequested();
            var changed = target.Changed;
            var step = await lane.StepAsync(stop, abort);
            if (step.Wait == LaneWait.Data) break;
            if (step.Wait == LaneWait.Time) await WaitAsync(target, step.Until, changed, stop);
            else await SlowDownAsync(bucket, progress.TakeSettled(), stop);
        }

        await lane.CloseAsync(abort);
    }

    private async Task SlowDownAsync(TokenBucket bucket, int settled, CancellationToken stop)
    {
        while (settled > 0 && bucket.Take(settled, services.Time.GetUtcNow()) is { Ticks: > 0 } pause) await Task.Delay(pause, services.Time, stop);
    }

    private async Task WaitAsync(Target target, DateTimeOffset? until, Task changed, CancellationToken stop)
    {
        // Never for long: a disabled integration's target is never woken again.
        var longest = services.Time.GetUtcNow() + TimeSpan.FromSeconds(5);
        var wait = (until is { } u && u < longest ? u : longest) - services.Time.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.WhenAny(changed, Task.Delay(wait, services.Time, stop));
        if (targets.Find(target.Id) != target) throw new InvalidOperationException($"Integration {target.Id} was disabled or started anew.");
    }

    private async Task<IReadOnlyDictionary<string, string>> StatesBeforeAsync(Target target, ReplayWork work, CancellationToken stop)
    {
        var letters = new List<DeadLetterKey>();
        foreach (var ids in work.DeadLetters.Chunk(Page)) letters.AddRange(await services.Store.DeadLetterKeysAsync(new DeadLetterFilter(target.Id, ids, Limit: Page), stop));
        var wanted = letters.Select(l => l.EventId).ToHashSet();
        var before = new Dictionary<string, string>();
        var source = target.Current.Integration.SourceId;
        foreach (var group in letters.Where(l => l.AnonymousId.Length > 0).GroupBy(l => Partitioning.Of(source, l.AnonymousId, log.Partitions)))
        {
            var story = StoryOf(target, group.Key);
            var extent = await log.ExtentAsync(group.Key, 0, stop);
            await story.TellAsync(extent.Last, group.Select(l => l.AnonymousId).ToHashSet(), e =>
            {
                if (wanted.Contains(e.Id) && story.StatesOf([e.AnonymousId]).TryGetValue(e.AnonymousId, out var state)) before[e.Id] = state;
            }, stop);
        }

        return before;
    }

    private Backstory StoryOf(Target target, int partition)
    {
        var integration = target.Current.Integration;
        var mode = feed.Current.Sources.GetValueOrDefault(integration.SourceId)?.Consent.Mode ?? ConsentMode.OptIn;
        return new Backstory(log, consents, services.Store, target.Current.Encoder!, integration, mode, partition);
    }

    private Task EndAsync(ReplayProgress progress, string status, string? message, CancellationToken stop) =>
        progress.EndAsync(status, message, services.Time.GetUtcNow(), stop);
}
