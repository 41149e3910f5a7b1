using Signal.Configure;
using Signal.Events;
using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Reads a run of records and decides what is to be sent: decode, admit, encode, ask the order ledger.</summary>
internal sealed class Planner(IDeliveryStore store, IConsentStore consents, IConfigurationFeed feed, Erasures erasures, TimeProvider time)
{
    /// <summary>The plan for the records after a cursor; empty when there are none.</summary>
    public async Task<Plan> MakeAsync(TargetRevision revision, ILaneSource source, Cursor from, int max, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var (run, end) = await ReadAsync(revision, source, from, max, now, stop);
        run = await AdmitAsync(revision.Integration, run, stop);
        var states = run.Exists(c => c.Event is not null)
            ? await source.StatesAsync(from.Offset, [.. run.Where(c => c.Event is not null).Select(c => c.Event!)], stop)
            : new Dictionary<string, string>();

        // Each turn takes at least one event out of the run, so this ends.
        while (true)
        {
            var events = RunEncoder.Encode(revision.Encoder!, run, states, from);
            var keys = RepeatedOrders.Keys(events);
            var counted = keys.Count > 0 ? await store.OrdersAsync(revision.Integration.Id, keys, stop) : new Dictionary<string, string>();
            var (verdict, index) = RepeatedOrders.First(events, counted);
            if (verdict == Repeat.None) return new Plan(revision, events, end, now) { AheadBeyond = [.. from.Ahead.Where(o => o > end)] };
            if (verdict == Repeat.Counted)
            {
                run[index] = run[index] with { Part = Part.Dropped, Reason = Reasons.DuplicateOrder };
            }
            else
            {
                // The first of the two must be answered before anybody knows whether the second is a repeat.
                end = run[index].Before;
                run.RemoveRange(index, run.Count - index);
            }
        }
    }

    /// <summary>The visitors among these that must not be sent any more.</summary>
    public async Task<bool> StillAdmittedAsync(Integration integration, IReadOnlyCollection<Event> events, CancellationToken stop)
    {
        var latest = await consents.GetManyAsync(integration.SourceId, events.Select(e => e.AnonymousId).ToHashSet(), stop);
        var mode = ModeOf(integration);
        return events.All(e => !erasures.Cover(e) && Admission.Refusal(e, integration, mode, latest.GetValueOrDefault(e.AnonymousId)) is null);
    }

    private static async Task<(List<Candidate> Run, long End)> ReadAsync(
        TargetRevision revision, ILaneSource source, Cursor from, int max, DateTimeOffset now, CancellationToken stop)
    {
        var run = new List<Candidate>();
        var oldest = revision.Encoder!.Limits.MaxAge is { } age ? now - age : DateTimeOffset.MinValue;
        var before = from.Offset;
        foreach (var record in await source.ReadAsync(from, max, stop))
        {
            if (Candidate.Of(record, before, revision.Integration.SourceId) is { } candidate)
            {
                var part = candidate.Part != Part.Send ? candidate.Part
                    : from.Ahead.Contains(record.Offset) ? Part.Ahead
                    : !source.Selects(candidate.Event!) ? Part.Passed
                    : candidate.Event!.Time < oldest ? Part.TooOld
                    : Part.Send;
                run.Add(candidate with { Part = part, Wanted = source.DeadLetterAt(record.Offset)?.Hits });
            }

            before = record.Offset;
        }

        return (run, before);
    }

    private async Task<List<Candidate>> AdmitAsync(Integration integration, List<Candidate> run, CancellationToken stop)
    {
        var visitors = run.Where(c => MustBeAdmitted(c.Part)).Select(c => c.Event!.AnonymousId).ToHashSet();
        if (visitors.Count == 0) return run;
        var latest = await consents.GetManyAsync(integration.SourceId, visitors, stop);
        var mode = ModeOf(integration);
        return run.ConvertAll(c =>
            MustBeAdmitted(c.Part) && erasures.Cover(c.Event!) ? c with { Part = Part.Dropped, Reason = Reasons.Erased }
            : MustBeAdmitted(c.Part)
            && Admission.Refusal(c.Event!, integration, mode, latest.GetValueOrDefault(c.Event!.AnonymousId)) is { } reason
                ? c with { Part = Part.Dropped, Reason = reason }
            : c);
    }

    // What is not sent for another reason must not count in the visitor's state either, when it was withdrawn.
    private static bool MustBeAdmitted(Part part) => part is Part.Send or Part.TooOld or Part.Passed;

    private ConsentMode ModeOf(Integration integration) =>
        feed.Current.Sources.GetValueOrDefault(integration.SourceId)?.Consent.Mode ?? ConsentMode.OptIn;
}
