namespace Signal.State;

/// <summary>What a round of watching changes; written as one.</summary>
/// <param name="Opened">New alerts.</param>
/// <param name="Changed">Open alerts told of again, or whose words changed.</param>
/// <param name="Resolved">Open alerts that are over.</param>
/// <param name="Messages">Whom to tell.</param>
public sealed record AlertRound(
    IReadOnlyList<Alert> Opened, IReadOnlyList<Alert> Changed, IReadOnlyList<Alert> Resolved, IReadOnlyList<AlertMessage> Messages);
