using System.Text.Json;
using Signal.Events;

namespace Signal.Map;

/// <summary>What kind of JSON a value was.</summary>
internal enum ValueKind
{
    /// <summary>A string or a boolean.</summary>
    Text,

    /// <summary>A number, as it was written.</summary>
    Number,

    /// <summary>An array or object, as compact JSON text, valid UTF-8.</summary>
    Json,
}

/// <summary>A value on its way into a field. Never null; an empty text means: leave the field out.</summary>
internal readonly record struct Value(ValueKind Kind, string Text)
{
    internal static Value Of(string text) => new(ValueKind.Text, text);

    internal static Value Of(decimal number) => new(ValueKind.Number, number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The value of a JSON element; null for null and missing.</summary>
    internal static Value? Of(JsonElement? element) => element is not { } json ? null : json.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array => new Value(ValueKind.Json, SafeJson.Write(json)),
        JsonValueKind.Number => new Value(ValueKind.Number, json.GetRawText()),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => Of(json.ScalarText() ?? ""),
    };
}
