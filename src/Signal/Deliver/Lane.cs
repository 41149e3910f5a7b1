using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// One partition for one integration: reads, sends, settles, one request at a time, in order. A step does at most one request and its
/// settlement; the loop around it only obeys what the step wants next. What was settled is in the store; everything here can be lost.
/// </summary>
internal sealed partial class Lane(LanePlace place, Target target, ILaneSource source, Attempts attempts, LaneServices services)
{
    /// <summary>Records of other sources passed before the cursor is stored for their sake alone.</summary>
    private const int StoreEvery = 1000;

    /// <summary>How soon the cursor is stored for their sake alone.</summary>
    private static readonly TimeSpan StoreSoon = TimeSpan.FromSeconds(10);

    private readonly Divider _divider = new();
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
        var now = services.Time.GetUtcNow();
        if (_at is null && now < _notBefore) return LaneStep.ForTime(_notBefore);
        if (_at is null && !await OpenAsync(abort)) return LaneStep.ForData();
        if (_plan is { } old && (old.Revision != revision || now - old.MadeAt > services.Options.RunLifetime)) _plan = null;
        if (_plan is null && await TurnAsync(stop, abort) is { } turned) return turned;
        if (now < _notBefore) return LaneStep.ForTime(_notBefore);
        var plan = await PlanAsync(revision, stop);
        if (plan is null) return LaneStep.Again;
        if (plan.End == _at!.Offset && plan.Events.Count == 0) return await IdleAsync(now, abort);
        if (plan.Events.Count == 0) return await SkipAsync(plan, abort);
        if (plan.Sent == plan.Hits.Count) return await SettleAsync(plan, [], abort);

        var pass = target.Circuit.Ask(now);
        if (pass.Permission == Permission.Wait) return LaneStep.ForTime(pass.Until);
        try
        {
            return pass.Permission == Permission.Probe
                ? await ProbeAsync(revision, pass, abort)
                : await SendAsync(plan, pass, now, stop, abort);
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
        await attempts.WriteAsync(abort);
        await target.Health.FineAsync(place.ToString(), false, abort);
        Forget();
    }

    /// <summary>Forgets everything not stored: the next step reads the store again.</summary>
    public void Forget()
    {
        _plan = null;
        _at = _stored = null;
        source.Stands(null);
    }

    private async Task<bool> OpenAsync(CancellationToken abort)
    {
        _stored = await services.Store.CursorAsync(place.Lane, place.Partition, abort);
        _at = _stored;
        source.Stands(_stored);
        await attempts.LoadAsync(abort);
        Passed();
        if (_stored is not null) return true;
        if (await source.StartAsync(abort) is not { } start) return false;
        _at = new Cursor(start, 0, []);
        return await StoreAsync(Bare(), abort);
    }

    /// <summary>Changes the cursor as the source wishes before a run is read; null when it wishes nothing.</summary>
    private async Task<LaneStep?> TurnAsync(CancellationToken stop, CancellationToken abort)
    {
        if (await source.TurnAsync(_at!, stop) is not { } turn)
        {
            await target.Health.FineAsync(place.ToString(), false, abort);
            Forget();
            return LaneStep.ForData();
        }

        if (turn.Next.Equals(_at)) return null;
        _at = turn.Next;
        await StoreAsync(Bare() with { Ends = turn.Ends }, abort);
        return LaneStep.Again;
    }

    /// <summary>The plan in hand, or a new one; null when the lane must start from what is stored.</summary>
    private async Task<Plan?> PlanAsync(TargetRevision revision, CancellationToken stop)
    {
        if (_plan is { } plan) return plan;
        _plan = await services.Planner.MakeAsync(revision, source, _at!, services.Options.RunLength, stop);

        // States and cursor must be of one moment: with states newer than the cursor, events would be applied twice in what is sent.
        if (_plan.Hits.Count > 0 && !Equals(await services.Store.CursorAsync(place.Lane, place.Partition, stop), _stored)) Forget();
        return _plan;
    }

    private async Task<LaneStep> SkipAsync(Plan plan, CancellationToken abort)
    {
        _at = new Cursor(plan.End, 0, plan.AheadBeyond) { Express = _at!.Express };
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

    private Settlement Bare() => new()
    {
        IntegrationId = target.Id,
        Lane = place.Lane,
        Partition = place.Partition,
        Expected = _stored,
        Next = _at!,
    };
}
