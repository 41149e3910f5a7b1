using Signal.Destinations;
using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// One partition for one integration: reads, sends, settles, one request at a time, in order. A step does at most one request and its
/// settlement; the loop around it only obeys what the step wants next. What was settled is in the store; everything here can be lost.
/// </summary>
internal sealed partial class Lane(LanePlace place, Target target, ILaneSource source, LaneServices services)
{
    /// <summary>Records of other sources passed before the cursor is stored for their sake alone.</summary>
    private const int StoreEvery = 1000;

    /// <summary>How soon the cursor is stored for their sake alone.</summary>
    private static readonly TimeSpan StoreSoon = TimeSpan.FromSeconds(10);

    private readonly Divider _divider = new();
    private readonly Dictionary<long, Trouble> _troubles = [];
    private Plan? _plan;
    private Cursor? _stored;
    private Cursor? _at;
    private int _failures;
    private DateTimeOffset _storeAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    public LanePlace Place => place;

    /// <summary>Where the lane has come to; records of other sources move it without being stored each time. Null before the first step.</summary>
    public Cursor? At => _at;

    /// <summary>Does the next thing there is to do.</summary>
    /// <param name="stop">Ends waiting; a request in flight is finished and settled all the same.</param>
    /// <param name="abort">Ends that too.</param>
    public async Task<LaneStep> StepAsync(CancellationToken stop, CancellationToken abort)
    {
        var revision = target.Current;
        if (revision.Encoder is null) return LaneStep.ForTime(null);
        if (_at is null) await OpenAsync(abort);
        var now = services.Time.GetUtcNow();
        if (now < _notBefore) return LaneStep.ForTime(_notBefore);
        var plan = await PlanAsync(revision, now, stop);
        if (plan is null) return LaneStep.Again;
        if (plan.End == _at!.Offset && plan.Events.Count == 0) return await IdleAsync(now, abort);
        if (plan.Events.Count == 0) return await SkipAsync(plan, abort);
        if (plan.Sent == plan.Hits.Count) return await SettleAsync(plan, [], abort);

        var pass = target.Circuit.Ask(now);
        if (pass.Permission == Permission.Wait) return LaneStep.ForTime(pass.Until);
        try
        {
            if (pass.Permission == Permission.Probe) return await ProbeAsync(revision, abort);
            return await SendAsync(plan, now, stop, abort);
        }
        finally
        {
            if (pass.Alone)
            {
                target.Circuit.Leave();
                target.Wake();
            }
        }
    }

    /// <summary>Stores where the lane has come to, and forgets what it holds.</summary>
    public async Task CloseAsync(CancellationToken abort)
    {
        if (_at is not null && _stored is not null && !_at.Equals(_stored)) await services.Store.SettleAsync(Bare(), abort);
        await target.Health.FineAsync(place.ToString(), false, abort);
        Forget();
    }

    /// <summary>Forgets everything not stored: the next step reads the store again.</summary>
    public void Forget()
    {
        _plan = null;
        _at = _stored = null;
    }

    private async Task OpenAsync(CancellationToken abort)
    {
        _stored = await services.Store.CursorAsync(place.Lane, place.Partition, abort);
        _at = _stored;
        if (_stored is not null) return;
        _at = new Cursor(await source.StartAsync(abort), 0, []);
        await StoreAsync(Bare(), abort);
    }

    /// <summary>The plan in hand, or a new one; null when the lane must start from what is stored.</summary>
    private async Task<Plan?> PlanAsync(TargetRevision revision, DateTimeOffset now, CancellationToken stop)
    {
        if (_plan is { } plan && plan.Revision == revision && now - plan.MadeAt <= services.Options.RunLifetime) return plan;
        _plan = await services.Planner.MakeAsync(revision, source, _at!, services.Options.RunLength, stop);

        // States and cursor must be of one moment: with states newer than the cursor, events would be applied twice in what is sent.
        if (_plan.Hits.Count > 0 && !Equals(await services.Store.CursorAsync(place.Lane, place.Partition, stop), _stored)) Forget();
        return _plan;
    }

    private async Task<LaneStep> ProbeAsync(TargetRevision revision, CancellationToken abort)
    {
        var verdict = await services.Exchange.ProbeAsync(target, revision, abort);
        var now = services.Time.GetUtcNow();
        switch (verdict)
        {
            case Verdict.Stop stop:
                target.Circuit.Stop(target.Budget.NextProbe(now));
                await target.Health.StoppedAsync(stop.Reason, stop.Message, abort);
                break;
            case Verdict.Settled:
                target.Circuit.Probed();
                break;
            default:
                target.Circuit.ProbeFailed(now, (verdict as Verdict.Retry)?.After);
                break;
        }

        return LaneStep.Again;
    }

    private async Task<LaneStep> SendAsync(Plan plan, DateTimeOffset now, CancellationToken stop, CancellationToken abort)
    {
        var limits = plan.Revision.Encoder!.Limits;
        var form = FormChoice.Of(limits, plan.Hits.Count - plan.Sent);
        var max = Math.Min(target.BatchSize.Current(limits.MaxBulk), _divider.Cap(plan.Hits[plan.Sent].Place) ?? int.MaxValue);
        var cut = plan.Hits.Skip(plan.Sent).Take(FormChoice.Cut(plan.Hits, plan.Sent, form, max)).ToList();
        if (target.Rate.Take(cut.Count, now) is { Ticks: > 0 } wait) return LaneStep.ForTime(now + wait);

        using var claim = await target.Gate.ClaimAsync(KeysOf(cut), stop);
        if (!await services.Planner.StillAdmittedAsync(plan.Revision.Integration, [.. EventsOf(cut).Select(e => e.Event!)], abort)) return Replan();
        var (repeated, own) = await CountedAsync(plan, cut, abort);
        if (repeated) return Replan();
        if (own == 0) return await RecordedBeforeAsync(plan, cut[0], abort);
        if (own > 0) cut.RemoveRange(own, cut.Count - own);

        foreach (var e in EventsOf(cut)) e.Attempts = Attempt(e.Offset, now);
        var answer = await services.Exchange.AskAsync(target, plan.Revision, [.. cut.Select(h => h.Hit)], form, abort);
        return await ObeyAsync(plan, cut, answer, abort);
    }

    // Another lane may have counted an order between our plan and our claim; a replay meets orders its own events counted.
    private async Task<(bool Repeated, int Own)> CountedAsync(Plan plan, List<PlannedHit> cut, CancellationToken abort)
    {
        var keys = cut.Select(h => h.Hit.OrderKey).OfType<string>().ToHashSet();
        if (keys.Count == 0) return (false, -1);
        var counted = await services.Store.OrdersAsync(plan.Revision.Integration.Id, keys, abort);
        if (counted.Count == 0) return (false, -1);
        var repeated = cut.Exists(h => h.Hit.OrderKey is { } key && counted.TryGetValue(key, out var by) && by != h.Event.Event!.Id);
        return (repeated, cut.FindIndex(h => h.Hit.OrderKey is { } key && counted.ContainsKey(key)));
    }

    private async Task<LaneStep> SkipAsync(Plan plan, CancellationToken abort)
    {
        _at = new Cursor(plan.End, 0, plan.AheadBeyond);
        _plan = null;
        if (plan.End - _stored!.Offset >= StoreEvery) await StoreAsync(Bare(), abort);
        return LaneStep.Again;
    }

    // Passing other sources' records is not worth a write each; soon after them is enough.
    private async Task<LaneStep> IdleAsync(DateTimeOffset now, CancellationToken abort)
    {
        _plan = null;
        if (_at!.Equals(_stored))
        {
            _storeAt = DateTimeOffset.MaxValue;
            return LaneStep.ForData();
        }

        if (_storeAt == DateTimeOffset.MaxValue) _storeAt = now + StoreSoon;
        if (now < _storeAt) return LaneStep.ForData(_storeAt);
        _storeAt = DateTimeOffset.MaxValue;
        await StoreAsync(Bare(), abort);
        return LaneStep.Again;
    }

    private LaneStep Replan()
    {
        _plan = null;
        return LaneStep.Again;
    }

    private int Attempt(long offset, DateTimeOffset now)
    {
        var trouble = _troubles.GetValueOrDefault(offset) ?? new Trouble(0, now);
        return (_troubles[offset] = trouble with { Attempts = trouble.Attempts + 1 }).Attempts;
    }

    private Settlement Bare() => new()
    {
        IntegrationId = target.Id,
        Lane = place.Lane,
        Partition = place.Partition,
        Expected = _stored,
        Next = _at!,
    };

    private static HashSet<string> KeysOf(List<PlannedHit> cut)
    {
        var keys = cut.Select(h => "visitor " + h.Hit.VisitorKey).ToHashSet();
        keys.UnionWith(cut.Where(h => h.Hit.OrderKey is not null).Select(h => "order " + h.Hit.OrderKey));
        return keys;
    }

    private static List<PlannedEvent> EventsOf(List<PlannedHit> cut) =>
        [.. cut.SelectMany(h => h.Index == 0 ? h.Event.Carried.Prepend(h.Event) : [h.Event]).Distinct()];

    private sealed record Trouble(int Attempts, DateTimeOffset Since);
}
