using System.Text.Json;
using Signal.Configure;
using Signal.Events;
using Signal.State;

namespace Signal.Record;

/// <summary>Sends events again: a cursor over an old range of the log, or dead letters. Runs in the background and survives a restart.</summary>
internal interface IReplays
{
    /// <summary>Starts a replay of the log, or only counts what it would send (<see cref="ReplayRequest.DryRun"/>). Never reaches events the integration has not come to yet: those go by themselves.</summary>
    Task<ReplayView> StartAsync(Integration integration, ReplayRequest request, CancellationToken stop);

    /// <summary>Starts sending dead letters again, oldest first; those delivered, and those no longer allowed, stop being dead letters.</summary>
    Task<ReplayView> StartAsync(Integration integration, DeadLetterSelection selection, CancellationToken stop);

    /// <summary>The replays of an integration, newest first.</summary>
    Task<IReadOnlyList<ReplayView>> ListAsync(string integrationId, CancellationToken stop);

    /// <summary>How far a replay has come, or null when there is none.</summary>
    Task<ReplayView?> FindAsync(string integrationId, string replayId, CancellationToken stop);

    /// <summary>Ends a replay where it is. False: there is none that runs.</summary>
    Task<bool> CancelAsync(string integrationId, string replayId, CancellationToken stop);
}

/// <summary>What to send again.</summary>
/// <param name="From">Events received at or after.</param>
/// <param name="To">Events received before.</param>
/// <param name="Filter">Which of them.</param>
/// <param name="DryRun">Only count.</param>
/// <param name="Rate">Events a second at most; null for no limit of its own.</param>
internal sealed record ReplayRequest(DateTimeOffset From, DateTimeOffset To, ReplayFilter Filter, bool DryRun, double? Rate);

/// <summary>Which events: every given part must match.</summary>
internal sealed record ReplayFilter
{
    /// <summary>The event's name.</summary>
    public string? Event { get; init; }

    /// <summary>page, track, …</summary>
    public EventType? Type { get; init; }

    /// <summary>The visitor's anonymous id.</summary>
    public string? Visitor { get; init; }

    /// <summary>The sender's id.</summary>
    public string? MessageId { get; init; }

    /// <summary>What became of it before.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>Whether an event matches all but <see cref="Outcome"/>, which only the store knows.</summary>
    public bool Matches(Event e) =>
        (Event is null || string.Equals(Event, e.Name, StringComparison.OrdinalIgnoreCase))
        && (Type is null || Type == e.Type)
        && (Visitor is null || Visitor == e.AnonymousId)
        && (MessageId is null || MessageId == e.MessageId);
}

/// <summary>Which dead letters to send again.</summary>
/// <param name="Ids">These; null for all.</param>
/// <param name="Reason">Only those with this reason; null for any.</param>
/// <param name="Edited">The event to send in place of the stored one; only with a single id.</param>
internal sealed record DeadLetterSelection(IReadOnlyList<string>? Ids, string? Reason = null, JsonElement? Edited = null)
{
    /// <summary>Only those of events with this name; null for any.</summary>
    public string? Event { get; init; }

    /// <summary>Only those of this visitor, by anonymous id; null for any.</summary>
    public string? Visitor { get; init; }

    /// <summary>Only those given up at or after; null for any.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those given up before; null for any.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>A page of them.</summary>
    public DeadLetterFilter Filter(string integrationId, int limit, string? before = null) => new(integrationId, Ids, Reason, Event, Visitor, before, limit, From, To);
}

/// <summary>How far a replay has come.</summary>
/// <param name="Id"><c>rpl_…</c></param>
/// <param name="Status"><c>running, done, cancelled, failed, dry_run</c></param>
/// <param name="Matched">Events found.</param>
/// <param name="Sent">Delivered again.</param>
/// <param name="Failed">Not delivered: refused, dropped or given up again.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended, or null.</param>
internal sealed record ReplayView(string Id, string Status, long Matched, long Sent, long Failed, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);
