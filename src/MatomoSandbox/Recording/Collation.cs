namespace MatomoSandbox.Recording;

/// <summary>Equality as MySQL's general collation sees it: blind to case, trailing blanks and the accents of Latin letters.</summary>
internal static class Collation
{
    // A table, since a program with invariant globalization cannot take letters apart.
    private static readonly Dictionary<char, char> Bare = (
        "AÀÁÂÃÄÅĀĂĄ CÇĆĈĊČ DĎ EÈÉÊËĒĔĖĘĚ GĜĞĠĢ HĤ IÌÍÎÏĨĪĬĮİ JĴ KĶ LĹĻĽ NÑŃŅŇ OÒÓÔÕÖŌŎŐ RŔŖŘ SŚŜŞŠ TŢŤ UÙÚÛÜŨŪŬŮŰŲ WŴ YÝŶŸ ZŹŻŽ")
        .Split(' ')
        .SelectMany(family => family[1..].Select(accented => (accented, family[0])))
        .ToDictionary(pair => pair.accented, pair => pair.Item2);

    public static string Key(string text) => string.Concat(text.TrimEnd(' ').Select(Fold));

    public static bool Same(string left, string right) => Key(left) == Key(right);

    private static char Fold(char letter)
    {
        var upper = char.ToUpperInvariant(letter);
        return Bare.GetValueOrDefault(upper, upper);
    }
}
