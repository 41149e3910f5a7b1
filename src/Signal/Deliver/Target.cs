using Signal.Destinations;
using Signal.State;

namespace Signal.Deliver;

/// <summary>What the lanes of one integration share: its revision in force and the machines that decide for all of them. Lives as long as the integration is enabled.</summary>
internal sealed class Target : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<string, RefusalBudget> _budgets;
    private readonly Action<Target> _refused;
    private readonly Func<Target, IReadOnlyList<Target>> _inDoubt;
    private readonly TimeProvider _time;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Verdict.Stop? _stop;
    private int? _withoutBulk;

    public Target(TargetRevision revision, IDeliveryStore store, Func<string, RefusalBudget> budgets, Action<Target> refused, Func<Target, IReadOnlyList<Target>> inDoubt, TimeProvider time, DeliverOptions options, Func<double> random)
    {
        (_budgets, _refused, _inDoubt, _time) = (budgets, refused, inDoubt, time);
        Backoff = new Backoff(options.FirstPause, options.LongestPause);
        Circuit = new Circuit(options.FailuresToOpen, Backoff, random);
        Health = new TargetHealth(revision.Integration.Id, store, time);
        Random = random;
        Current = revision;
        Use(revision);
    }

    public string Id => Current.Integration.Id;

    /// <summary>The revision in force.</summary>
    public TargetRevision Current { get; private set; }

    public Backoff Backoff { get; }

    public Circuit Circuit { get; }

    public TargetHealth Health { get; }

    public Func<double> Random { get; }

    public BatchSize BatchSize { get; } = new();

    public TokenBucket Rate { get; } = new();

    public PoisonJury Jury { get; } = new();

    public DestinationClock Clock { get; } = new();

    public VisitorGate Gate { get; } = new();

    /// <summary>What the server in force may still refuse.</summary>
    public RefusalBudget Budget => _budgets(Current.Encoder?.Server ?? "");

    /// <summary>Why nothing is sent until the configuration is corrected; null when it is not so.</summary>
    public Verdict.Stop? Stopped => Circuit.IsStopped ? _stop : null;

    /// <summary>Completes at the next change of revision or circuit; take it before looking at either.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Puts a revision in force; lanes take it up with their next request.</summary>
    public void Use(TargetRevision revision)
    {
        lock (_lock)
        {
            var changed = Current != revision;
            Current = revision;
            if (changed) Circuit.Reset();
        }

        if (revision.Encoder is { } encoder)
        {
            Gate.Limit(encoder.Limits.MaxParallel);
            Rate.Limit(encoder.Limits.RatePerSecond);
        }

        Wake();
    }

    /// <summary>Takes over what an answer taught about how to address the destination, unless another revision is in force by now.</summary>
    public void Learn(TargetRevision revision, DestinationResponse response)
    {
        var learnt = revision.Encoder!.Learn(response);
        if (learnt == revision.Encoder) return;
        lock (_lock)
        {
            if (Current == revision) Current = revision with { Encoder = learnt };
        }
    }

    /// <summary>The token of the revision in force is refused in bulk and good in singles.</summary>
    public bool RefusesBulk => _withoutBulk == Current.Integration.Revision;

    /// <summary>The token of a revision was refused in bulk and then good in a single. Forgotten with the next change or start.</summary>
    public void LearnBulkIsRefused(TargetRevision revision) => _withoutBulk = revision.Integration.Revision;

    /// <summary>A revision was found wrong. False: another is in force by now, of which that says nothing.</summary>
    public bool Stop(TargetRevision revision, Verdict.Stop stop)
    {
        if (Current.Integration.Revision != revision.Integration.Revision) return false;
        var isNews = !Circuit.IsStopped;
        _stop = stop;
        Circuit.Stop(_time.GetUtcNow() + RefusalBudget.Spacing);
        if (stop.Credentials && isNews) _refused(this);
        return true;
    }

    /// <summary>Credentials may have been refused, and there is no room to find out: nothing more is sent, by others either, before a probe.</summary>
    public void Doubt()
    {
        Circuit.Doubt(RefusalBudget.Start, together: false);
        _refused(this);
    }

    /// <summary>The integrations in doubt that one request can ask for with this one's address; itself first when it is one of them.</summary>
    public IReadOnlyList<Target> InDoubtTogether() => _inDoubt(this);

    /// <summary>Wakes every lane that waits for a change.</summary>
    public void Wake() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void Dispose() => Health.Dispose();
}
