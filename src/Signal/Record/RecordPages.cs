using Signal.State;

namespace Signal.Record;

/// <summary>A page of recent deliveries.</summary>
/// <param name="Rows">The rows, newest received first; a search by text may find none in its part of the list.</param>
/// <param name="Next">Where to go on; null at the end.</param>
internal sealed record RecordPage(IReadOnlyList<DeliveryRecord> Rows, RecordPosition? Next);

/// <summary>
/// Pages of the list of recent deliveries. No index finds a text within requests, so a search looks through a bounded part of the
/// list at a time and says where to go on: the first answer comes at once, however much is kept.
/// </summary>
internal static class RecordPages
{
    /// <summary>How many rows a search by text looks through for one page.</summary>
    public const int Searched = 50_000;

    /// <summary>The page that follows <see cref="RecordFilter.Before"/>, of <see cref="RecordFilter.Limit"/> rows at most.</summary>
    public static async Task<RecordPage> PageAsync(this IDeliveryStore store, RecordFilter filter, CancellationToken stop)
    {
        var until = string.IsNullOrEmpty(filter.Text) ? null : await store.PlaceAsync(filter, Searched, stop);
        var rows = await store.RecordsAsync(filter with { Until = until, Limit = filter.Limit + 1 }, stop);
        if (rows.Count <= filter.Limit) return new(rows, until);
        return new([.. rows.Take(filter.Limit)], RecordPosition.Of(rows[filter.Limit - 1]));
    }
}
