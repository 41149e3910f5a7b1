using System.Text.Json;
using System.Text.Json.Serialization;
using Signal.Configure;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>An integration as people see it, secrets masked.</summary>
internal sealed record IntegrationView
{
    /// <summary><c>int_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The source whose events it delivers.</summary>
    public required string SourceId { get; init; }

    /// <summary>The destination's key.</summary>
    public required string Vendor { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it delivers.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>active, disabled, retrying, configuration_error</c>; null where it is not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>Why it is not active, and what to do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StatusDetail? StatusDetail { get; init; }

    /// <summary>The vendor's settings, secrets as <c>***</c>.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Config { get; init; }

    /// <summary>Every one must be granted.</summary>
    public required IReadOnlyList<string> ConsentCategories { get; init; }

    /// <summary>The preset's key, or null for none.</summary>
    public required string? Preset { get; init; }

    /// <summary>Own rows.</summary>
    public required IReadOnlyList<FieldMapping> Mappings { get; init; }

    /// <summary>What will not do what its author may think.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Counts the changes; the <c>ETag</c>.</summary>
    public required int Revision { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The view without its status, for comparing.</summary>
    public static IntegrationView Of(Integration i) => new()
    {
        Id = i.Id,
        SourceId = i.SourceId,
        Vendor = i.Vendor,
        Name = i.Name,
        Enabled = i.Enabled,
        Config = i.Config.Concat(i.Secrets.Select(s => KeyValuePair.Create(s.Key, JsonSerializer.SerializeToElement(Mask.Text)))).ToDictionary(),
        ConsentCategories = i.ConsentCategories,
        Preset = i.Preset,
        Mappings = i.Mappings,
        Revision = i.Revision,
        CreatedAt = i.CreatedAt,
        UpdatedAt = i.UpdatedAt,
    };

    /// <summary>The view with how it fares.</summary>
    public static IntegrationView Of(Integration i, IntegrationHealth? health) => Of(i) with
    {
        Status = !i.Enabled ? "disabled" : health?.Status ?? "active",
        StatusDetail = i.Enabled && health is { Reason: not null } ? new StatusDetail(health.Since, health.Reason, health.Message) : null,
    };

    /// <summary>The part people may state, for a partial change.</summary>
    public IntegrationInput ToInput() => new()
    {
        SourceId = SourceId,
        Vendor = Vendor,
        Name = Name,
        Enabled = Enabled,
        Config = Config,
        ConsentCategories = ConsentCategories,
        Preset = Preset,
        Mappings = Mappings,
    };
}

/// <summary>Why an integration is not active.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Reason">A reason code.</param>
/// <param name="Message">What happened and what to do.</param>
internal sealed record StatusDetail(DateTimeOffset Since, string Reason, string? Message);
