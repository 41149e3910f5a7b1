using System.Text.Json;
using Signal.Configure;
using Signal.Manage.Changes;
using Signal.Record;
using Signal.State;

namespace Signal.Console.Data;

/// <summary>What people do with dead letters; each act leaves its line in the audit log.</summary>
internal sealed class DeadLetterDesk(IDeliveryStore store, IReplays replays, IAuditLog log, Audit audit)
{
    private const int Step = 500;

    /// <summary>Sends them again: these, or all with this reason; one of them edited if asked.</summary>
    public async Task<ReplayView> ReplayAsync(Integration integration, IReadOnlyList<string>? ids, string? reason, JsonElement? edited, Actor actor, CancellationToken stop)
    {
        var replay = await replays.StartAsync(integration, new DeadLetterSelection(ids, reason, edited), stop);
        var chosen = new { Replay = replay.Id, Ids = ids, All = ids is null, Reason = reason, Edited = edited is not null };
        await log.AppendAsync(audit.Entry(actor, "dead_letter.replayed", integration.Id, null, chosen), stop);
        return replay;
    }

    /// <summary>Removes them for good: these, or all with this reason. Answers how many.</summary>
    public async Task<int> DiscardAsync(Integration integration, IReadOnlyList<string>? ids, string? reason, Actor actor, CancellationToken stop)
    {
        var discarded = 0;
        while (await store.DeadLettersAsync(new DeadLetterFilter(integration.Id, ids, reason, Limit: Step), stop) is { Count: > 0 } rows)
        {
            var gone = await store.DeleteDeadLettersAsync(integration.Id, [.. rows.Select(r => r.Id)], stop);
            if (gone == 0) break;
            discarded += gone;
        }

        await log.AppendAsync(audit.Entry(actor, "dead_letter.discarded", integration.Id, null, new { Ids = ids, All = ids is null, Reason = reason, Count = discarded }), stop);
        return discarded;
    }

    /// <summary>Sends a range of the log again, or only counts it.</summary>
    public async Task<ReplayView> ReplayRangeAsync(Integration integration, ReplayRequest request, Actor actor, CancellationToken stop)
    {
        var replay = await replays.StartAsync(integration, request, stop);
        await log.AppendAsync(audit.Entry(actor, "integration.replay_started", integration.Id, null, new { Replay = replay.Id, request.From, request.To, request.DryRun, request.Filter }), stop);
        return replay;
    }

    /// <summary>Ends a replay where it is. False: it had ended by itself.</summary>
    public async Task<bool> CancelAsync(Integration integration, string replay, Actor actor, CancellationToken stop)
    {
        if (!await replays.CancelAsync(integration.Id, replay, stop)) return false;
        await log.AppendAsync(audit.Entry(actor, "integration.replay_cancelled", integration.Id, null, new { Replay = replay }), stop);
        return true;
    }
}
