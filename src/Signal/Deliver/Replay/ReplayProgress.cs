using Signal.State;

namespace Signal.Deliver;

/// <summary>How far a replay has come. Its counts are written with each settlement, in one transaction: no kill loses or repeats any.</summary>
internal sealed class ReplayProgress(Replay replay, IReplayStore store)
{
    private int _settled;

    public string Id => replay.Id;

    /// <summary>The replay was cancelled, or is gone.</summary>
    public bool Ended { get; private set; }

    /// <summary>What a settlement adds.</summary>
    public ReplayStep StepOf(Settled settled)
    {
        var sent = settled.Told.Count(t => t.Outcome.Kind == DeliveryOutcome.Delivered);
        return new ReplayStep(replay.Id, sent, settled.Told.Count - sent);
    }

    /// <summary>A settlement is written: looks whether somebody has cancelled meanwhile.</summary>
    public async Task LookAsync(Settled settled, CancellationToken stop)
    {
        _settled += settled.Told.Count;
        Ended = await store.FindAsync(replay.Id, stop) is not { Status: ReplayStatus.Running };
    }

    /// <summary>Events settled since the last time this was asked, for the replay's own rate.</summary>
    public int TakeSettled()
    {
        var settled = _settled;
        _settled = 0;
        return settled;
    }

    /// <summary>Ends the replay.</summary>
    public async Task EndAsync(string status, string? message, DateTimeOffset now, CancellationToken stop)
    {
        await store.EndAsync(replay.Id, status, message, now, stop);
        Ended = true;
    }
}
