using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Tells which client hints (<c>uadata</c>) end PHP with a fatal error: Matomo's device detection takes values of the wrong type without a look.</summary>
internal static class ClientHints
{
    private static readonly HashSet<string> Texts =
    [
        "arch", "architecture", "bitness", "model", "uafullversion", "platform", "platformversion", "sec-ch-ua", "x-requested-with",
    ];

    public static bool AreFatal(PhpArray? hints) => hints is not null && (hints.Any(IsWrong) || HasWrongBrand(hints));

    private static bool IsWrong(KeyValuePair<string, object?> hint) => hint.Key.ToLowerInvariant().Replace('_', '-') switch
    {
        "formfactors" => hint.Value is PhpArray list ? list.Any(factor => factor.Value is PhpArray) : hint.Value is not string,
        var name => Texts.Contains(name) && hint.Value is not string,
    };

    private static bool HasWrongBrand(PhpArray hints)
    {
        var lists = new[] { "fullVersionList", "brands" }.Select(name => hints[name]).OfType<PhpArray>();
        var entries = (lists.FirstOrDefault(list => list.Count > 0) ?? []).Select(pair => pair.Value).OfType<PhpArray>().ToList();
        if (entries.Count(entry => entry.Has("brand")) != entries.Count(entry => entry.Has("version")))
            return false;
        return entries.Exists(entry => entry.Has("version") && (IsIndex(entry["brand"]) || entry["version"] is not string));
    }

    // A brand becomes the key of an array, and PHP makes a number of such a key.
    private static bool IsIndex(object? brand) => brand switch
    {
        long or true => true,
        string text => long.TryParse(text, out var number) && number.ToString() == text,
        _ => false,
    };
}
