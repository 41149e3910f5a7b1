using System.Text;

namespace MatomoSandbox.Php;

/// <summary>Query strings and form bodies as PHP takes them apart.</summary>
internal static class PhpQuery
{
    public static PhpArray Parse(string query) => Parse(Encoding.UTF8.GetBytes(query));

    public static PhpArray Parse(byte[] query)
    {
        var result = new PhpArray();
        foreach (var pair in Split(query, (byte)'&'))
        {
            if (pair.Length == 0)
                continue;
            var equals = Array.IndexOf(pair, (byte)'=');
            var name = Unquote(equals < 0 ? pair : pair[..equals]);
            Add(result, name, equals < 0 ? "" : Unquote(pair[(equals + 1)..]));
        }
        return result;
    }

    /// <summary>Adds a value under a name that may ask for an array: <c>a[]</c>, <c>a[b]</c>, <c>a[0][b]</c>.</summary>
    public static void Add(PhpArray result, string name, string value)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket <= 0 || !name.EndsWith(']'))
        {
            if (name.Length > 0)
                result[Key(name)] = value;
            return;
        }
        var key = Key(name[..bracket]);
        if (result[key] is not PhpArray inner)
            result[key] = inner = new PhpArray();
        var close = name.IndexOf(']', bracket);
        var index = name[(bracket + 1)..close];
        var deeper = name[(close + 1)..];
        if (deeper.StartsWith('[') && index.Length > 0)
            Add(inner, index + deeper, value);
        else if (index.Length == 0)
            inner.Append(value);
        else
            inner[index] = value;
    }

    private static string Key(string name) => name.TrimStart(' ').Replace('.', '_').Replace(' ', '_');

    private static string Unquote(byte[] text)
    {
        var bytes = new List<byte>(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '%' && index + 2 < text.Length && Hex(text[index + 1]) is { } high && Hex(text[index + 2]) is { } low)
            {
                bytes.Add((byte)(high * 16 + low));
                index += 2;
            }
            else
            {
                bytes.Add(text[index] == '+' ? (byte)' ' : text[index]);
            }
        }
        return PhpText.Decode([.. bytes]);
    }

    private static int? Hex(byte digit) => Uri.IsHexDigit((char)digit) ? Uri.FromHex((char)digit) : null;

    private static IEnumerable<byte[]> Split(byte[] bytes, byte separator)
    {
        var start = 0;
        for (var index = 0; index <= bytes.Length; index++)
        {
            if (index < bytes.Length && bytes[index] != separator)
                continue;
            yield return bytes[start..index];
            start = index + 1;
        }
    }
}
