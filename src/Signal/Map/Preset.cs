using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signal.Map;

/// <summary>A named set of rules, as data. The JSON files next to a destination have this shape.</summary>
internal sealed record Preset
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new FieldRuleConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Its key, <c>retail</c>.</summary>
    public required string Key { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>What it covers, for people.</summary>
    public required string Description { get; init; }

    /// <summary>The rules, each for one event.</summary>
    public required IReadOnlyList<PresetRule> Rules { get; init; }

    /// <summary>The rule of every track no other rule takes.</summary>
    public required PresetRule Otherwise { get; init; }

    /// <summary>Reads a preset's JSON. Throws <see cref="JsonException"/> on a file that is none.</summary>
    internal static Preset Read(Stream json) =>
        JsonSerializer.Deserialize<Preset>(json, Format) ?? throw new JsonException("The preset is empty.");
}

/// <summary>What one event becomes.</summary>
internal sealed record PresetRule
{
    /// <summary>The event's name, or a type: <c>page</c>, <c>screen</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Further names it goes by (GA4's are known to the name matching).</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it becomes, for people.</summary>
    public required string Becomes { get; init; }

    /// <summary>What it does to the visitor's cart.</summary>
    public CartOperation Cart { get; init; }

    /// <summary>It describes the page it happened on and may travel with that page's view.</summary>
    public bool Joins { get; init; }

    /// <summary>Fields without which it is nothing of its own and the preset's <c>otherwise</c> takes it.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Target to where its value comes from.</summary>
    public required IReadOnlyDictionary<string, FieldRule> Fields { get; init; }

    /// <summary>The fields of its event form: added when it travels with no page view, in place of the others when it changes no cart.</summary>
    [JsonPropertyName("as_event")]
    public IReadOnlyDictionary<string, FieldRule> AsEvent { get; init; } = new Dictionary<string, FieldRule>();
}

/// <summary>What an event does to the visitor's cart.</summary>
internal enum CartOperation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A product is put in.</summary>
    Add,

    /// <summary>Pieces, or a row, are taken out.</summary>
    Remove,

    /// <summary>The event shows the whole cart.</summary>
    Replace,

    /// <summary>The cart is emptied.</summary>
    Clear,

    /// <summary>The cart is ordered.</summary>
    Order,

    /// <summary>An order is taken back.</summary>
    Refund,
}

/// <summary>
/// Where a field's value comes from. In JSON: a path, a list of paths (the first that has a value counts), or
/// <c>{"from":[…],"value":"…","default":"…","transform":"…"}</c>.
/// </summary>
internal sealed record FieldRule
{
    /// <summary>Paths, the first that has a value counts.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>A fixed value.</summary>
    public string? Value { get; init; }

    /// <summary>What to take when no path has a value.</summary>
    public string? Default { get; init; }

    /// <summary>Changes to a value that was found, as in field mappings.</summary>
    public string? Transform { get; init; }

    /// <summary>The value, or null; and whether it is one the event's sender gave, as he gave it.</summary>
    internal Value? Read(Facts facts, out bool isSent)
    {
        isSent = false;
        if (Value is not null) return Map.Value.Of(Value);
        foreach (var path in From)
        {
            if (facts.At(path) is not { } found || string.IsNullOrWhiteSpace(found.Text)) continue;
            isSent = !facts.IsComputed(path);
            return Transform is null ? found : Transforms.Parse(Transform).Apply(found);
        }

        return Default is null ? null : Map.Value.Of(Default);
    }
}

/// <summary>Reads the short forms of a <see cref="FieldRule"/>.</summary>
internal sealed class FieldRuleConverter : JsonConverter<FieldRule>
{
    /// <inheritdoc/>
    public override FieldRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = document.RootElement;
        return json.ValueKind switch
        {
            JsonValueKind.String => new FieldRule { From = [json.GetString()!] },
            JsonValueKind.Array => new FieldRule { From = Paths(json) },
            JsonValueKind.Object => new FieldRule
            {
                From = json.TryGetProperty("from", out var from) ? (from.ValueKind == JsonValueKind.Array ? Paths(from) : [from.GetString()!]) : [],
                Value = Text(json, "value"),
                Default = Text(json, "default"),
                Transform = Text(json, "transform"),
            },
            _ => throw new JsonException("A field's rule is a path, a list of paths or an object."),
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FieldRule value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Presets are only read.");

    private static List<string> Paths(JsonElement array) => array.EnumerateArray().Select(p => p.GetString()!).ToList();

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
