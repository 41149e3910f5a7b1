using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Signal.Configure;
using Signal.Manage.Http;

namespace Signal.Manage.Changes;

/// <summary>An integration as people state it.</summary>
internal record IntegrationInput
{
    /// <summary>The source whose events it delivers, src_….</summary>
    public required string SourceId { get; init; }

    /// <summary>The destination's key in the catalogue, such as matomo.</summary>
    public required string Vendor { get; init; }

    /// <summary>What people call it.</summary>
    [StringLength(200, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 200 characters.")]
    [OneLine]
    public required string Name { get; init; }

    /// <summary>A disabled integration delivers nothing; its place in the log is kept.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The vendor's settings as the catalogue lists them. A secret sent as *** keeps its stored value.</summary>
    public IReadOnlyDictionary<string, JsonElement> Config { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Every one of these must be granted for an event to be delivered; the vendor's default when left out.</summary>
    public IReadOnlyList<string>? ConsentCategories { get; init; }

    /// <summary>The preset's key. Left out: the vendor's default. null: none.</summary>
    public string? Preset
    {
        get;
        init
        {
            field = value;
            PresetGiven = true;
        }
    }

    /// <summary>Whether <see cref="Preset"/> was stated, as null or otherwise.</summary>
    [JsonIgnore]
    public bool PresetGiven { get; private init; }

    /// <summary>Own rows; they add to or override the preset.</summary>
    public IReadOnlyList<FieldMapping> Mappings { get; init; } = [];

    /// <summary>What to say about this change in its revision.</summary>
    [StringLength(1000, ErrorMessage = "{0} must have at most 1000 characters.")]
    public string? Note { get; init; }

    /// <summary>Settings of the vendor stated beside <see cref="Config"/>; anything else here is unknown.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Beside { get; init; }
}
