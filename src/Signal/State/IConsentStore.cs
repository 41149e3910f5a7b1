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
    /// <param name="sourceId">Where it was said.</param>
    /// <param name="anonymousId">Whose word it is.</param>
    /// <param name="categories">Category to granted.</param>
    /// <param name="at">When it was said.</param>
    /// <param name="until">From when on nobody has this id any more; null for one that has no end.</param>
    /// <param name="stop">Gives up.</param>
    ValueTask<IReadOnlyList<string>> SetAsync(
        string sourceId, string anonymousId, IReadOnlyDictionary<string, bool> categories, DateTimeOffset at, DateTimeOffset? until, CancellationToken stop);

    /// <summary>
    /// Forgets what was said under ids that nobody has had since <paramref name="before"/>. The word stays while a dead letter of that visitor rests,
    /// which could still be sent. Answers how many visitors were forgotten.
    /// </summary>
    Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop);
}
