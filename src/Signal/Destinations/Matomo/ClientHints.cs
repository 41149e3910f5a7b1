using System.Text.Json;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>
/// The browser's client hints as Matomo reads them. It trusts their types: a number where it expects a text, a list within a list,
/// or a brand that is a number ends PHP with a fatal error, which sinks the whole bulk. So what is sent is made anew from what is known.
/// </summary>
internal static class ClientHints
{
    private const int TextLength = 100;
    private const int VersionLength = 20;
    private const int MostEntries = 10;

    private static readonly HashSet<string> Texts = ["platform", "platformVersion", "model", "architecture", "bitness", "uaFullVersion"];

    /// <summary>A JSON object of the known hints in the order given; null when there is none.</summary>
    internal static string? Of(Value value)
    {
        if (!JsonText.TryParse(value.Text, out var given) || given.ValueKind != JsonValueKind.Object) return null;
        var known = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var hint in given.EnumerateObject())
        {
            if (Hint(hint) is { } made) known[hint.Name] = made;
        }

        return known.Count == 0 ? null : JsonText.Of(known);
    }

    private static object? Hint(JsonProperty hint) => hint.Name switch
    {
        "mobile" => hint.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? hint.Value.GetBoolean() : null,
        "brands" or "fullVersionList" => Entries(hint.Value, Brand),
        "formFactors" => Entries(hint.Value, factor => Text(factor, TextLength)),
        var name when Texts.Contains(name) => Text(hint.Value, TextLength),
        _ => null,
    };

    private static List<T>? Entries<T>(JsonElement list, Func<JsonElement, T?> make)
        where T : class =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(make).OfType<T>().Take(MostEntries)] : null;

    // PHP turns a brand that is a number into one when it becomes an array's key.
    private static Dictionary<string, string>? Brand(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("brand", out var brand) && Text(brand, TextLength) is { } name && name.Any(char.IsLetter)
        && entry.TryGetProperty("version", out var version) && Text(version, VersionLength) is { } number && number.All(char.IsAscii)
            ? new() { ["brand"] = name, ["version"] = number }
            : null;

    private static string? Text(JsonElement value, int length) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? SafeText.Cut(SafeText.Valid(Value.Of(value)!.Value.Text), length) : null;
}
