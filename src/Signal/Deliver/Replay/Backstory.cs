using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Log;
using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// The visitors' states as they were, folded from the log without sending anything: a replayed event is encoded with the cart its
/// visitor had then, and today's cart is neither used nor touched. What the log has let go of is missing from that story, and so are what
/// the visitor has withdrawn and orders that were dropped because they were counted before.
/// </summary>
internal sealed class Backstory(IEventLog log, IConsentStore consents, IDeliveryStore deliveries, IEncoder encoder, Integration integration, ConsentMode mode, int partition)
{
    private const int Step = 500;
    private Dictionary<string, string> _states = [];

    /// <summary>The offset the story has come to.</summary>
    public long Upto { get; private set; }

    /// <summary>The states of these visitors after every event up to <see cref="Upto"/>.</summary>
    public IReadOnlyDictionary<string, string> StatesOf(IEnumerable<string> visitors)
    {
        var states = new Dictionary<string, string>();
        foreach (var visitor in visitors) if (_states.TryGetValue(visitor, out var state)) states[visitor] = state;
        return states;
    }

    /// <summary>Tells the story on to an offset, or from the start when it has gone too far. Of these visitors only, when given.</summary>
    public async Task TellAsync(long upto, IReadOnlySet<string>? visitors, Action<Event>? before, CancellationToken stop)
    {
        if (Upto > upto) (_states, Upto) = ([], 0);
        while (Upto < upto)
        {
            var records = await log.ReadAsync(partition, Upto, Step, stop);
            if (records.Count == 0) break;
            var run = records.Where(r => r.Offset <= upto && (visitors is null || StoredSource.VisitorOf(r.Payload) is { } v && visitors.Contains(v)))
                .Select(r => Candidate.Of(r, 0, integration.SourceId))
                .Where(c => c?.Event is not null)
                .Select(c => c!)
                .ToList();
            run = await AdmittedAsync(run, stop);
            if (before is null) await TellAsync(run, stop);
            else foreach (var c in run) await OneAsync(c, before, stop);
            Upto = Math.Min(records[^1].Offset, upto);
        }

        Upto = upto;
    }

    /// <summary>Takes over what a lane has encoded up to an offset.</summary>
    public void Take(IEnumerable<PlannedEvent> passed, long upto)
    {
        Apply(passed);
        Upto = upto;
    }

    private async Task<List<Candidate>> AdmittedAsync(List<Candidate> run, CancellationToken stop)
    {
        if (run.Count == 0) return run;
        var latest = await consents.GetManyAsync(integration.SourceId, run.Select(c => c.Event!.AnonymousId).ToHashSet(), stop);
        return run.FindAll(c => Admission.Refusal(c.Event!, integration, mode, latest.GetValueOrDefault(c.Event!.AnonymousId)) is null);
    }

    private async Task OneAsync(Candidate candidate, Action<Event> before, CancellationToken stop)
    {
        before(candidate.Event!);
        await TellAsync([candidate], stop);
    }

    // As the live lane did: a thank-you page loaded again left the visitor's cart alone. What it counted is in the ledger by now.
    private async Task TellAsync(List<Candidate> run, CancellationToken stop)
    {
        var states = StatesOf(run.Select(c => c.Event!.AnonymousId));
        while (true)
        {
            var events = RunEncoder.Encode(encoder, run, states, Cursor.Start);
            var keys = RepeatedOrders.Keys(events);
            var counted = keys.Count > 0 ? await deliveries.OrdersAsync(integration.Id, keys, stop) : new Dictionary<string, string>();
            if (RepeatedOrders.First(events, counted) is not (Repeat.Counted, var index))
            {
                Apply(events);
                return;
            }

            run.RemoveAt(index);
        }
    }

    private void Apply(IEnumerable<PlannedEvent> events)
    {
        foreach (var e in events)
            if (e.Encoded?.VisitorState is { } state) _states[e.Event!.AnonymousId] = state;
    }
}
