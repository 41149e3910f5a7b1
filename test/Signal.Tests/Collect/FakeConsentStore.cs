using System.Collections.Concurrent;
using Signal.State;

namespace Signal.Tests.Collect;

/// <summary>Consent in memory.</summary>
internal sealed class FakeConsentStore : IConsentStore
{
    private static readonly IReadOnlyDictionary<string, bool> Nothing = new Dictionary<string, bool>();
    private readonly ConcurrentDictionary<(string Source, string Visitor), IReadOnlyDictionary<string, bool>> _known = new();

    /// <summary>Until when each word was said to be somebody's, in order.</summary>
    public List<DateTimeOffset?> Ends { get; } = [];

    /// <summary>When set, every call fails with it.</summary>
    public Exception? Failure { get; set; }

    public ValueTask<IReadOnlyDictionary<string, bool>> GetAsync(string sourceId, string anonymousId, CancellationToken stop) =>
        Failure is null ? ValueTask.FromResult(_known.GetValueOrDefault((sourceId, anonymousId), Nothing)) : throw Failure;

    public ValueTask<IReadOnlyDictionary<string, VisitorConsent>> GetManyAsync(string sourceId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop) =>
        throw new NotSupportedException("Collection asks for one visitor at a time.");

    public ValueTask<IReadOnlyList<string>> SetAsync(string sourceId, string anonymousId, IReadOnlyDictionary<string, bool> categories, DateTimeOffset at, DateTimeOffset? until, CancellationToken stop)
    {
        if (Failure is not null) throw Failure;
        var before = _known.GetValueOrDefault((sourceId, anonymousId), Nothing);
        var after = new Dictionary<string, bool>(before);
        foreach (var (category, granted) in categories) after[category] = granted;
        _known[(sourceId, anonymousId)] = after;
        Ends.Add(until);
        return ValueTask.FromResult<IReadOnlyList<string>>([.. categories.Where(c => !c.Value && before.GetValueOrDefault(c.Key, true)).Select(c => c.Key)]);
    }

    public Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop) => throw new NotSupportedException("Collection forgets nobody.");
}
