using Signal.Configure;
using Signal.Record;
using Signal.State;
using Signal.Watch;

namespace Signal.Manage.Changes;

/// <summary>What happened over a span of time, for API and console alike.</summary>
internal sealed class Overviews(IConfigurationFeed feed, IDeliveryStore store, Backlogs backlogs, Outlooks outlooks, IAlertStore alerts, TimeProvider time)
{
    private const int MostAlerts = 100;
    private static readonly int[] StepMinutes = [1, 5, 15, 60, 180, 720, 1440];

    /// <summary>The last <paramref name="range"/>, of everything or of one source or integration.</summary>
    public async Task<OverviewView> ShowAsync(TimeSpan range, string? scope, CancellationToken stop)
    {
        var to = time.GetUtcNow();
        var step = TimeSpan.FromMinutes(StepMinutes.FirstOrDefault(m => range.TotalMinutes / m <= 120, StepMinutes[^1]));
        var from = Floor(to - range, step);
        var rows = await store.CountsAsync(scope, from, to, step, stop);
        var integrations = new List<IntegrationOverview>();
        var health = await store.HealthAsync(stop);
        foreach (var integration in feed.Current.Integrations.Values.Where(i => scope is null || scope == i.Id || scope == i.SourceId).OrderBy(i => i.Name, StringComparer.OrdinalIgnoreCase))
            integrations.Add(await OfAsync(integration, rows, health.GetValueOrDefault(integration.Id), stop));

        return new OverviewView(
            from, to, (int)step.TotalSeconds, Outcomes(rows), Reasons(rows),
            new Backlog(integrations.Sum(i => i.Waiting), integrations.Select(i => i.LagSeconds).DefaultIfEmpty(0).Max()),
            Series(rows, from, to, step),
            [.. feed.Current.Sources.Values.Where(s => scope is null || scope == s.Id).OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase)
                .Select(s => new SourceOverview(s.Id, s.Name, Outcomes([.. rows.Where(r => r.Scope == s.Id)])))],
            integrations,
            await outlooks.LookAsync(stop) is { } disk ? DiskView.Of(disk.Now, disk.Forecast) : null,
            [.. (await alerts.ListAsync(new AlertFilter(Open: true, Limit: MostAlerts), stop)).Select(OpenAlert.Of)]);
    }

    private async Task<IntegrationOverview> OfAsync(Integration integration, IReadOnlyList<CountRow> rows, IntegrationHealth? health, CancellationToken stop)
    {
        var backlog = await backlogs.OfAsync(integration, stop);
        var view = IntegrationView.Of(integration, health);
        var letters = await store.DeadLetterCountsAsync(integration.Id, stop);
        return new IntegrationOverview(
            integration.Id, integration.SourceId, integration.Name, view.Status!, view.StatusDetail,
            Outcomes([.. rows.Where(r => r.Scope == integration.Id)]), letters.Values.Sum(), backlog.Waiting, backlog.LagSeconds);
    }

    private static Dictionary<string, long> Outcomes(IReadOnlyList<CountRow> rows) =>
        rows.GroupBy(r => r.Name.Split(':')[0]).ToDictionary(g => g.Key, g => g.Sum(r => r.Count));

    private static Dictionary<string, IReadOnlyDictionary<string, long>> Reasons(IReadOnlyList<CountRow> rows) =>
        rows.Where(r => r.Name.Contains(':')).GroupBy(r => r.Name.Split(':')[0]).ToDictionary(
            g => g.Key,
            g => (IReadOnlyDictionary<string, long>)g.GroupBy(r => r.Name[(g.Key.Length + 1)..]).ToDictionary(x => x.Key, x => x.Sum(r => r.Count)));

    private static List<SeriesPoint> Series(IReadOnlyList<CountRow> rows, DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        var byTime = rows.ToLookup(r => Floor(r.At, step));
        var points = new List<SeriesPoint>();
        for (var at = from; at < to; at += step) points.Add(PointOf(at, [.. byTime[at]]));
        return points;
    }

    private static SeriesPoint PointOf(DateTimeOffset at, IReadOnlyList<CountRow> rows) =>
        new(at, Outcomes(rows), Reasons(rows).GetValueOrDefault("dropped") ?? new Dictionary<string, long>());

    private static DateTimeOffset Floor(DateTimeOffset at, TimeSpan step) => new(at.UtcTicks - (at.UtcTicks % step.Ticks), TimeSpan.Zero);
}

/// <summary>What happened over a span of time.</summary>
/// <param name="From">Its start, on a step.</param>
/// <param name="To">Its end.</param>
/// <param name="StepSeconds">The width of a point of the series.</param>
/// <param name="Outcomes">Outcome to count: received, accepted, delivered, dropped, rejected, duplicate, dead_letter, retry.</param>
/// <param name="Reasons">Outcome to reason to count.</param>
/// <param name="Lag">The most any integration is behind.</param>
/// <param name="Series">The counts by step, steps without events included.</param>
/// <param name="Sources">By source.</param>
/// <param name="Integrations">By integration.</param>
/// <param name="Disk">The disk of the data directory and its forecast; null where none is watched.</param>
/// <param name="Alerts">The alerts that are open, newest first.</param>
internal sealed record OverviewView(
    DateTimeOffset From,
    DateTimeOffset To,
    int StepSeconds,
    IReadOnlyDictionary<string, long> Outcomes,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Reasons,
    Backlog Lag,
    IReadOnlyList<SeriesPoint> Series,
    IReadOnlyList<SourceOverview> Sources,
    IReadOnlyList<IntegrationOverview> Integrations,
    DiskView? Disk,
    IReadOnlyList<OpenAlert> Alerts);

/// <summary>The disk of the data directory.</summary>
/// <param name="UsedBytes">The size of Signal's data.</param>
/// <param name="FreeBytes">What is free.</param>
/// <param name="TotalBytes">The size of the disk.</param>
/// <param name="BytesPerDay">The data's growth over the last day; null while that is still measured (an hour).</param>
/// <param name="FullInDays">When the disk is full at that growth; null when it is not to be.</param>
/// <param name="LevelsOff">It grows, but the log's retention ends that before the disk is full.</param>
public sealed record DiskView(long UsedBytes, long FreeBytes, long TotalBytes, long? BytesPerDay, double? FullInDays, bool LevelsOff)
{
    /// <summary>The view of a sample and its forecast.</summary>
    internal static DiskView Of(DiskSample now, DiskForecast forecast) => new(
        now.UsedBytes, now.FreeBytes, now.TotalBytes, forecast.BytesPerDay, forecast.FullInDays is { } days ? Math.Round(days, 1) : null, forecast.LevelsOff);
}

/// <summary>An open alert.</summary>
internal sealed record OpenAlert(string Id, AlertKind Kind, string Subject, string Title, string Text, string Path, DateTimeOffset OpenedAt)
{
    public static OpenAlert Of(Alert a) => new(a.Id, a.Kind, a.Subject, a.Title, a.Text, a.Path, a.OpenedAt);
}

/// <summary>The counts of a step.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Counts">Outcome to count.</param>
/// <param name="Dropped">Reason to count of what was dropped.</param>
internal sealed record SeriesPoint(DateTimeOffset At, IReadOnlyDictionary<string, long> Counts, IReadOnlyDictionary<string, long> Dropped);

/// <summary>How a source fares.</summary>
internal sealed record SourceOverview(string Id, string Name, IReadOnlyDictionary<string, long> Outcomes);

/// <summary>How an integration fares; <paramref name="DeadLetters"/> is how many rest now.</summary>
internal sealed record IntegrationOverview(
    string Id,
    string SourceId,
    string Name,
    string Status,
    StatusDetail? StatusDetail,
    IReadOnlyDictionary<string, long> Outcomes,
    long DeadLetters,
    long Waiting,
    double LagSeconds);
