using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>
/// Makes a value one that a Matomo stores: the single place where lengths, numbers, addresses and JSON are checked.
/// A value that would be an error to Matomo, or sink a bulk, is changed or left out, with a warning.
/// </summary>
internal static partial class SafeValue
{
    /// <summary>The field's text; null to leave the field out.</summary>
    internal static string? Of(string name, Value value, Action<string> warn)
    {
        if (value.Text.Length == 0 || Vocabulary.Find(name) is not { } field) return null;
        if (name == "uid" && value.Text.Trim() == "0")
        {
            warn("uid was left out: to Matomo \"0\" is nobody, yet it would put the event into the latest visit from the same address and browser, whoever's that is. Leave the user ID out for guests.");
            return null;
        }

        var text = field.Kind switch
        {
            FieldKind.Text => Scalar(name, value, warn) is { } t ? Limited(name, SafeText.Cut(t, (int)field.Max), t, $"{field.Max} characters", warn) : null,
            FieldKind.Bytes => Scalar(name, value, warn) is { } t ? Limited(name, SafeText.CutBytes(t, (int)field.Max), t, $"{field.Max} bytes", warn) : null,
            FieldKind.Url => Url(name, value, (int)field.Max, warn),
            FieldKind.Integer => Integer(field, name, value, warn),
            FieldKind.Number => Number(field, name, value, warn),
            FieldKind.Money => Amount(name, value, warn),
            FieldKind.Flag => Flag(name, value, warn),
            _ => Shaped(name, value, warn),
        };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>One valid address without port, or null.</summary>
    internal static string? Ip(string text)
    {
        var trimmed = text.Trim();
        if (!IPAddress.TryParse(trimmed, out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var isPlain = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? trimmed.Count(c => c == '.') == 3 && !trimmed.Contains(']', StringComparison.Ordinal)
            : !trimmed.Contains('[', StringComparison.Ordinal) && !trimmed.Contains('%', StringComparison.Ordinal);
        return isPlain ? address.ToString() : null;
    }

    private static string? Scalar(string name, Value value, Action<string> warn)
    {
        if (value.Kind != ValueKind.Json) return SafeText.Valid(value.Text);
        warn($"{name} was left out: it takes a text, not a list or an object.");
        return null;
    }

    private static string Limited(string name, string cut, string whole, string limit, Action<string> warn)
    {
        if (cut.Length < whole.Length && name != "pv_id") warn($"{name} was cut to {limit}.");
        return cut;
    }

    private static string? Url(string name, Value value, int max, Action<string> warn)
    {
        if (Scalar(name, value, warn) is not { Length: > 0 } text) return null;
        if (!LooksLikeUrl().IsMatch(text))
        {
            warn($"{name} was left out: \"{SafeText.Cut(text, 60)}\" is no address. It begins with a scheme such as https://.");
            return null;
        }

        return Limited(name, SafeText.CutUrl(text, max), text, $"{max} bytes", warn);
    }

    private static string? Integer(Field field, string name, Value value, Action<string> warn)
    {
        if (Numbers.Parse(value.Text.Trim()) is { } number)
        {
            var whole = Math.Round(number, MidpointRounding.AwayFromZero);
            if (whole >= field.Min && whole <= field.Max) return whole.ToString("0", CultureInfo.InvariantCulture);
        }

        warn($"{name} was left out: \"{Shown(value)}\" is not a whole number from {field.Min:0} to {field.Max:0}.");
        return null;
    }

    private static string? Number(Field field, string name, Value value, Action<string> warn)
    {
        var read = value.Kind == ValueKind.Number ? Numbers.Parse(value.Text) : Numbers.Parse(value.Text.Trim()) ?? Money.Parse(value);
        if (read is { } number && number >= field.Min && number <= field.Max) return Numbers.Format(number);
        warn($"{name} was left out: \"{Shown(value)}\" is not a number from {field.Min:0} to {field.Max:0}.");
        return null;
    }

    private static string? Flag(string name, Value value, Action<string> warn)
    {
        var text = value.Text.Trim().ToLowerInvariant();
        if (text is not ("1" or "true" or "0" or "false" or "")) warn($"{name} was left out: \"{Shown(value)}\" is neither 1 nor 0. Write 1 or true to set it, 0 or false to leave it out.");
        return text is "1" or "true" ? "1" : null;
    }

    private static string? Amount(string name, Value value, Action<string> warn)
    {
        if (value.Kind != ValueKind.Json && Money.Parse(value) is { } amount) return Money.Format(amount);
        warn($"{name} was left out: \"{Shown(value)}\" is not an amount with one reading. Send a number such as 129.99.");
        return null;
    }

    private static string? Shaped(string name, Value value, Action<string> warn)
    {
        var text = name switch
        {
            "cip" => Ip(value.Text),
            "idgoal" => Goal(value.Text),
            "country" => Country().IsMatch(value.Text.Trim()) ? value.Text.Trim().ToLowerInvariant() : null,
            "res" => Resolution().IsMatch(value.Text) ? value.Text : null,
            "_pkc" => Categories(value),
            "ec_items" => Items.Checked(value, warn),
            "uadata" => ClientHints.Of(value),
            "_cvar" or "cvar" => Variables(value),
            _ => SafeText.Valid(value.Text),
        };
        if (text is null) warn($"{name} was left out: \"{Shown(value)}\" is not what Matomo takes there.");
        return text;
    }

    private static string? Goal(string text)
    {
        var trimmed = text.Trim();
        if (trimmed == "view") return trimmed;
        return Numbers.ParseWhole(trimmed) is { } id and >= 0 and <= int.MaxValue ? id.ToString(CultureInfo.InvariantCulture) : null;
    }

    // Matomo reads a text that is a JSON list as a list. A list nested in it becomes rubbish or a fatal error, so only texts stay.
    private static string? Categories(Value value)
    {
        if (!value.Text.TrimStart().StartsWith('[') || !JsonText.TryParse(value.Text, out var list))
            return value.Kind == ValueKind.Json ? null : SafeText.Cut(SafeText.Valid(value.Text), Vocabulary.NameLength);
        var texts = list.EnumerateArray()
            .Where(c => c.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            .Select(c => SafeText.Cut(SafeText.Valid(Value.Of(c)!.Value.Text), Vocabulary.NameLength))
            .Where(c => c.Length > 0)
            .Take(5)
            .ToList();
        return texts.Count switch { 0 => null, 1 => texts[0], _ => JsonText.Of(texts) };
    }

    private static string? Variables(Value value)
    {
        if (!JsonText.TryParse(value.Text, out var given) || given.ValueKind != JsonValueKind.Object) return null;
        var kept = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var variable in given.EnumerateObject())
        {
            if (!int.TryParse(variable.Name, CultureInfo.InvariantCulture, out var index) || index is < 1 or > 20) continue;
            if (variable.Value.ValueKind != JsonValueKind.Array || variable.Value.GetArrayLength() != 2) continue;
            var pair = variable.Value.EnumerateArray().Select(p => SafeText.Cut(SafeText.Valid(Value.Of(p) is { Kind: not ValueKind.Json } v ? v.Text : ""), 200)).ToArray();
            if (pair[0].Length > 0) kept[index.ToString(CultureInfo.InvariantCulture)] = pair;
        }

        return kept.Count == 0 ? null : JsonText.Of(kept);
    }

    private static string Shown(Value value) => SafeText.Cut(SafeText.Valid(value.Text), 60);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*://[^\s]", RegexOptions.CultureInvariant)]
    private static partial Regex LooksLikeUrl();

    [GeneratedRegex(@"\A[A-Za-z]{2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Country();

    [GeneratedRegex(@"\A[1-9][0-9]{0,4}x[1-9][0-9]{0,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Resolution();
}
