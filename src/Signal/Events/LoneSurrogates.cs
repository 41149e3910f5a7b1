using System.Globalization;
using System.Text;

namespace Signal.Events;

/// <summary>Unescapes a JSON string that holds escaped lone surrogates, which the JSON reader refuses to transcode.</summary>
internal static class LoneSurrogates
{
    /// <summary>The text of a raw JSON string (quotes included), each lone surrogate replaced by U+FFFD.</summary>
    internal static string Unescape(string rawJsonString)
    {
        var text = new StringBuilder(rawJsonString.Length);
        for (var i = 1; i < rawJsonString.Length - 1; i++)
        {
            var c = rawJsonString[i];
            if (c != '\\')
            {
                text.Append(c);
                continue;
            }

            c = rawJsonString[++i];
            if (c == 'u')
            {
                text.Append((char)int.Parse(rawJsonString.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => c });
            }
        }

        return Replace(text);
    }

    private static string Replace(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(text[i])) text[i] = '\uFFFD';
        }

        return text.ToString();
    }
}
