using System.Globalization;
using System.Text;

namespace MatomoSandbox.Recording;

/// <summary>Equality as MySQL's general collation sees it: blind to case, accents and trailing blanks.</summary>
internal static class Collation
{
    public static string Key(string text)
    {
        var letters = text.TrimEnd(' ').Normalize(NormalizationForm.FormD)
            .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            .Select(char.ToUpperInvariant);
        return string.Concat(letters);
    }

    public static bool Same(string left, string right) => Key(left) == Key(right);
}
