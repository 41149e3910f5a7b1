using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>Sends dead letters again or discards them, for API and console alike; each act leaves its line in the audit log.</summary>
internal sealed class DeadLetterDesk(IConfigurationFeed feed, IDeliveryStore store, IReplays replays, IAuditLog log, Audit audit)
{
    private const int Step = 500;

    /// <summary>Sends them again in the background, one of them edited if asked.</summary>
    public async Task<Outcome<ReplayView>> ReplayAsync(string integrationId, DeadLetterInput input, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(integrationId, out var integration)) return new Outcome<ReplayView>.Missing();
        var errors = await CheckAsync(integrationId, input, stop);
        if (errors.Count > 0) return new Outcome<ReplayView>.Invalid(errors);
        var replay = await replays.StartAsync(integration, input.Selection, stop);
        var chosen = new { Replay = replay.Id, input.Ids, input.All, input.Reason, input.EventName, input.Visitor, input.From, input.To, Edited = input.Event is not null };
        await log.AppendAsync(audit.Entry(actor, "dead_letter.replayed", integrationId, null, chosen), stop);
        return new Outcome<ReplayView>.Done(replay);
    }

    /// <summary>Removes them for good; answers how many.</summary>
    public async Task<Outcome<int>> DiscardAsync(string integrationId, DeadLetterInput input, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.ContainsKey(integrationId)) return new Outcome<int>.Missing();
        var errors = await CheckAsync(integrationId, input, stop);
        if (errors.Count > 0) return new Outcome<int>.Invalid(errors);
        var discarded = 0;
        while (await store.DeadLetterKeysAsync(input.Selection.Filter(integrationId, Step), stop) is { Count: > 0 } rows)
        {
            var gone = await store.DeleteDeadLettersAsync(integrationId, [.. rows.Select(r => r.Id)], stop);
            if (gone == 0) break;
            discarded += gone;
        }

        await log.AppendAsync(audit.Entry(actor, "dead_letter.discarded", integrationId, null, new { input.Ids, input.All, input.Reason, input.EventName, input.Visitor, input.From, input.To, Count = discarded }), stop);
        return new Outcome<int>.Done(discarded);
    }

    /// <summary>Removes one for good. Missing: it was replayed or discarded meanwhile.</summary>
    public async Task<Outcome<int>> DiscardAsync(string integrationId, string letter, Actor actor, CancellationToken stop) =>
        await DiscardAsync(integrationId, new DeadLetterInput { Ids = [letter] }, actor, stop) is Outcome<int>.Done done ? done : new Outcome<int>.Missing();

    private async Task<IReadOnlyList<FieldError>> CheckAsync(string integrationId, DeadLetterInput input, CancellationToken stop)
    {
        if (input.All == (input.Ids is { Count: > 0 })) return [new("ids", "required", "Send either ids with at least one dead letter, or all: true.")];
        var errors = new List<FieldError>();
        if (input.Event is { } edited && (input.Ids is not { Count: 1 } || edited.ValueKind != JsonValueKind.Object))
            errors.Add(new("event", "alone", "event, the edited event, must be an object and goes with exactly one id."));
        if (input.From >= input.To) errors.Add(new("from", "range", "from must be before to."));
        if (input.Ids is null) return errors;
        var known = (await store.DeadLetterKeysAsync(new DeadLetterFilter(integrationId, input.Ids, Limit: input.Ids.Count), stop)).Select(l => l.Id).ToHashSet();
        foreach (var (i, letter) in input.Ids.Index())
            if (!known.Contains(letter)) errors.Add(new($"ids[{i}]", "unknown", $"There is no dead letter {letter}. It may have been replayed or discarded meanwhile."));
        return errors;
    }
}
