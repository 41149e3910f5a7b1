using System.Text.RegularExpressions;

namespace MatomoSandbox.Tracking;

/// <summary>What an Accept-Language value says about language and, without a location database, country.</summary>
internal static partial class Languages
{
    private static readonly Dictionary<string, string> Homes = (
        "bg-bg ca-es cs-cz da-dk de-de el-gr es-es et-ee fa-ir " +
        "fi-fi fr-fr he-il hr-hr hu-hu id-id is-is it-it ja-jp ko-kr lt-lt lv-lv " +
        "nb-no nl-nl nn-no no-no pl-pl pt-pt ro-ro ru-ru sk-sk sl-si sq-al sr-rs sv-se th-th tr-tr uk-ua")
        .Split(' ')
        .ToDictionary(pair => pair[..2], pair => pair[3..]);

    /// <summary>Null when nothing was said, <c>xx</c> when it is no language.</summary>
    public static string? Code(string accepted)
    {
        if (accepted.Length == 0)
            return null;
        var first = First().Match(accepted.ToLowerInvariant());
        return first.Success ? first.Value.Trim().Replace('_', '-') : "xx";
    }

    public static string Country(string accepted)
    {
        var tags = accepted.ToLowerInvariant().Split(',', ';').Select(tag => tag.Trim()).ToArray();
        var region = tags.Select(tag => Region().Match(tag)).FirstOrDefault(match => match.Success);
        if (region is not null)
            return region.Groups[1].Value;
        return tags.Select(tag => Homes.GetValueOrDefault(tag)).FirstOrDefault(home => home is not null) ?? "xx";
    }

    [GeneratedRegex(@"^\s*[a-z]{2,3}([-_][a-z]{2,4})?(?=\s*(,|;|$))")]
    private static partial Regex First();

    [GeneratedRegex(@"^[a-z]{2,3}[-_]([a-z]{2})$")]
    private static partial Regex Region();
}
