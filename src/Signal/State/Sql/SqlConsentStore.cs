namespace Signal.State.Sql;

/// <summary>Consent in SQL, behind a cache that one process may trust because it is the only one that writes.</summary>
internal sealed class SqlConsentStore(IStateDatabase database, ConsentCache cache) : IConsentStore
{
    // So short that settlements go on between them.
    private const int Step = 200;

    public ValueTask<IReadOnlyDictionary<string, bool>> GetAsync(string sourceId, string anonymousId, CancellationToken stop) =>
        cache.Find(sourceId, anonymousId) is { } known ? new(known.Granted) : new(ReadAsync(sourceId, anonymousId, stop));

    public async ValueTask<IReadOnlyDictionary<string, VisitorConsent>> GetManyAsync(
        string sourceId, IReadOnlyCollection<string> anonymousIds, CancellationToken stop)
    {
        var found = new Dictionary<string, VisitorConsent>();
        var unknown = new Dictionary<string, long>();
        foreach (var id in anonymousIds)
        {
            if (cache.Find(sourceId, id) is not { } known) unknown[id] = cache.StampOf(sourceId, id);
            else if (known.Granted.Count > 0) found[id] = known;
        }

        if (unknown.Count == 0) return found;
        var read = await database.ReadAsync(s => s.ConsentsAsync(sourceId, unknown.Keys), stop);
        foreach (var (id, stamp) in unknown)
        {
            var known = Known(read.GetValueOrDefault(id));
            cache.Remember(sourceId, id, known, stamp);
            if (known.Granted.Count > 0) found[id] = known;
        }

        return found;
    }

    public async ValueTask<IReadOnlyList<string>> SetAsync(
        string sourceId, string anonymousId, IReadOnlyDictionary<string, bool> categories, DateTimeOffset at, DateTimeOffset? until, CancellationToken stop)
    {
        var known = await GetAsync(sourceId, anonymousId, stop);
        if (categories.All(c => known.TryGetValue(c.Key, out var granted) && granted == c.Value)) return [];
        try
        {
            return await database.WriteAsync(s => SetAsync(s, sourceId, anonymousId, categories, at, until?.Ms()), stop);
        }
        finally
        {
            cache.Forget(sourceId, anonymousId);
        }
    }

    public async Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop)
    {
        long removed = 0;
        List<(string SourceId, string AnonymousId)> step;
        do
        {
            step = await database.WriteAsync(s => s.RemoveEndedAsync(before.Ms(), Step), stop);
            foreach (var (sourceId, anonymousId) in step) cache.Forget(sourceId, anonymousId);
            removed += step.Count;
        }
        while (step.Count == Step);
        return removed;
    }

    // A word older than the one that is held (an event that was late) changes nothing but what is known of earlier refusals.
    private static async Task<IReadOnlyList<string>> SetAsync(
        SqlSession session, string sourceId, string anonymousId, IReadOnlyDictionary<string, bool> categories, DateTimeOffset at, long? until)
    {
        var words = await session.ConsentAsync(sourceId, anonymousId) ?? [];
        var refused = new List<string>();
        var changed = false;
        foreach (var (category, granted) in categories)
        {
            var held = words.TryGetValue(category, out var word);
            var next = held ? word.And(granted, at.Ms()) : new ConsentWord(granted, at.Ms());
            if (!next.Granted && (!held || word.Granted)) refused.Add(category);
            changed |= !held || next != word;
            words[category] = next;
        }

        if (changed) await session.SaveAsync(sourceId, anonymousId, words, until);
        return refused;
    }

    private async Task<IReadOnlyDictionary<string, bool>> ReadAsync(string sourceId, string anonymousId, CancellationToken stop)
    {
        var stamp = cache.StampOf(sourceId, anonymousId);
        var known = Known(await database.ReadAsync(s => s.ConsentAsync(sourceId, anonymousId), stop));
        cache.Remember(sourceId, anonymousId, known, stamp);
        return known.Granted;
    }

    private static VisitorConsent Known(Dictionary<string, ConsentWord>? words) => words is null
        ? VisitorConsent.Nothing
        : new(
            words.ToDictionary(w => w.Key, w => w.Value.Granted),
            words.Where(w => w.Value.RefusedAt is not null).ToDictionary(w => w.Key, w => w.Value.RefusedAt!.Value));
}
