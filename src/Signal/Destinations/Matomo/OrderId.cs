using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>Order ids as Matomo's database compares them: 100 characters, without regard to case, accents and blanks at the end.</summary>
internal static class OrderId
{
    /// <summary>The column ends here, and two ids that differ only beyond are one order.</summary>
    internal const int Length = 100;

    // The program runs without culture data, so String.Normalize leaves letters as they are.
    private static readonly FrozenDictionary<char, char> Bare = Letters(
        "AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦ", "CÇĆĈĊČ", "DĎ", "EÈÉÊËĒĔĖĘĚȄȆȨ", "GĜĞĠĢǦǴ", "HĤȞ", "IÌÍÎÏĨĪĬĮİǏȈȊ", "JĴ", "KĶǨ", "LĹĻĽ", "NÑŃŅŇǸ",
        "OÒÓÔÕÖŌŎŐƠǑǪȌȎȪȬȮȰ", "RŔŖŘȐȒ", "SŚŜŞŠȘ", "TŢŤȚ", "UÙÚÛÜŨŪŬŮŰŲƯǓȔȖ", "WŴ", "YÝŶŸȲ", "ZŹŻŽ", "ЕЁ", "ИЙ", "ІЇ", "ΑΆ", "ΕΈ", "ΗΉ", "ΙΊΪ", "ΟΌ", "ΥΎΫ", "ΩΏ");

    /// <summary>The key of an order in the ledger.</summary>
    internal static string KeyOf(string id)
    {
        var key = new StringBuilder(id.Length);
        foreach (var c in SafeText.Cut(id, Length).ToUpperInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (c == 'ß') key.Append("SS");
            else key.Append(Bare.GetValueOrDefault(c, c));
        }

        return key.ToString().TrimEnd(' ');
    }

    private static FrozenDictionary<char, char> Letters(params string[] groups) =>
        groups.SelectMany(g => g.Skip(1).Select(c => (Accented: c, Base: g[0]))).ToFrozenDictionary(p => p.Accented, p => p.Base);
}
