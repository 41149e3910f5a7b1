using Signal.Configure;
using Signal.Log;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Keeps a target and its lanes for every enabled integration, as the configuration says from moment to moment.</summary>
internal sealed class DeliveryService(
    IConfigurationFeed feed, IEventLog eventLog, Targets targets, LaneServices services, ILogger<DeliveryService> log) : BackgroundService
{
    private readonly Dictionary<string, LaneGroup> _groups = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nothing here may hold up the start of the host.
        await Task.Yield();
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var snapshot = feed.Current;
                await FollowAsync(snapshot, stoppingToken);
                failures = 0;
                await feed.ChangedAsync(snapshot.Version, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.FollowingFailed(e);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, ++failures)), services.Time, CancellationToken.None);
            }
        }

        await Task.WhenAll(_groups.Values.Select(g => g.StopAsync()));
        foreach (var id in _groups.Keys) targets.Remove(id);
        _groups.Clear();
    }

    private async Task FollowAsync(ConfigurationSnapshot snapshot, CancellationToken stop)
    {
        foreach (var (id, group) in _groups.ToList())
        {
            if (snapshot.Integrations.GetValueOrDefault(id) is { Enabled: true }) continue;
            await group.StopAsync();
            _groups.Remove(id);
            targets.Remove(id);
            log.DeliveryEnded(id);
        }

        foreach (var integration in snapshot.Integrations.Values.Where(i => i.Enabled))
        {
            var known = targets.Find(integration.Id)?.Current.Integration.Revision;
            var target = await targets.UseAsync(integration, stop);
            if (!_groups.ContainsKey(integration.Id)) _groups[integration.Id] = Start(target, integration);
            else if (known != integration.Revision)
                log.RevisionInForce(integration.Id, integration.Revision);
        }
    }

    private LaneGroup Start(Target target, Integration integration)
    {
        var lanes = Enumerable.Range(0, eventLog.Partitions).SelectMany(partition =>
        {
            var place = new LanePlace(target.Id, partition);
            var express = new Express(target.Id, partition);
            var attempts = services.AttemptsOf(place);
            return new[]
            {
                Loop(place, new LogSource(eventLog, integration, express, services), attempts),
                Loop(place with { Lane = ExpressLanes.Of(target.Id) }, new ExpressSource(eventLog, integration, express, services), attempts),
            };
        });
        log.DeliveryStarted(target.Id, integration.Name, eventLog.Partitions);
        return new LaneGroup([.. lanes], services);

        LaneLoop Loop(LanePlace place, ILaneSource source, Attempts attempts) => new(new Lane(place, target, source, attempts, services), target, source, services);
    }
}
