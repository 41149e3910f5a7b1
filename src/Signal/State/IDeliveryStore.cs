namespace Signal.State;

/// <summary>
/// What delivery knows: cursors, the visitors' state, the order ledger, records and dead letters of each integration.
/// A delivered batch is settled by one transaction, so that a crash can never leave them disagreeing.
/// </summary>
public interface IDeliveryStore
{
    /// <summary>Where an integration stands in a partition; <see cref="Cursor.Start"/> when it has never read there.</summary>
    Task<Cursor?> CursorAsync(string lane, int partition, CancellationToken stop);

    /// <summary>
    /// Offsets after <paramref name="after"/> up to and with <paramref name="upto"/> that an express lane has settled, ascending. They are
    /// forgotten once the lane's cursor has passed them.
    /// </summary>
    Task<IReadOnlyList<long>> OvertakenAsync(string lane, int partition, long after, long upto, CancellationToken stop);

    /// <summary>How many offsets are overtaken, and the last of them; 0 and 0 when there are none.</summary>
    Task<OvertakenExtent> OvertakenExtentAsync(string lane, int partition, CancellationToken stop);

    /// <summary>The states of these visitors; those of whom nothing is known are left out. The text is the mapper's own (JSON).</summary>
    Task<IReadOnlyDictionary<string, string>> VisitorsAsync(string integrationId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop);

    /// <summary>Which of these order keys were counted, and by which event; an empty text when its visitor was erased since.</summary>
    Task<IReadOnlyDictionary<string, string>> OrdersAsync(string integrationId, IReadOnlyCollection<string> orderKeys, CancellationToken stop);

    /// <summary>
    /// Writes all of a settlement or nothing. False: the stored cursor is not <see cref="Settlement.Expected"/>
    /// (another process has the lane now); the caller must stop and read again.
    /// </summary>
    Task<bool> SettleAsync(Settlement settlement, CancellationToken stop);

    /// <summary>Rows of recent deliveries, newest received first.</summary>
    Task<IReadOnlyList<DeliveryRecord>> RecordsAsync(RecordFilter filter, CancellationToken stop);

    /// <summary>Where the list of a filter is after about so many rows, its text left aside; null when it ends before. Costs no look into the rows.</summary>
    Task<RecordPosition?> PlaceAsync(RecordFilter filter, int rows, CancellationToken stop);

    /// <summary>What became of these events for an integration; those it has no row of are left out.</summary>
    Task<IReadOnlyDictionary<string, DeliveryOutcome>> OutcomesAsync(string integrationId, IReadOnlyCollection<string> eventIds, CancellationToken stop);

    /// <summary>Dead letters, newest first.</summary>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(DeadLetterFilter filter, CancellationToken stop);

    /// <summary>The same without what they hold, for when there are many.</summary>
    Task<IReadOnlyList<DeadLetterKey>> DeadLetterKeysAsync(DeadLetterFilter filter, CancellationToken stop);

    /// <summary>Dead letters by reason.</summary>
    Task<IReadOnlyDictionary<string, long>> DeadLetterCountsAsync(string integrationId, CancellationToken stop);

    /// <summary>Removes dead letters (delivered by a replay, or discarded). Answers how many there were.</summary>
    Task<int> DeleteDeadLettersAsync(string integrationId, IReadOnlyCollection<string> ids, CancellationToken stop);

    /// <summary>Adds to the counts; a key is (scope, name) by the minute. Scope is a source's or an integration's id.</summary>
    Task CountAsync(IReadOnlyCollection<CountDelta> deltas, CancellationToken stop);

    /// <summary>The counts of these minutes, summed into steps of <paramref name="step"/>.</summary>
    Task<IReadOnlyList<CountRow>> CountsAsync(string? scope, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken stop);

    /// <summary>The health an integration was last seen in; null when never.</summary>
    Task<IReadOnlyDictionary<string, IntegrationHealth>> HealthAsync(CancellationToken stop);

    /// <summary>Remembers the health of an integration.</summary>
    Task SetHealthAsync(string integrationId, IntegrationHealth health, CancellationToken stop);

    /// <summary>What is held of a visitor, for export: kind to rows as JSON text.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ExportVisitorAsync(IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, CancellationToken stop);

    /// <summary>Removes all that is held of a visitor. Answers kind to count.</summary>
    Task<IReadOnlyDictionary<string, int>> EraseVisitorAsync(IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, DateTimeOffset at, CancellationToken stop);

    /// <summary>Removes dead letters of a visitor, for a withdrawal of consent, and appends the receipt for so many to the audit log in the same transaction; none when there were none.</summary>
    Task<int> DropDeadLettersAsync(string integrationId, string anonymousId, Func<int, AuditEntry> receipt, CancellationToken stop);

    /// <summary>Removes records before <paramref name="records"/>, orders before <paramref name="orders"/>, idle visitors before <paramref name="visitors"/>, counts before <paramref name="counts"/>, in small steps.</summary>
    Task<long> TrimAsync(DateTimeOffset records, DateTimeOffset orders, DateTimeOffset visitors, DateTimeOffset counts, CancellationToken stop);

    /// <summary>The anonymous ids seen with a user id at a source (from visitor states), for the privacy desk.</summary>
    Task<IReadOnlyList<string>> AnonymousIdsOfAsync(IReadOnlyCollection<string> integrationIds, string userId, CancellationToken stop);
}
