using Signal.Configure;
using Signal.Destinations;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>Sends ranges of the log again and ends replays, for API and console alike; each act leaves its line in the audit log.</summary>
internal sealed class ReplayDesk(IConfigurationFeed feed, IReplays replays, IAuditLog log, Audit audit, TimeProvider time)
{
    /// <summary>Sends a range of the log again in the background, or only counts it.</summary>
    public async Task<Outcome<ReplayView>> StartAsync(string integrationId, ReplayInput input, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(integrationId, out var integration)) return new Outcome<ReplayView>.Missing();
        var to = input.To ?? time.GetUtcNow();
        if (Wrong(input, to) is { Count: > 0 } errors) return new Outcome<ReplayView>.Invalid(errors);
        var replay = await replays.StartAsync(integration, new ReplayRequest(input.From, to, input.Filter ?? new ReplayFilter(), input.DryRun, input.Rate), stop);
        var asked = new { Replay = replay.Id, input.From, To = to, input.DryRun, Filter = Nameless(input.Filter) };
        await log.AppendAsync(audit.Entry(actor, "integration.replay_started", integrationId, null, asked), stop);
        return new Outcome<ReplayView>.Done(replay);
    }

    /// <summary>Every error of what to send again.</summary>
    public static IReadOnlyList<FieldError> Wrong(ReplayInput input, DateTimeOffset to) =>
        input.From >= to ? [new("from", "range", "from must lie before to (or before now, when to is left out).")] : [];

    // The audit log can't be changed, so it never holds the id of a visitor.
    private static ReplayFilter? Nameless(ReplayFilter? filter) =>
        filter?.Visitor is { } visitor ? filter with { Visitor = $"sha256:{Keys.Hash(visitor)}" } : filter;

    /// <summary>Ends a replay where it is. Missing: there is none that runs.</summary>
    public async Task<Outcome<string>> CancelAsync(string integrationId, string replayId, Actor actor, CancellationToken stop)
    {
        if (!await replays.CancelAsync(integrationId, replayId, stop)) return new Outcome<string>.Missing();
        await log.AppendAsync(audit.Entry(actor, "integration.replay_cancelled", integrationId, null, new { Replay = replayId }), stop);
        return new Outcome<string>.Done(replayId);
    }
}
