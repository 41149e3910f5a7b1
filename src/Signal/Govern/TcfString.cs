using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Signal.Events;

namespace Signal.Govern;

/// <summary>
/// The purposes of an IAB TCF v2 consent string. Only the core segment is read; its layout is the IAB's
/// "Consent string and vendor list formats v2": 24 bits of purpose consents begin at bit 152.
/// </summary>
/// <remarks>
/// Purposes to categories, every one of them needed: <c>functional</c> 1; <c>analytics</c> 1, 8, 9; <c>marketing</c> 1, 2, 3, 4, 7;
/// <c>personalization</c> 1, 5, 6. Purpose 1 (storing and reading on the device) stands in all, since the visitor cookie does so.
/// Legitimate interest does not count as consent.
/// </remarks>
internal static class TcfString
{
    private const int Version = 2;
    private const int PurposesStart = 152;

    // Up to and with the legitimate-interest purposes: a shorter segment is cut off.
    private const int ShortestBits = 200;

    private static readonly (string Category, int[] Purposes)[] Needs =
    [
        ("functional", [1]),
        (ConsentCategories.Analytics, [1, 8, 9]),
        ("marketing", [1, 2, 3, 4, 7]),
        ("personalization", [1, 5, 6]),
    ];

    internal static bool Read(JsonElement tcf, ConsentTally said)
    {
        if (tcf.ScalarText() is { } text && Purposes(text) is { } granted)
            foreach (var (category, purposes) in Needs) said.AddCategory(category, purposes.All(granted));
        else said.NotUnderstood("context.consent.tcf is not a TCF v2 string");

        return true;
    }

    /// <summary>Whether each purpose (1 to 24) has consent; null when the text is no TCF v2 string.</summary>
    internal static Func<int, bool>? Purposes(string text)
    {
        var core = text.AsSpan(0, text.IndexOf('.') is var dot and >= 0 ? dot : text.Length);
        if (Decode(core) is not { } bytes || bytes.Length * 8 < ShortestBits || bytes[0] >> 2 != Version) return null;
        return purpose => Bit(bytes, PurposesStart + purpose - 1);
    }

    private static bool Bit(byte[] bytes, int index) => (bytes[index / 8] & (0x80 >> (index % 8))) != 0;

    // CMPs write base64url without padding and with as many characters as the bits need, so the last group may be
    // one that strict decoders refuse; "A" adds zero bits only.
    private static byte[]? Decode(ReadOnlySpan<char> core)
    {
        var trimmed = core.TrimEnd('=').ToString();
        var padded = trimmed.PadRight((trimmed.Length + 3) / 4 * 4, 'A');
        try
        {
            return Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(padded));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
