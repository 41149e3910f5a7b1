using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Console.Data;

/// <summary>An overview with what surrounds it, so that a figure can say how it changed and how fast it goes.</summary>
/// <param name="Now">The range asked for.</param>
/// <param name="Before">Outcome to count of the range before it.</param>
/// <param name="Rates">Integration to events delivered a minute, over the last five.</param>
internal sealed record TrendView(OverviewView Now, IReadOnlyDictionary<string, long> Before, IReadOnlyDictionary<string, double> Rates);

/// <summary>Reads overviews with their trend.</summary>
internal sealed class Trend(Overviews overviews, IDeliveryStore store)
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    public async Task<TrendView> ReadAsync(TimeSpan range, string? scope, CancellationToken stop)
    {
        var now = await overviews.ShowAsync(range, scope, stop);
        var before = await store.CountsAsync(scope, now.From - range, now.From, range, stop);
        var late = await store.CountsAsync(scope, now.To - Lately, now.To, Lately, stop);
        return new TrendView(
            now,
            before.GroupBy(r => OutcomeOf(r)).ToDictionary(g => g.Key, g => g.Sum(r => r.Count)),
            late.Where(r => OutcomeOf(r) == "delivered").GroupBy(r => r.Scope).ToDictionary(g => g.Key, g => g.Sum(r => r.Count) / Lately.TotalMinutes));
    }

    private static string OutcomeOf(CountRow row) => row.Name.Split(':')[0];
}
