namespace Signal.State;

/// <summary>Where replays are remembered, so that they survive a restart. Their place in the log is a cursor of <see cref="IDeliveryStore"/> under the replay's id, and their counts grow with its settlements.</summary>
public interface IReplayStore
{
    /// <summary>Remembers a new replay.</summary>
    Task AddAsync(Replay replay, CancellationToken stop);

    /// <summary>A replay by id; null when there is none.</summary>
    Task<Replay?> FindAsync(string id, CancellationToken stop);

    /// <summary>The replays of an integration, newest first; of every integration when null.</summary>
    Task<IReadOnlyList<Replay>> ListAsync(string? integrationId, bool unfinishedOnly, CancellationToken stop);

    /// <summary>Ends a replay that is still <c>running</c>, with this status and message for people. False, and nothing written, when it is not (it was cancelled) or is gone.</summary>
    Task<bool> EndAsync(string id, string status, string? message, DateTimeOffset at, CancellationToken stop);

    /// <summary>Removes replays that ended before <paramref name="before"/>, with the cursors under their ids. Answers how many.</summary>
    Task<int> TrimAsync(DateTimeOffset before, CancellationToken stop);
}

/// <summary>A replay: events of the log, or dead letters, sent again.</summary>
public sealed record Replay
{
    /// <summary><c>rpl_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The integration.</summary>
    public required string IntegrationId { get; init; }

    /// <summary><c>running, done, cancelled, failed, dry_run</c></summary>
    public required string Status { get; init; }

    /// <summary>Why it failed, for people; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>What to send, as JSON text of delivery's own.</summary>
    public required string Work { get; init; }

    /// <summary>Events found.</summary>
    public long Matched { get; init; }

    /// <summary>Delivered again.</summary>
    public long Sent { get; init; }

    /// <summary>Not delivered: refused, dropped or given up again.</summary>
    public long Failed { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>What one settlement adds to a replay's counts.</summary>
public sealed record ReplayStep(string ReplayId, long Sent, long Failed);
