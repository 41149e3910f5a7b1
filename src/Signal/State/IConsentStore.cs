namespace Signal.State;

/// <summary>What visitors have said about consent, per source and anonymous id, latest word per category, and when it was refused last. Durable when the call returns.</summary>
public interface IConsentStore
{
    /// <summary>What the visitor has said: category to granted. Empty when nothing is known. Fast enough for every request.</summary>
    ValueTask<IReadOnlyDictionary<string, bool>> GetAsync(string sourceId, string anonymousId, CancellationToken stop);

    /// <summary>What these visitors have said and when they refused; visitors of whom nothing is known are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, VisitorConsent>> GetManyAsync(string sourceId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop);

    /// <summary>
    /// Remembers the visitor's word on these categories. A word older than the one held changes nothing, but that a refusal came before it is
    /// remembered too. Writes nothing when nothing changes. Answers the categories that went from granted or unknown to refused.
    /// </summary>
    ValueTask<IReadOnlyList<string>> SetAsync(string sourceId, string anonymousId, IReadOnlyDictionary<string, bool> categories, DateTimeOffset at, CancellationToken stop);
}
