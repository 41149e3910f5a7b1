using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signal.State.Sql;

/// <summary>The visitor's latest word on one category.</summary>
/// <param name="Granted">Granted or refused.</param>
/// <param name="AtMs">When it was said, unix ms.</param>
/// <param name="EarlierRefusalMs">When it was refused last before this grant, unix ms; null when never, or when this is the refusal.</param>
internal readonly record struct ConsentWord(
    [property: JsonPropertyName("g")] bool Granted,
    [property: JsonPropertyName("t")] long AtMs,
    [property: JsonPropertyName("r"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? EarlierRefusalMs = null)
{
    /// <summary>When it was said.</summary>
    [JsonIgnore]
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(AtMs);

    /// <summary>When it was refused last; null when never.</summary>
    [JsonIgnore]
    public DateTimeOffset? RefusedAt => RefusedMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private long? RefusedMs => Granted ? EarlierRefusalMs : AtMs;

    /// <summary>What is held after another word: the same when that says nothing new, or is older and no later refusal than the one known.</summary>
    public ConsentWord And(bool granted, long atMs)
    {
        if (atMs >= AtMs) return granted == Granted ? this : new ConsentWord(granted, atMs, granted ? RefusedMs : null);
        return granted || RefusedMs >= atMs ? this : this with { EarlierRefusalMs = atMs };
    }
}

/// <summary>What visitors have said about consent, one row a visitor.</summary>
internal static class ConsentTable
{
    public static async Task<Dictionary<string, ConsentWord>?> ConsentAsync(this SqlSession session, string sourceId, string anonymousId) =>
        await session.FirstAsync(
            "SELECT words FROM consents WHERE source_id=@source AND anonymous_id=@anonymous",
            row => row.GetString(0), ("@source", sourceId), ("@anonymous", anonymousId)) is { } words
            ? Parse(words)
            : null;

    public static async Task<Dictionary<string, Dictionary<string, ConsentWord>>> ConsentsAsync(
        this SqlSession session, string sourceId, IReadOnlyCollection<string> anonymousIds) =>
        (await session.QueryInAsync(
            "SELECT anonymous_id, words FROM consents WHERE source_id=@source AND anonymous_id IN {in}",
            anonymousIds, row => (row.GetString(0), Parse(row.GetString(1))), ("@source", sourceId)))
        .ToDictionary(r => r.Item1, r => r.Item2);

    public static Task SaveAsync(this SqlSession session, string sourceId, string anonymousId, Dictionary<string, ConsentWord> words, long? until = null) =>
        session.ExecuteAsync(
            """
            INSERT INTO consents(source_id, anonymous_id, words, at, until) VALUES(@source, @anonymous, @words, @at, @until)
            ON CONFLICT(source_id, anonymous_id) DO UPDATE SET words=excluded.words, at=excluded.at, until=coalesce(excluded.until, consents.until)
            """,
            ("@source", sourceId), ("@anonymous", anonymousId), ("@words", JsonSerializer.Serialize(words)), ("@at", words.Values.Max(w => w.AtMs)), ("@until", until));

    /// <summary>Removes some of those whose id nobody has had since then, and answers which.</summary>
    public static Task<List<(string SourceId, string AnonymousId)>> RemoveEndedAsync(this SqlSession session, long before, int most) =>
        session.QueryAsync(
            """
            DELETE FROM consents WHERE (source_id, anonymous_id) IN
            (SELECT source_id, anonymous_id FROM consents WHERE until<@before
             AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE dead_letters.anonymous_id=consents.anonymous_id) LIMIT @most)
            RETURNING source_id, anonymous_id
            """,
            row => (row.GetString(0), row.GetString(1)), ("@before", before), ("@most", most));

    /// <summary>Removes what was granted, and the whole row when nothing was refused. Answers 1 when there was something to remove.</summary>
    public static async Task<int> ForgetGrantsAsync(this SqlSession session, string sourceId, string anonymousId)
    {
        if (await session.ConsentAsync(sourceId, anonymousId) is not { } words) return 0;
        var refused = words.Where(w => !w.Value.Granted).ToDictionary();
        if (refused.Count == words.Count) return 0;
        if (refused.Count > 0) await session.SaveAsync(sourceId, anonymousId, refused);
        else await session.ExecuteAsync("DELETE FROM consents WHERE source_id=@source AND anonymous_id=@anonymous", ("@source", sourceId), ("@anonymous", anonymousId));
        return 1;
    }

    private static Dictionary<string, ConsentWord> Parse(string words) => JsonSerializer.Deserialize<Dictionary<string, ConsentWord>>(words)!;
}
