using Signal.Configure;
using Signal.Log;
using Signal.State;

namespace Signal.Record;

/// <summary>What an integration has still to read.</summary>
/// <param name="Waiting">Records of the log it has not passed; other sources' records count too until it has passed them.</param>
/// <param name="LagSeconds">The age of the oldest of them.</param>
internal sealed record Backlog(long Waiting, double LagSeconds);

/// <summary>How far integrations are behind, for API and console alike.</summary>
internal sealed class Backlogs(IEventLog log, IDeliveryStore store, TimeProvider time)
{
    /// <summary>How far an integration is behind; nothing while it is disabled or has never read.</summary>
    public async Task<Backlog> OfAsync(Integration integration, CancellationToken stop)
    {
        long waiting = 0;
        DateTimeOffset? oldest = null;
        for (var partition = 0; integration.Enabled && partition < log.Partitions; partition++)
        {
            if (await store.CursorAsync(integration.Id, partition, stop) is not { } cursor) continue;
            var extent = await log.ExtentAsync(partition, cursor.Offset, stop);
            var overtaken = await store.OvertakenExtentAsync(integration.Id, partition, stop);
            waiting += Math.Max(0, extent.Waiting - cursor.Ahead.Count - overtaken.Count);
            if (extent.OldestWaiting is { } at && (oldest is null || at < oldest)) oldest = at;
        }

        return new Backlog(waiting, waiting == 0 || oldest is null ? 0 : Math.Round((time.GetUtcNow() - oldest.Value).TotalSeconds, 1));
    }
}
