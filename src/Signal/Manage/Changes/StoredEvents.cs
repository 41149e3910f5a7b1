using Signal.Configure;
using Signal.Events;
using Signal.Log;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>Finds events in the log again.</summary>
internal sealed class StoredEvents(IDeliveryStore records, IEventLog log, IConfigurationFeed feed)
{
    private const int Step = 500;

    /// <summary>The deliveries of an event and, while the log still holds it, the event itself.</summary>
    public async Task<(Event? Event, IReadOnlyList<DeliveryRecord> Deliveries)> FindAsync(string eventId, CancellationToken stop)
    {
        var deliveries = await records.RecordsAsync(new RecordFilter(EventId: eventId, Limit: 100), stop);
        if (deliveries.Count == 0 || !feed.Current.Integrations.TryGetValue(deliveries[0].IntegrationId, out var integration)) return (null, deliveries);
        return (await ReadAsync(integration.SourceId, deliveries[0], stop), deliveries);
    }

    private async Task<Event?> ReadAsync(string sourceId, DeliveryRecord record, CancellationToken stop)
    {
        var partition = Partitioning.Of(sourceId, record.AnonymousId, log.Partitions);
        var after = await log.OffsetBeforeAsync(partition, record.ReceivedAt, stop);
        while (await log.ReadAsync(partition, after, Step, stop) is { Count: > 0 } rows)
        {
            foreach (var row in rows.Where(r => !r.Payload.IsEmpty))
                if (EventCodec.Read(row.Payload) is var found && found.Id == record.EventId) return found;
            if (rows[^1].ReceivedAt > record.ReceivedAt + TimeSpan.FromMinutes(1)) return null;
            after = rows[^1].Offset;
        }

        return null;
    }
}
