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

    /// <summary>Why it is over, in a sentence; null while it is open.</summary>
    public string? Ending { get; init; }

    /// <summary>What is the matter, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What happened, since when, what it means for the data, what to do.</summary>
    public required string Text { get; init; }

    /// <summary>The page of the console, as a path.</summary>
    public required string Path { get; init; }

    /// <summary>When people were last told of it.</summary>
    public required DateTimeOffset ToldAt { get; init; }

    /// <summary>The channels that were told of it; they hear of its end.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];
}
