namespace Signal.Deliver;

/// <summary>Running lanes that start and stop together.</summary>
internal sealed class LaneGroup : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly LaneServices _services;
    private readonly Task _running;

    public LaneGroup(IReadOnlyList<LaneLoop> lanes, LaneServices services)
    {
        Lanes = lanes;
        _services = services;
        _running = Task.WhenAll(lanes.Select(l => Task.Run(() => l.RunAsync(_stop.Token, _abort.Token))));
    }

    public IReadOnlyList<LaneLoop> Lanes { get; }

    /// <summary>Ends the lanes: requests in flight are finished and settled, within the drain time.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_running, Task.Delay(_services.Options.DrainTime, _services.Time, CancellationToken.None));
        await _abort.CancelAsync();
        await _running;
        Dispose();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _abort.Dispose();
    }
}
