using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Console.Data;

/// <summary>An overview with what the time before it counted, so that a figure can say how it changed.</summary>
/// <param name="Now">The range asked for.</param>
/// <param name="Before">Outcome to count of the range before it.</param>
internal sealed record TrendView(OverviewView Now, IReadOnlyDictionary<string, long> Before);

/// <summary>Reads overviews with their trend.</summary>
internal sealed class Trend(Overviews overviews, IDeliveryStore store)
{
    public async Task<TrendView> ReadAsync(TimeSpan range, string? scope, CancellationToken stop)
    {
        var now = await overviews.ShowAsync(range, scope, stop);
        var rows = await store.CountsAsync(scope, now.From - range, now.From, range, stop);
        return new TrendView(now, rows.GroupBy(r => r.Name.Split(':')[0]).ToDictionary(g => g.Key, g => g.Sum(r => r.Count)));
    }
}
