using System.Diagnostics.Metrics;
using Signal.Record;
using Signal.State;

namespace Signal.Watch;

/// <summary>Looks, judges, stores and tells, every half minute. What it decides is <see cref="Judge"/>'s and <see cref="AlertMachine"/>'s.</summary>
internal sealed class WatchService : BackgroundService
{
    private const int Most = 10_000;
    private readonly Observer _observer;
    private readonly Outlooks _outlooks;
    private readonly IAlertStore _store;
    private readonly Messenger _messenger;
    private readonly WatchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<WatchService> _log;
    private IReadOnlyDictionary<AlertKind, int> _open = new Dictionary<AlertKind, int>();

    public WatchService(Observer observer, Outlooks outlooks, IAlertStore store, Messenger messenger, WatchOptions options, TimeProvider time, ILogger<WatchService> log)
    {
        (_observer, _outlooks, _store, _messenger, _options, _time, _log) = (observer, outlooks, store, messenger, options, time, log);
        Meters.Gauge("signal.alerts.open", "{alert}", "Alerts that are open, by kind.", Open);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Every, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _log.WatchStops();
        }
    }

    /// <summary>One round: what was decided is stored before anybody is told.</summary>
    internal async Task RoundAsync(CancellationToken stop)
    {
        await _outlooks.SampleAsync(stop);
        var rules = AlertRules.All(await _store.RulesAsync(stop));
        var seen = await _observer.LookAsync(rules, stop);
        var open = await _store.ListAsync(new AlertFilter(Open: true, Limit: Most), stop);
        var verdicts = Judge.Verdicts(seen, (kind, subject) => open.Any(a => a.Kind == kind && a.Subject == subject));
        var round = AlertMachine.Step(verdicts, open, await _store.ChannelsAsync(stop), seen);
        if (round is not { Opened: [], Changed: [], Resolved: [] }) await _store.ApplyAsync(round, stop);
        foreach (var alert in round.Opened) _log.AlertOpened(alert.Id, KindName.Of(alert.Kind), alert.Subject, alert.Title);
        foreach (var alert in round.Resolved) _log.AlertResolved(alert.Id, KindName.Of(alert.Kind), alert.Subject);
        _open = open.Except(round.Resolved, SameId.Instance).Concat(round.Opened).CountBy(a => a.Kind).ToDictionary();
        await _messenger.SendAsync(stop);
    }

    private async Task TryAsync(CancellationToken stop)
    {
        try
        {
            await RoundAsync(stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            _log.WatchFailed(e, _options.Every);
        }
    }

    private IEnumerable<Measurement<double>> Open() =>
        Enum.GetValues<AlertKind>().Select(kind => new Measurement<double>(_open.GetValueOrDefault(kind), new KeyValuePair<string, object?>("kind", KindName.Of(kind))));

    private sealed class SameId : IEqualityComparer<Alert>
    {
        public static SameId Instance { get; } = new();

        public bool Equals(Alert? x, Alert? y) => x?.Id == y?.Id;

        public int GetHashCode(Alert obj) => obj.Id.GetHashCode(StringComparison.Ordinal);
    }
}
