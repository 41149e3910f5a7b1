using Signal.Configure;
using Signal.Events;
using Signal.Log;
using Signal.State;
using Signal.Record;

namespace Signal.Deliver;

/// <summary>Takes orders for replays; <see cref="ReplayService"/> carries them out, in this process or in another that shares the store.</summary>
internal sealed class Replays(IReplayStore replays, IDeliveryStore store, IEventLog log, ReplayFilterReader reader, TimeProvider time) : IReplays
{
    private const int Page = 500;

    /// <inheritdoc/>
    public async Task<ReplayView> StartAsync(Integration integration, ReplayRequest request, CancellationToken stop)
    {
        var work = new ReplayWork { Ranges = await RangesAsync(integration, request, stop), Filter = request.Filter, Rate = request.Rate };
        var matched = await reader.CountAsync(integration.Id, integration.SourceId, work, stop);
        return await AddAsync(integration, work, matched, request.DryRun, stop);
    }

    /// <inheritdoc/>
    public async Task<ReplayView> StartAsync(Integration integration, DeadLetterSelection selection, CancellationToken stop)
    {
        var letters = new List<(string Event, string Id)>();
        for (string? before = null; ;)
        {
            var page = await store.DeadLetterKeysAsync(selection.Filter(integration.Id, Page, before), stop);
            letters.AddRange(page.Select(d => (d.EventId, d.Id)));
            if (page.Count < Page) break;
            before = page[^1].Id;
        }

        // Event ids grow with time: the order a visitor's events came in.
        var work = new ReplayWork { DeadLetters = [.. letters.Order().Select(l => l.Id)], Edited = selection.Edited };
        return await AddAsync(integration, work, letters.Count, false, stop);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReplayView>> ListAsync(string integrationId, CancellationToken stop) =>
        [.. (await replays.ListAsync(integrationId, false, stop)).Select(View)];

    /// <inheritdoc/>
    public async Task<ReplayView?> FindAsync(string integrationId, string replayId, CancellationToken stop) =>
        await replays.FindAsync(replayId, stop) is { } found && found.IntegrationId == integrationId ? View(found) : null;

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string integrationId, string replayId, CancellationToken stop) =>
        await replays.FindAsync(replayId, stop) is { } found
        && found.IntegrationId == integrationId
        && await replays.EndAsync(replayId, ReplayStatus.Cancelled, null, time.GetUtcNow(), stop);

    private async Task<IReadOnlyList<ReplayRange>> RangesAsync(Integration integration, ReplayRequest request, CancellationToken stop)
    {
        var ranges = new List<ReplayRange>();
        for (var partition = 0; partition < log.Partitions; partition++)
        {
            var after = await log.OffsetBeforeAsync(partition, request.From, stop);
            var last = await log.OffsetBeforeAsync(partition, request.To, stop);

            // What the integration has not come to yet it will deliver by itself.
            var reached = await store.CursorAsync(integration.Id, partition, stop);
            last = Math.Min(last, reached?.Offset ?? await log.OffsetBeforeAsync(partition, integration.CreatedAt, stop));
            if (last > after) ranges.Add(new ReplayRange(partition, after, last));
        }

        return ranges;
    }

    private async Task<ReplayView> AddAsync(Integration integration, ReplayWork work, long matched, bool dryRun, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var replay = new Replay
        {
            Id = Ids.New("rpl", now),
            IntegrationId = integration.Id,
            Status = dryRun ? ReplayStatus.DryRun : ReplayStatus.Running,
            Work = work.Write(),
            Matched = matched,
            CreatedAt = now,
            FinishedAt = dryRun ? now : null,
        };
        await replays.AddAsync(replay, stop);
        return View(replay);
    }

    private static ReplayView View(Replay r) => new(r.Id, r.Status, r.Matched, r.Sent, r.Failed, r.CreatedAt, r.FinishedAt);
}

/// <summary>The words for a replay's status.</summary>
internal static class ReplayStatus
{
    public const string Running = "running";
    public const string Done = "done";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";
    public const string DryRun = "dry_run";
}
