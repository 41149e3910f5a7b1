using System.Collections.Concurrent;
using Signal.State;

namespace Signal.Tests.Fakes;

/// <summary>Consent in memory.</summary>
internal sealed class FakeConsentStore : IConsentStore
{
    private readonly ConcurrentDictionary<(string Source, string Visitor), VisitorConsent> _words = [];

    /// <summary>What was asked to be forgotten last.</summary>
    public DateTimeOffset? TrimmedBefore { get; private set; }

    public ValueTask<IReadOnlyDictionary<string, bool>> GetAsync(string sourceId, string anonymousId, CancellationToken stop) =>
        ValueTask.FromResult(_words.GetValueOrDefault((sourceId, anonymousId), VisitorConsent.Nothing).Granted);

    public ValueTask<IReadOnlyDictionary<string, VisitorConsent>> GetManyAsync(string sourceId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, VisitorConsent>>(
            anonymousIds.Where(a => _words.ContainsKey((sourceId, a))).ToDictionary(a => a, a => _words[(sourceId, a)]));

    public ValueTask<IReadOnlyList<string>> SetAsync(string sourceId, string anonymousId, IReadOnlyDictionary<string, bool> categories, DateTimeOffset at, DateTimeOffset? until, CancellationToken stop)
    {
        var before = _words.GetValueOrDefault((sourceId, anonymousId), VisitorConsent.Nothing);
        var (granted, refused) = (new Dictionary<string, bool>(before.Granted), new Dictionary<string, DateTimeOffset>(before.RefusedAt));
        foreach (var (category, word) in categories)
        {
            if (!word) refused[category] = at;
            granted[category] = word;
        }

        _words[(sourceId, anonymousId)] = new VisitorConsent(granted, refused);
        return ValueTask.FromResult<IReadOnlyList<string>>(
            [.. categories.Where(c => !c.Value && before.Granted.GetValueOrDefault(c.Key, true)).Select(c => c.Key)]);
    }

    public Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop)
    {
        TrimmedBefore = before;
        return Task.FromResult(0L);
    }
}
