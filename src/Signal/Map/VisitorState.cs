using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signal.Map;

/// <summary>What is known of a visitor for one integration. Immutable; stored as JSON text. Bounded: a visitor can't grow it without end.</summary>
internal sealed record VisitorState
{
    private const int MostTraits = 64;
    private const int LongestTrait = 1024;
    private const int LongestId = 512;

    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Nothing is known.</summary>
    internal static VisitorState Unknown { get; } = new();

    /// <summary>The user id, once it was said.</summary>
    [JsonPropertyName("uid")]
    public string? UserId { get; init; }

    /// <summary>The group id, once it was said.</summary>
    [JsonPropertyName("gid")]
    public string? GroupId { get; init; }

    /// <summary>Traits of identify calls, the latest of each.</summary>
    [JsonPropertyName("traits")]
    public IReadOnlyDictionary<string, JsonElement>? Traits { get; init; }

    /// <summary>Traits of group calls, the latest of each.</summary>
    [JsonPropertyName("group")]
    public IReadOnlyDictionary<string, JsonElement>? GroupTraits { get; init; }

    /// <summary>The cart; null when nothing is known of one, without rows when it is known to be empty.</summary>
    [JsonPropertyName("cart")]
    public Cart? Cart { get; init; }

    /// <summary>The last page view.</summary>
    [JsonPropertyName("page")]
    public PageView? Page { get; init; }

    /// <summary>Reads what <see cref="Write"/> wrote; text that it never wrote is nothing known.</summary>
    internal static VisitorState Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Unknown;
        try
        {
            return JsonSerializer.Deserialize<VisitorState>(text, Format) ?? Unknown;
        }
        catch (JsonException)
        {
            return Unknown;
        }
    }

    /// <summary>The stored form.</summary>
    internal string Write() => JsonSerializer.Serialize(this, Format);

    /// <summary>With what an identify says.</summary>
    internal VisitorState Identified(string? userId, JsonElement? traits) =>
        this with { UserId = Id(userId) ?? UserId, Traits = Merged(Traits, traits) };

    /// <summary>With what a group call says.</summary>
    internal VisitorState Grouped(string? groupId, JsonElement? traits) =>
        this with { GroupId = Id(groupId) ?? GroupId, GroupTraits = Merged(GroupTraits, traits) };

    /// <summary>With the user id an event carries.</summary>
    internal VisitorState Seen(string? userId) => Id(userId) is { } id && id != UserId ? this with { UserId = id } : this;

    private static string? Id(string? id) =>
        id is null || SafeText.Cut(SafeText.Valid(id), LongestId) is not { Length: > 0 } valid ? null : valid;

    private static IReadOnlyDictionary<string, JsonElement>? Merged(IReadOnlyDictionary<string, JsonElement>? known, JsonElement? said)
    {
        if (said is not { ValueKind: JsonValueKind.Object } traits) return known;

        var merged = known is null ? [] : new Dictionary<string, JsonElement>(known);
        foreach (var trait in SafeJson.Copy(traits).EnumerateObject())
        {
            if (trait.Value.ValueKind == JsonValueKind.Null) merged.Remove(trait.Name);
            else if (trait.Name.Length <= LongestTrait && trait.Value.GetRawText().Length <= LongestTrait && (merged.ContainsKey(trait.Name) || merged.Count < MostTraits))
                merged[trait.Name] = trait.Value.Clone();
        }

        return merged.Count == 0 ? null : merged;
    }
}

/// <summary>A page view that was made.</summary>
internal sealed record PageView(
    [property: JsonPropertyName("pv")] string? PvId,
    [property: JsonPropertyName("url")] string? Url,
    [property: JsonPropertyName("title")] string? Title,
    [property: JsonPropertyName("time")] long Time);
