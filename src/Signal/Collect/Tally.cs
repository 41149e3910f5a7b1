using Signal.Govern;
using Signal.Record;

namespace Signal.Collect;

/// <summary>Counts by reason and tells the debugger what was decided. Never a key, a cookie or a payload.</summary>
internal sealed class Tally(ICounters counters, IEventFeed feed)
{
    private const int Shown = Validation.MaxId;

    /// <summary>A whole request was refused.</summary>
    internal void Refused(CollectCall call, Refusal refusal)
    {
        var events = Math.Max(1, call.Events.Count);
        Count(call.Source?.Id, "rejected", refusal.Code, events);
        if (call.Source is { } source && feed.Enabled)
            feed.Publish(new FeedItem(call.ReceivedAt, "rejected", source.Id, null, null, null, null, null, null, refusal.Code, refusal.Message));
    }

    /// <summary>Every event has its outcome.</summary>
    internal void Decided(CollectCall call)
    {
        var source = call.Source!.Id;
        counters.Add(source, "received", call.Outcomes.Length);
        // Neighbours with one outcome, as a rule all of a call, are counted at once.
        var (alike, before) = (0, (Stage: "", Reason: (string?)null));
        for (var i = 0; i < call.Outcomes.Length; i++)
        {
            var (stage, reason, detail) = Told(call.Outcomes[i]);
            if (alike > 0 && before != (stage, reason))
            {
                Count(source, before.Stage, before.Reason, alike);
                alike = 0;
            }

            (alike, before) = (alike + 1, (stage, reason));
            if (feed.Enabled) feed.Publish(ItemOf(call, i, stage, reason, detail));
        }

        if (alike > 0) Count(source, before.Stage, before.Reason, alike);
    }

    private static (string Stage, string? Reason, string? Detail) Told(Outcome outcome) => outcome.Decision switch
    {
        Decision.Accepted when outcome.Duplicate => ("dropped", Events.Reasons.Duplicate, "the same messageId was accepted within the last 24 hours"),
        Decision.Accepted => ("accepted", null, null),
        Decision.Dropped dropped => ("dropped", dropped.Reason, dropped.Detail),
        Decision.Rejected rejected => ("rejected", rejected.Code, rejected.Message),
        _ => throw new InvalidOperationException("A decision without an outcome."),
    };

    private void Count(string? source, string stage, string? reason, long by)
    {
        Meters.Events.Add(by, new("source", source ?? "unknown"), new("outcome", stage), new("reason", reason ?? ""));
        if (source is null) return;
        counters.Add(source, stage switch
        {
            "accepted" => "accepted",
            "dropped" when reason == Events.Reasons.Duplicate => "duplicate",
            _ => $"{stage}:{reason}",
        }, by);
    }

    private static FeedItem ItemOf(CollectCall call, int index, string stage, string? reason, string? detail)
    {
        var (e, outcome) = (call.Events[index], call.Outcomes[index]);
        var accepted = (outcome.Decision as Decision.Accepted)?.Event;
        var type = accepted?.Type ?? call.Route.Type;
        return new FeedItem(
            call.ReceivedAt, stage, call.Source!.Id, null, accepted?.Id, Short(e.MessageId), type?.ToString().ToLowerInvariant() ?? Short(e.Type),
            Short(e.Event ?? e.Name), outcome.AnonymousId, reason, detail);
    }

    // The feed keeps its items; a sender must not be able to fill the memory through it.
    private static string? Short(string? text) => text is { Length: > Shown } ? $"{text.AsSpan(0, Shown)}…" : text;
}
