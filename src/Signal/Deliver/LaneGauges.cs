using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Signal.Log;
using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>How each integration fares, as metrics: what waits and how old the oldest of it is, its dead letters, its status. Looked at every ten seconds, so that a scrape costs nothing.</summary>
internal sealed class LaneGauges : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private readonly Targets _targets;
    private readonly IEventLog _log;
    private readonly IDeliveryStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<LaneGauges> _logger;
    private readonly ConcurrentDictionary<string, Backlog> _backlogs = [];
    private readonly ConcurrentDictionary<string, long> _deadLetters = [];

    public LaneGauges(Targets targets, IEventLog log, IDeliveryStore store, TimeProvider time, ILogger<LaneGauges> logger)
    {
        (_targets, _log, _store, _time, _logger) = (targets, log, store, time, logger);
        Meters.Gauge("signal.delivery.waiting", "{event}", "Events of the log not settled for an integration yet, those of other sources included.", () => Read(b => b.Waiting));
        Meters.Gauge("signal.delivery.oldest", "s", "Age of the oldest event that waits for an integration.", () => Read(b => b.Oldest.TotalSeconds));
        Meters.Gauge("signal.dead_letters", "{event}", "Dead letters of an integration.", () => _deadLetters.Select(d => new Measurement<double>(d.Value, Label(d.Key))));
        Meters.Gauge("signal.integration.status", "", "1 for the status an integration has, 0 for the others.", Statuses);
        Meters.Gauge("signal.destination.clock.offset", "s", "How far the destination's clock is ahead of ours.", Clocks);
    }

    /// <summary>What waits for an integration; null when that was not looked at yet.</summary>
    public Backlog? Of(string integrationId) => _backlogs.GetValueOrDefault(integrationId);

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
        var targets = _targets.All.Select(t => t.Id).ToHashSet();
        foreach (var gone in _backlogs.Keys.Where(k => !targets.Contains(k))) _backlogs.TryRemove(gone, out _);
        foreach (var gone in _deadLetters.Keys.Where(k => !targets.Contains(k))) _deadLetters.TryRemove(gone, out _);
        foreach (var id in targets)
        {
            var backlog = new Backlog(0, TimeSpan.Zero);
            for (var partition = 0; partition < _log.Partitions; partition++)
            {
                if (await _store.CursorAsync(id, partition, stop) is not { } cursor) continue;
                var extent = await _log.ExtentAsync(partition, cursor.Offset, stop);
                var age = extent.OldestWaiting is { } oldest ? _time.GetUtcNow() - oldest : TimeSpan.Zero;
                var overtaken = await _store.OvertakenExtentAsync(id, partition, stop);
                backlog = new Backlog(backlog.Waiting + Math.Max(0, extent.Waiting - overtaken.Count), age > backlog.Oldest ? age : backlog.Oldest);
            }

            _backlogs[id] = backlog;
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

/// <summary>What waits for an integration.</summary>
/// <param name="Waiting">Events.</param>
/// <param name="Oldest">The age of the oldest.</param>
internal sealed record Backlog(long Waiting, TimeSpan Oldest);
