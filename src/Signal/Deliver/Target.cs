using Signal.State;

namespace Signal.Deliver;

/// <summary>What the lanes of one integration share: its revision in force and the machines that decide for all of them. Lives as long as the integration is enabled.</summary>
internal sealed class Target : IDisposable
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Target(TargetRevision revision, ProbeBudget budget, IDeliveryStore store, TimeProvider time, DeliverOptions options, Func<double> random)
    {
        Backoff = new Backoff(options.FirstPause, options.LongestPause);
        Circuit = new Circuit(options.FailuresToOpen, Backoff, random);
        Health = new TargetHealth(revision.Integration.Id, store, time);
        Budget = budget;
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

    public ProbeBudget Budget { get; }

    public PoisonJury Jury { get; } = new();

    public DestinationClock Clock { get; } = new();

    public VisitorGate Gate { get; } = new();

    /// <summary>Completes at the next change of revision or circuit; take it before looking at either.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Puts a revision in force; lanes take it up with their next request.</summary>
    public void Use(TargetRevision revision, DateTimeOffset? now = null)
    {
        Current = revision;
        if (revision.Encoder is { } encoder)
        {
            Gate.Limit(encoder.Limits.MaxParallel);
            Rate.Limit(encoder.Limits.RatePerSecond);
        }

        if (now is { } at) Circuit.Reset(Budget.NextTrial(at));
        Wake();
    }

    /// <summary>Wakes every lane that waits for a change.</summary>
    public void Wake() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void Dispose() => Health.Dispose();
}
