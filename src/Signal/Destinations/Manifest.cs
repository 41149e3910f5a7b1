using System.Text.Json;

namespace Signal.Destinations;

/// <summary>What the catalogue says about a destination. Form, API schema, validation, docs and masking derive from it.</summary>
public sealed record Manifest
{
    /// <summary>The key, <c>matomo</c>.</summary>
    public required string Vendor { get; init; }

    /// <summary>The name, <c>Matomo Analytics</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One paragraph for the catalogue.</summary>
    public required string Description { get; init; }

    /// <summary>Its settings, in the form's order.</summary>
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>Its presets.</summary>
    public required IReadOnlyList<PresetInfo> Presets { get; init; }

    /// <summary>The preset of a new integration.</summary>
    public required string DefaultPreset { get; init; }

    /// <summary>The consent categories of a new integration.</summary>
    public required IReadOnlyList<string> DefaultConsentCategories { get; init; }

    /// <summary>What a mapping may target.</summary>
    public required IReadOnlyList<TargetInfo> Vocabulary { get; init; }
}

/// <summary>One setting.</summary>
public sealed record Setting
{
    /// <summary>Its key in <c>config</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The form's label.</summary>
    public required string Label { get; init; }

    /// <summary><c>url, integer, number, text, secret, boolean, enum, object</c></summary>
    public required string Type { get; init; }

    /// <summary>The form's heading it stands under: <c>Connection</c>, <c>Delivery</c>, <c>Identity</c>, <c>Ecommerce</c>.</summary>
    public string Group { get; init; } = "Connection";

    /// <summary>Must be given.</summary>
    public bool Required { get; init; }

    /// <summary>What holds when it is left out; null for none.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>The values of an enum.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The smallest number.</summary>
    public double? Min { get; init; }

    /// <summary>The largest number.</summary>
    public double? Max { get; init; }

    /// <summary>A regular expression the whole text must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>What the pattern means, for people.</summary>
    public string? PatternHint { get; init; }

    /// <summary>An example.</summary>
    public string? Example { get; init; }

    /// <summary>What it does, and where to find it.</summary>
    public required string Help { get; init; }
}

/// <summary>A preset.</summary>
/// <param name="Key"><c>retail</c></param>
/// <param name="Name">For people.</param>
/// <param name="Description">What it covers.</param>
/// <param name="Rows">Its rows as people read them: event, becomes, fields.</param>
public sealed record PresetInfo(string Key, string Name, string Description, IReadOnlyList<PresetRow> Rows);

/// <summary>A row of a preset as people read it.</summary>
public sealed record PresetRow(string Event, string Becomes, IReadOnlyList<string> Fields);

/// <summary>A field a mapping may target.</summary>
/// <param name="Name">The field, or a pattern with <c>N</c> such as <c>dimensionN</c>.</param>
/// <param name="Meaning">What the destination does with it.</param>
/// <param name="Type"><c>text, integer, number, money, url, json, boolean</c></param>
/// <param name="MaxLength">Characters at most; null for no limit of its own.</param>
public sealed record TargetInfo(string Name, string Meaning, string Type, int? MaxLength = null);
