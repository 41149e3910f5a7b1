using Signal.State;

namespace Signal.Deliver;

/// <summary>How far a replay has come; written at most once a second, and at its end.</summary>
internal sealed class ReplayProgress(Replay replay, IReplayStore store, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private DateTimeOffset _written = DateTimeOffset.MinValue;

    public Replay Replay { get; private set; } = replay;

    /// <summary>The replay was cancelled, or is gone.</summary>
    public bool Ended { get; private set; }

    /// <summary>Events settled since the last look, for the replay's own rate.</summary>
    public int TakeSettled()
    {
        var settled = _settled;
        _settled = 0;
        return settled;
    }

    private int _settled;

    /// <summary>Adds what a settlement tells.</summary>
    public async Task AddAsync(Settled settled, CancellationToken stop)
    {
        var sent = settled.Told.Count(t => t.Outcome.Kind == DeliveryOutcome.Delivered);
        Replay = Replay with { Sent = Replay.Sent + sent, Failed = Replay.Failed + settled.Told.Count - sent };
        _settled += settled.Told.Count;
        if (time.GetUtcNow() - _written >= Every) await WriteAsync(Replay, stop);
    }

    /// <summary>Writes a change of the replay.</summary>
    public async Task WriteAsync(Replay replay, CancellationToken stop)
    {
        Replay = replay;
        _written = time.GetUtcNow();
        if (!await store.UpdateAsync(replay, stop)) Ended = true;
    }
}
