namespace Signal.State;

/// <summary>Something somebody should know, from when it began to when it was over.</summary>
public sealed record Alert
{
    /// <summary><c>alr_…</c>, sortable by when it opened.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>Whose: an integration's or a source's id, or <c>disk</c>. One alert of a kind is open for a subject at most.</summary>
    public required string Subject { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The rule that opened it.</summary>
    public required string RuleId { get; init; }

    /// <summary>When it opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was over; null while it is open.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>What is the matter, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What happened, since when, what it means for the data, what to do.</summary>
    public required string Text { get; init; }

    /// <summary>The page of the console, as a path.</summary>
    public required string Path { get; init; }

    /// <summary>When people were last told of it.</summary>
    public required DateTimeOffset ToldAt { get; init; }

    /// <summary>The channels that were told when it opened; they hear of its end.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];
}

/// <summary>Which alerts: every given part must match; <paramref name="Before"/> is the id of the last one already seen.</summary>
public sealed record AlertFilter(bool? Open = null, AlertKind? Kind = null, string? Subject = null, string? Before = null, int Limit = 50);

/// <summary>A message to one channel. It stays until it is taken or given up, over restarts.</summary>
public sealed record AlertMessage
{
    /// <summary><c>msg_…</c>; receivers may tell a repeated one by it.</summary>
    public required string Id { get; init; }

    /// <summary>The alert.</summary>
    public required string AlertId { get; init; }

    /// <summary>Whom to tell.</summary>
    public required string ChannelId { get; init; }

    /// <summary><c>opened</c>, <c>reminder</c> or <c>resolved</c></summary>
    public required string Type { get; init; }

    /// <summary>The alert as it was then.</summary>
    public required Alert Alert { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Not before then; null when there is nothing more to do.</summary>
    public required DateTimeOffset? NextAt { get; init; }

    /// <summary>When it was taken; null while it was not.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Why the last try failed; null when it did not.</summary>
    public string? Error { get; init; }
}

/// <summary>What a round of watching changes; written as one.</summary>
/// <param name="Opened">New alerts.</param>
/// <param name="Changed">Open alerts told of again, or whose words changed.</param>
/// <param name="Resolved">Open alerts that are over.</param>
/// <param name="Messages">Whom to tell.</param>
public sealed record AlertRound(
    IReadOnlyList<Alert> Opened, IReadOnlyList<Alert> Changed, IReadOnlyList<Alert> Resolved, IReadOnlyList<AlertMessage> Messages);

/// <summary>The disk of the data directory at a moment.</summary>
/// <param name="At">When.</param>
/// <param name="UsedBytes">The size of the files in the data directory.</param>
/// <param name="FreeBytes">What this process may still write.</param>
/// <param name="TotalBytes">The size of the disk.</param>
public sealed record DiskSample(DateTimeOffset At, long UsedBytes, long FreeBytes, long TotalBytes);
