namespace Signal.State;

/// <summary>
/// What each lane has with its destination, written before it is sent. Outlives a kill of the process at the price of no fsync; a power cut
/// may take the last notes with it, and then nobody knows of those requests that they may have arrived.
/// </summary>
public interface IUnderWayStore
{
    /// <summary>Replaces what was noted of a lane and partition; nothing is left of it when there are none.</summary>
    /// <exception cref="StateUnavailableException">It could not be written; what was noted before stays.</exception>
    Task NoteAsync(string lane, int partition, IReadOnlyCollection<UnderWay> events, CancellationToken stop);

    /// <summary>What was noted last, ascending by offset. Some of it may be settled since.</summary>
    /// <exception cref="StateUnavailableException">It could not be read.</exception>
    Task<IReadOnlyList<UnderWay>> FindAsync(string lane, int partition, CancellationToken stop);
}

/// <summary>An event that was sent and not settled.</summary>
/// <param name="Offset">Its place in the partition; of a replay's lane, its place there.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Unknown">The destination may have recorded it: a request that held it was never answered.</param>
public sealed record UnderWay(long Offset, int Attempts, bool Unknown);
