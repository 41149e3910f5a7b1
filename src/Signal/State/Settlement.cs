namespace Signal.State;

/// <summary>How far a lane has come in a partition.</summary>
/// <param name="Offset">Every event up to and with this offset is settled.</param>
/// <param name="HitsDone">Requests already settled of the first event after <paramref name="Offset"/> (one event may become several hits).</param>
/// <param name="Ahead">Offsets beyond that are settled already (an event that travelled with an earlier one), ascending.</param>
public sealed record Cursor(long Offset, int HitsDone, IReadOnlyList<long> Ahead)
{
    /// <summary>Before the first event.</summary>
    public static Cursor Start { get; } = new(0, 0, []);

    /// <summary>Those of <see cref="HitsDone"/> that failed for good, ascending: the event is a dead letter once its other requests are settled.</summary>
    public IReadOnlyList<FailedHit> Failed { get; init; } = [];

    /// <summary>Beyond this offset an express lane delivers for visitors of whom nothing waits; null when there is none.</summary>
    public long? Express { get; init; }

    /// <summary>Whether every event it speaks of is settled wholly or not at all.</summary>
    public bool IsWhole => HitsDone == 0 && Ahead.Count == 0;

    /// <inheritdoc/>
    public bool Equals(Cursor? other) =>
        other is not null && Offset == other.Offset && HitsDone == other.HitsDone && Express == other.Express && Ahead.SequenceEqual(other.Ahead) && Failed.SequenceEqual(other.Failed);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Offset, HitsDone, Ahead.Count);
}

/// <summary>A request of an event that failed for good, while others of it are still to come.</summary>
/// <param name="Index">Which of the event's requests.</param>
/// <param name="Reason">A reason code.</param>
/// <param name="Message">For people; null when the destination gave no words.</param>
public sealed record FailedHit(int Index, string? Reason, string? Message);

/// <summary>That a lane has an express lane which started where it says: the express lane's settlements count only as long as that is so.</summary>
/// <param name="Lane">The lane that is overtaken.</param>
/// <param name="From">Its <see cref="Cursor.Express"/>.</param>
public sealed record ExpressFence(string Lane, long From);

/// <summary>All that one answered request changes, written as one transaction.</summary>
public sealed record Settlement
{
    /// <summary>The integration.</summary>
    public required string IntegrationId { get; init; }

    /// <summary>Whose cursor moves: the integration's id, or a replay's.</summary>
    public required string Lane { get; init; }

    /// <summary>The partition.</summary>
    public required int Partition { get; init; }

    /// <summary>The cursor as this lane read or wrote it last; null when there was none.</summary>
    public required Cursor? Expected { get; init; }

    /// <summary>The cursor from now on.</summary>
    public required Cursor Next { get; init; }

    /// <summary>For an express lane: the lane it overtakes must still have it. Null for every other lane.</summary>
    public ExpressFence? Within { get; init; }

    /// <summary>Offsets an express lane has settled, which the lane it overtakes is to leave out (<see cref="IDeliveryStore.OvertakenAsync"/>).</summary>
    public IReadOnlyList<long> Overtaken { get; init; } = [];

    /// <summary>Where the express lane of this lane stands that is removed; it must stand just there. Null to leave it.</summary>
    public Cursor? Ends { get; init; }

    /// <summary>Records to insert or replace (key: integration and event).</summary>
    public IReadOnlyList<DeliveryRecord> Records { get; init; } = [];

    /// <summary>Dead letters to add.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters { get; init; } = [];

    /// <summary>Ids of dead letters that are none any more.</summary>
    public IReadOnlyList<string> Resolved { get; init; } = [];

    /// <summary>How far a replay gets by this; null for live traffic.</summary>
    public ReplayStep? Replay { get; init; }

    /// <summary>The visitors' states from now on: anonymous id to state; the user id known, for the privacy desk.</summary>
    public IReadOnlyList<VisitorRow> Visitors { get; init; } = [];

    /// <summary>Orders counted now.</summary>
    public IReadOnlyList<OrderRow> Orders { get; init; } = [];

    /// <summary>Counts to add.</summary>
    public IReadOnlyList<CountDelta> Counts { get; init; } = [];

    /// <summary>Receipts for the audit log: of events a withdrawal of consent has taken.</summary>
    public IReadOnlyList<AuditEntry> Receipts { get; init; } = [];
}

/// <summary>What an express lane has settled ahead of the lane it overtakes.</summary>
/// <param name="Count">How many records.</param>
/// <param name="Last">The last one's offset.</param>
public readonly record struct OvertakenExtent(long Count, long Last);

/// <summary>A visitor's state for one integration.</summary>
public sealed record VisitorRow(string AnonymousId, string? UserId, string State, DateTimeOffset At);

/// <summary>An order of the ledger.</summary>
/// <param name="Key">The id as the destination would compare it.</param>
/// <param name="EventId">The event that counted it.</param>
/// <param name="AnonymousId">Whose it is, for the privacy desk.</param>
/// <param name="At">When it was counted.</param>
public sealed record OrderRow(string Key, string EventId, string AnonymousId, DateTimeOffset At);

/// <summary>Something to count.</summary>
/// <param name="Scope">A source's or an integration's id.</param>
/// <param name="Name"><c>received, delivered, dropped:consent_denied, dead_letter, …</c></param>
/// <param name="At">When; kept by the minute.</param>
/// <param name="By">How many.</param>
public sealed record CountDelta(string Scope, string Name, DateTimeOffset At, long By);

/// <summary>A count of one step of time.</summary>
public sealed record CountRow(string Scope, string Name, DateTimeOffset At, long Count);
