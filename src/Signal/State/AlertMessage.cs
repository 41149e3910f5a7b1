namespace Signal.State;

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
