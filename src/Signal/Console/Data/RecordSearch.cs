using Signal.Record;
using Signal.State;

namespace Signal.Console.Data;

/// <summary>What a search found.</summary>
/// <param name="Reading">What the text was taken for.</param>
/// <param name="Rows">The newest rows.</param>
/// <param name="Next">Where to go on; null at the end.</param>
internal sealed record Found(RecordFilter Reading, IReadOnlyList<DeliveryRecord> Rows, RecordPosition? Next);

/// <summary>What one search box can mean.</summary>
internal static class RecordSearch
{
    /// <summary>The newest rows that a text finds, and the reading that found them (the last one when none did). A text is looked for in a part of the list at a time, so that it may have found nothing and go on.</summary>
    public static async Task<Found> SearchAsync(this IDeliveryStore store, RecordFilter filter, string? text, int limit, CancellationToken stop)
    {
        RecordPosition? next = null;
        foreach (var reading in Readings(filter, text))
        {
            filter = reading;
            var page = await store.PageAsync(reading with { Limit = limit }, stop);
            if (page.Rows.Count > 0) return new(reading, page.Rows, page.Next);
            next = page.Next;
        }

        return new(filter, [], next);
    }

    /// <summary>The readings of a text, most likely first; the first that finds something counts.</summary>
    public static IEnumerable<RecordFilter> Readings(RecordFilter filter, string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            yield return filter;
            yield break;
        }

        // A field that the filter asks for already is not asked for in another way.
        if (text.StartsWith("evt_", StringComparison.Ordinal)) yield return filter with { EventId = text };
        if (filter.Visitor is null && text.Length >= 16 && !text.Contains(' ', StringComparison.Ordinal))
        {
            yield return filter with { Visitor = text };
        }

        // What an index finds comes first: a text is looked for in every request that is kept.
        if (filter.Event is null) yield return filter with { Event = text };
        yield return filter with { MessageId = text };
        yield return filter with { Text = text };
    }
}
