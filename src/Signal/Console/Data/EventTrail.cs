using Microsoft.AspNetCore.WebUtilities;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Console.Data;

/// <summary>One event's way: as it was received, and what became of it for one integration.</summary>
/// <param name="Event">As received; null when the log does not hold it any more.</param>
/// <param name="Delivery">What became of it; null when it has reached no integration yet.</param>
/// <param name="Requests">The fields of each request as it was sent.</param>
/// <param name="Rules">Field to the rule that made it, as the revision that mapped it says; empty when that can't be told any more.</param>
/// <param name="Url">Where the requests go; null when unknown.</param>
public sealed record EventTrail(
    Event? Event,
    DeliveryRecord? Delivery,
    IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Requests,
    IReadOnlyDictionary<string, string> Rules,
    string? Url);

/// <summary>Reads events' ways.</summary>
internal sealed class EventTrails(StoredEvents stored, Previews previews)
{
    /// <summary>A way for each integration the event has reached; one without a delivery when it has reached none; empty when it is not known at all.</summary>
    public async Task<IReadOnlyList<EventTrail>> FindAsync(string eventId, string? integrationId, CancellationToken stop)
    {
        var (found, deliveries) = await stored.FindAsync(eventId, stop);
        var trails = new List<EventTrail>();
        foreach (var delivery in deliveries.Where(d => integrationId is null || d.IntegrationId == integrationId)) trails.Add(await OfAsync(found, delivery, stop));
        if (trails.Count == 0 && found is not null) trails.Add(new EventTrail(found, null, [], new Dictionary<string, string>(), null));
        return trails;
    }

    /// <summary>The fields of form-encoded requests, one a line.</summary>
    public static IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Fields(string? request) =>
        [.. (request ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (IReadOnlyList<KeyValuePair<string, string>>)
            [.. QueryHelpers.ParseQuery(line.TrimStart('?')).Select(f => KeyValuePair.Create(f.Key, f.Value.ToString()))])];

    private async Task<EventTrail> OfAsync(Event? found, DeliveryRecord delivery, CancellationToken stop)
    {
        var preview = found is null ? null : await previews.ShowAsync(delivery.IntegrationId, delivery.Revision, found, stop);
        return new EventTrail(found, delivery, Fields(delivery.Request), preview?.Rules ?? new Dictionary<string, string>(), preview is { Requests: [var first, ..] } ? first.Url : null);
    }
}
