using System.Collections.Concurrent;
using Signal.State;

namespace Signal.Tests.Fakes;

/// <summary>Consent in memory.</summary>
internal sealed class FakeConsentStore : IConsentStore
{
    private readonly ConcurrentDictionary<(string Source, string Visitor), IReadOnlyDictionary<string, bool>> _words = [];

    public ValueTask<IReadOnlyDictionary<string, bool>> GetAsync(string sourceId, string anonymousId, CancellationToken stop) =>
        ValueTask.FromResult(_words.GetValueOrDefault((sourceId, anonymousId)) ?? new Dictionary<string, bool>());

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>> GetManyAsync(string sourceId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>>(
            anonymousIds.Where(a => _words.ContainsKey((sourceId, a))).ToDictionary(a => a, a => _words[(sourceId, a)]));

    public ValueTask<IReadOnlyList<string>> SetAsync(string sourceId, string anonymousId, IReadOnlyDictionary<string, bool> categories, DateTimeOffset at, CancellationToken stop)
    {
        var before = _words.GetValueOrDefault((sourceId, anonymousId)) ?? new Dictionary<string, bool>();
        var after = new Dictionary<string, bool>(before);
        foreach (var (category, granted) in categories) after[category] = granted;
        _words[(sourceId, anonymousId)] = after;
        return ValueTask.FromResult<IReadOnlyList<string>>(
            [.. categories.Where(c => !c.Value && before.GetValueOrDefault(c.Key, true)).Select(c => c.Key)]);
    }
}
