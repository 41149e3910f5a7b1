using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using Signal.Destinations;
using Signal.Manage.Http;

namespace Signal.Console.Data;

/// <summary>A setting's value as the text of an input, both ways, and what can be said about it while it is typed.</summary>
internal static class SettingText
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>A stored value as text; empty for none.</summary>
    public static string Show(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } other => other.GetRawText(),
    };

    /// <summary>What the text means; null when it is empty. Text that does not parse is passed on as text: the destination's own check says what is wrong.</summary>
    public static JsonElement? Read(Setting setting, string text)
    {
        text = text.Trim();
        if (text.Length == 0) return null;
        return setting.Type switch
        {
            "integer" when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) => JsonSerializer.SerializeToElement(whole),
            "number" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonSerializer.SerializeToElement(number),
            "boolean" => JsonSerializer.SerializeToElement(text == "true"),
            "object" when ApiJson.Parse(text) is { } json => json,
            _ => JsonSerializer.SerializeToElement(text),
        };
    }

    /// <summary>What is wrong with a text, in words; null when nothing is. <paramref name="stored"/>: a secret is stored already and may stay empty.</summary>
    public static string? Check(Setting setting, string text, bool stored, IStringLocalizer l)
    {
        text = text.Trim();
        if (text.Length == 0) return setting.Required && !stored ? l["{0} is needed.", setting.Label].Value : null;
        return setting.Type switch
        {
            "url" => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? null : l["This must be an address that starts with https:// or http://."].Value,
            "integer" => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? Range(setting, whole, l) : l["This must be a whole number."].Value,
            "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Range(setting, number, l) : l["This must be a number."].Value,
            "object" => ApiJson.Parse(text) is { ValueKind: JsonValueKind.Object } ? null : l["This must be a JSON object such as {0}.", setting.Example ?? "{}"].Value,
            _ => Pattern(setting, text, l),
        };
    }

    private static string? Range(Setting setting, double value, IStringLocalizer l) =>
        value < setting.Min ? l["This must be {0} or more.", setting.Min].Value
        : value > setting.Max ? l["This must be {0} or less.", setting.Max].Value
        : null;

    private static string? Pattern(Setting setting, string text, IStringLocalizer l) =>
        setting.Pattern is null || Regex.IsMatch(text, $"^(?:{setting.Pattern})$", RegexOptions.None, Patience)
            ? null
            : setting.PatternHint is { } hint ? l["This must be {0}.", hint].Value : l["This does not have the right form."].Value;
}
