using System.Text.Json;

namespace Signal.Configure;

/// <summary>A configured destination of one source. Immutable; a change is a new revision.</summary>
public sealed record Integration
{
    /// <summary><c>int_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The source whose events it delivers.</summary>
    public required string SourceId { get; init; }

    /// <summary>The destination's key in the catalogue, <c>matomo</c>.</summary>
    public required string Vendor { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>A disabled integration delivers nothing; its place in the log is kept.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The vendor's settings without its secrets, validated against its manifest, normalised.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Config { get; init; }

    /// <summary>The vendor's secrets as plain text. In memory only: stores keep them encrypted, answers show <c>***</c>.</summary>
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    /// <summary>Every one of these must be granted for an event to be delivered.</summary>
    public IReadOnlyList<string> ConsentCategories { get; init; } = [Events.ConsentCategories.Analytics];

    /// <summary>The preset's key, or null for none.</summary>
    public string? Preset { get; init; }

    /// <summary>The customer's own rows; they add to or override the preset.</summary>
    public IReadOnlyList<FieldMapping> Mappings { get; init; } = [];

    /// <summary>Counts the changes, from 1.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
