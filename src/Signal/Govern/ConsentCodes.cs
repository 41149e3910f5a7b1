using System.Collections.Frozen;
using System.Text.Json;
using Signal.Events;

namespace Signal.Govern;

/// <summary>The words consent platforms use, in Signal's categories.</summary>
internal static class ConsentCodes
{
    // Plain words only. A platform's numbered codes mean what the site's owner made of them, so the source has to map those.
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["essential"] = ConsentCategories.Essential,
        ["necessary"] = ConsentCategories.Essential,
        ["strictlynecessary"] = ConsentCategories.Essential,
        ["required"] = ConsentCategories.Essential,
        ["functional"] = "functional",
        ["functionality"] = "functional",
        ["preferences"] = "functional",
        ["analytics"] = ConsentCategories.Analytics,
        ["analytical"] = ConsentCategories.Analytics,
        ["statistics"] = ConsentCategories.Analytics,
        ["statistical"] = ConsentCategories.Analytics,
        ["performance"] = ConsentCategories.Analytics,
        ["measurement"] = ConsentCategories.Analytics,
        ["marketing"] = "marketing",
        ["advertising"] = "marketing",
        ["targeting"] = "marketing",
        ["ads"] = "marketing",
        ["socialmedia"] = "marketing",
        ["datasharing"] = "marketing",
        ["personalization"] = "personalization",
        ["personalisation"] = "personalization",
    }.ToFrozenDictionary();

    /// <summary>The category a code stands for: by the source's own map, else by its plain meaning; null when unknown.</summary>
    internal static string? CategoryOf(string code, IReadOnlyDictionary<string, string> own)
    {
        if (own.TryGetValue(code, out var mapped)) return Words.GetValueOrDefault(mapped, mapped);
        return Words.TryGetValue(code, out var known) ? known : Words.GetValueOrDefault(Plain(code));
    }

    /// <summary>Whether a value grants; null when it cannot be understood.</summary>
    internal static bool? Granted(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetRawText() switch { "1" => true, "0" => false, _ => null },
        JsonValueKind.String => value.ScalarText()?.ToLowerInvariant() switch
        {
            "granted" or "true" or "yes" or "allow" or "allowed" or "accepted" or "1" => true,
            "denied" or "false" or "no" or "deny" or "refused" or "rejected" or "withdrawn" or "0" => false,
            _ => null,
        },
        _ => null,
    };

    private static string Plain(string code) =>
        string.Concat(code.Where(char.IsLetter)).ToLowerInvariant();
}
