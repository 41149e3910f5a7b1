using Signal.Configure;
using Signal.Record;
using Signal.State;

namespace Signal.Watch;

/// <summary>Asks the stores for what is judged. What is usual for a source costs a long look and is asked at most every ten minutes, only while the source is silent.</summary>
internal sealed class Observer(IConfigurationFeed feed, IDeliveryStore deliveries, Backlogs backlogs, Outlooks outlooks, WatchOptions options, TimeProvider time)
{
    private const int WeekDays = 7;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, (DateTimeOffset At, double Usual, DateTimeOffset? LastAt)> _usual = [];
    private readonly DateTimeOffset _since = time.GetUtcNow();

    /// <summary>What is, by the rules in force.</summary>
    public async Task<Observation> LookAsync(IReadOnlyList<AlertRule> rules, CancellationToken stop)
    {
        var (now, current) = (time.GetUtcNow(), feed.Current);
        var health = await deliveries.HealthAsync(stop);
        var lately = new Lately(deliveries, now);
        var integrations = new List<SeenIntegration>();
        foreach (var integration in current.Integrations.Values.Where(i => i.Enabled))
            integrations.Add(await OfAsync(integration, health.GetValueOrDefault(integration.Id), rules, lately, stop));
        var sources = new List<SeenSource>();
        foreach (var source in current.Sources.Values.Where(s => s.Enabled))
            sources.Add(await OfAsync(source, rules.For(AlertKind.Silence, source.Id), lately, now, stop));
        var disk = await outlooks.LookAsync(stop) is { } outlook ? new DiskOutlook(outlook.Now, outlook.Forecast, rules.For(AlertKind.Disk, Judge.Disk)) : null;
        return new Observation(now, _since, options.LogRetention, integrations, sources, disk, current.Integrations.Keys.Concat(current.Sources.Keys).ToHashSet());
    }

    private async Task<SeenIntegration> OfAsync(Integration integration, IntegrationHealth? health, IReadOnlyList<AlertRule> rules, Lately lately, CancellationToken stop)
    {
        var letters = rules.For(AlertKind.DeadLetters, integration.Id);
        var counts = await lately.OfAsync(integration.Id, letters.Minutes, stop);
        var waiting = health is { Reason: not null } ? (await backlogs.OfAsync(integration, stop)).Waiting : 0;
        return new SeenIntegration(
            integration.Id, integration.Name, health, waiting, counts.Where(c => c.Name.Split(':')[0] == "dead_letter").Sum(c => c.Count),
            rules.For(AlertKind.DeliveryFailing, integration.Id), letters);
    }

    private async Task<SeenSource> OfAsync(Source source, AlertRule rule, Lately lately, DateTimeOffset now, CancellationToken stop)
    {
        var span = TimeSpan.FromMinutes(rule.Minutes);
        var received = (await lately.OfAsync(source.Id, rule.Minutes, stop)).Where(IsReceived).Sum(c => c.Count);
        if (received > 0 || !rule.Enabled)
        {
            _usual.Remove(source.Id);
            return new SeenSource(source.Id, source.Name, received, 0, null, rule);
        }

        if (!_usual.TryGetValue(source.Id, out var known) || now - known.At >= LookAgain)
            _usual[source.Id] = known = await UsualAsync(source.Id, span, now, stop);
        return new SeenSource(source.Id, source.Name, 0, known.Usual, known.LastAt, rule);
    }

    // The same minutes of the seven days before.
    private async Task<(DateTimeOffset At, double Usual, DateTimeOffset? LastAt)> UsualAsync(string source, TimeSpan span, DateTimeOffset now, CancellationToken stop)
    {
        var rows = (await deliveries.CountsAsync(source, now - (Day * (WeekDays + 1)), now, Minute, stop)).Where(IsReceived).ToList();
        var usual = Enumerable.Range(1, WeekDays).Average(day => (double)rows.Where(r => r.At > now - (Day * day) - span && r.At <= now - (Day * day)).Sum(r => r.Count));
        return (now, usual, rows.Count == 0 ? null : rows.Max(r => r.At));
    }

    private static bool IsReceived(CountRow row) => row.Name == "received";

    // The counts of everybody at once, for each length the rules ask of: as a rule they ask of one, however many sources there are.
    private sealed class Lately(IDeliveryStore deliveries, DateTimeOffset now)
    {
        private readonly Dictionary<int, ILookup<string, CountRow>> _known = [];

        public async Task<IEnumerable<CountRow>> OfAsync(string scope, int minutes, CancellationToken stop)
        {
            if (!_known.TryGetValue(minutes, out var counts))
                _known[minutes] = counts = (await deliveries.CountsAsync(null, now - TimeSpan.FromMinutes(minutes), now, Minute, stop)).ToLookup(c => c.Scope);
            return counts[scope];
        }
    }
}
