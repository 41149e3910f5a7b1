using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>How each integration fares, as metrics: what waits and how old the oldest of it is, its dead letters, its status. Looked at every ten seconds, so that a scrape costs nothing.</summary>
internal sealed class LaneGauges : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private readonly Targets _targets;
    private readonly IDeliveryStore _store;
    private readonly TimeProvider _time;
    private readonly Backlogs _behind;
    private readonly ILogger<LaneGauges> _logger;
    private readonly ConcurrentDictionary<string, Backlog> _backlogs = [];
    private readonly ConcurrentDictionary<string, long> _deadLetters = [];

    public LaneGauges(Targets targets, Backlogs behind, IDeliveryStore store, TimeProvider time, ILogger<LaneGauges> logger)
    {
        (_targets, _behind, _store, _time, _logger) = (targets, behind, store, time, logger);
        Meters.Gauge("signal.delivery.waiting", "{event}", "Events of the log not settled for an integration yet, those of other sources included.", () => Read(b => b.Waiting));
        Meters.Gauge("signal.delivery.oldest", "s", "Age of the oldest event that waits for an integration.", () => Read(b => b.LagSeconds));
        Meters.Gauge("signal.dead_letters", "{event}", "Dead letters of an integration.", () => _deadLetters.Select(d => new Measurement<double>(d.Value, Label(d.Key))));
        Meters.Gauge("signal.integration.status", "", "1 for the status an integration has, 0 for the others.", Statuses);
        Meters.Gauge("signal.destination.clock.offset", "s", "How far the destination's clock is ahead of ours.", Clocks);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                _logger.BacklogNotMeasured(e);
            }
        }
    }

    internal async Task LookAsync(CancellationToken stop)
    {
        var targets = _targets.All.ToDictionary(t => t.Id);
        foreach (var gone in _backlogs.Keys.Where(k => !targets.ContainsKey(k))) _backlogs.TryRemove(gone, out _);
        foreach (var gone in _deadLetters.Keys.Where(k => !targets.ContainsKey(k))) _deadLetters.TryRemove(gone, out _);
        foreach (var (id, target) in targets)
        {
            _backlogs[id] = await _behind.OfAsync(target.Current.Integration, stop);
            _deadLetters[id] = (await _store.DeadLetterCountsAsync(id, stop)).Values.Sum();
        }
    }

    private IEnumerable<Measurement<double>> Read(Func<Backlog, double> value) =>
        _backlogs.Select(b => new Measurement<double>(value(b.Value), Label(b.Key)));

    private IEnumerable<Measurement<double>> Statuses() =>
        from target in _targets.All
        let current = target.Health.Current?.Status ?? TargetHealth.Active
        from status in TargetHealth.All
        select new Measurement<double>(status == current ? 1 : 0, Label(target.Id), new KeyValuePair<string, object?>("status", status));

    private IEnumerable<Measurement<double>> Clocks() => _targets.All
        .Where(t => t.Clock.Offset is not null)
        .Select(t => new Measurement<double>(t.Clock.Offset!.Value.TotalSeconds, Label(t.Id)));

    private static KeyValuePair<string, object?> Label(string integrationId) => new("integration", integrationId);
}
