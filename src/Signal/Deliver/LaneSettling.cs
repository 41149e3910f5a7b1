using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>How a lane makes its progress last.</summary>
internal sealed partial class Lane
{
    /// <summary>How long to keep off when another process has moved the cursor.</summary>
    private static readonly TimeSpan FencedPause = TimeSpan.FromSeconds(1);

    /// <summary>Attempts to store a settlement after which the pauses grow no more: some half a minute, since a disk is made room on by hand.</summary>
    private const int PatientFailures = 6;

    private async Task<LaneStep> SettleAsync(Plan plan, IReadOnlyList<OrderRow> orders, CancellationToken abort)
    {
        var now = services.Time.GetUtcNow();
        var settled = Settling.Advance(plan, place, _stored, source, now);
        settled = settled with { Settlement = source.Complete(settled) with { Orders = orders } };
        _at = settled.Settlement.Next;
        if (!await StoreAsync(settled.Settlement, abort)) return LaneStep.Again;
        if (plan.PassedEvents == plan.Events.Count) _plan = null;
        attempts.Settled(settled.Passed);
        await source.SettledAsync(settled, abort);
        foreach (var (e, outcome) in settled.Told) Announce(e, outcome, now);
        if (plan.Sent > 0) await target.Health.FineAsync(place.ToString(), true, abort);
        return LaneStep.Again;
    }

    private async Task<bool> StoreAsync(Settlement settlement, CancellationToken abort)
    {
        var started = services.Time.GetTimestamp();
        var stored = await StoreInTimeAsync(settlement with { Within = source.Within }, abort);
        Meters.SettleDuration.Record(services.Time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("integration", target.Id));
        if (stored)
        {
            _stored = settlement.Next;
            source.Stands(_stored);
            Passed();
            return true;
        }

        services.Log.LaneMoved(place);
        _notBefore = services.Time.GetUtcNow() + FencedPause;
        Forget();
        return false;
    }

    // What its express lane settled too.
    private void Passed()
    {
        if (place == attempts.Place && _stored is not null) attempts.Settled(_stored.Offset);
    }

    // What was sent must not be sent again because a disk is full: the settlement waits until it can be stored, and its visitors with
    // it. Should a failed attempt have been stored after all, the fence tells.
    private async Task<bool> StoreInTimeAsync(Settlement settlement, CancellationToken abort)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await services.Store.SettleAsync(settlement, abort);
            }
            catch (StateUnavailableException e)
            {
                var pause = target.Backoff.After(Math.Min(failures, PatientFailures), target.Random());
                services.Log.SettlementWaits(e, place, pause);
                await Task.Delay(pause, services.Time, abort);
            }
        }
    }

    private void Announce(PlannedEvent e, Outcome outcome, DateTimeOffset now)
    {
        var stage = outcome.Kind switch
        {
            DeliveryOutcome.Delivered => "delivered",
            DeliveryOutcome.DeadLetter => "dead_letter",
            _ => "dropped",
        };
        Meters.Deliveries.Add(1, new("integration", target.Id), new("outcome", stage), new("reason", outcome.Reason ?? ""));
        if (outcome.Kind == DeliveryOutcome.Delivered) Meters.Lag.Record((now - e.ReceivedAt).TotalSeconds, new KeyValuePair<string, object?>("integration", target.Id));
        Publish(e, stage, outcome.Reason, outcome.Message);
    }

    private void Publish(PlannedEvent e, string stage, string? reason, string? detail)
    {
        if (!services.Feed.Enabled) return;
        var source = e.Event?.SourceId ?? target.Current.Integration.SourceId;
        services.Feed.Publish(new FeedItem(
            services.Time.GetUtcNow(), stage, source, target.Id, e.Event?.Id, e.Event?.MessageId, Rows.TypeOf(e.Event), e.Event?.Name, e.Event?.AnonymousId, reason, detail));
    }
}
