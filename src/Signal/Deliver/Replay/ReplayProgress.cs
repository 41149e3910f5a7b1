using Signal.State;

namespace Signal.Deliver;

/// <summary>How far a replay has come; written right after each settlement, so that a kill costs the count of one request at most.</summary>
internal sealed class ReplayProgress(Replay replay, IReplayStore store)
{
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
        if (settled.Told.Count > 0) await WriteAsync(Replay, stop);
    }

    /// <summary>Writes a change of the replay.</summary>
    public async Task WriteAsync(Replay replay, CancellationToken stop)
    {
        Replay = replay;
        if (!await store.UpdateAsync(replay, stop)) Ended = true;
    }
}
