using System.Buffers.Text;

namespace Signal.Collect;

/// <summary>
/// Replaces escaped lone surrogates (<c>\ud800</c>), which are valid JSON and invalid text, by <c>\ufffd</c> of the same length in place,
/// so that nothing later in the program can stumble over them, in names as little as in values.
/// </summary>
internal static class LoneSurrogateRepair
{
    internal static void Repair(Span<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0) return;
        for (var i = 0; i < json.Length - 1; i++)
        {
            if (json[i] != '\\') continue;
            if (Surrogate(json, i) is not { } unit)
            {
                i++;
            }
            else if (char.IsHighSurrogate(unit) && Surrogate(json, i + 6) is { } next && char.IsLowSurrogate(next))
            {
                i += 11;
            }
            else
            {
                "\\ufffd"u8.CopyTo(json[i..]);
                i += 5;
            }
        }
    }

    /// <summary>The surrogate escaped at this place; null when something else stands there.</summary>
    private static char? Surrogate(ReadOnlySpan<byte> json, int at)
    {
        if (at + 6 > json.Length || json[at] != '\\' || json[at + 1] != 'u') return null;
        return Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var used, 'x') && used == 4 && char.IsSurrogate((char)unit) ? (char)unit : null;
    }
}
