using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Manage.Changes;

namespace Signal.Console.Data;

/// <summary>An integration as it stands in the form: everything as text until it is saved.</summary>
internal sealed class IntegrationDraft
{
    public string SourceId { get; set; } = "";

    public string Name { get; set; } = "";

    public bool Enabled { get; set; } = true;

    public string? Preset { get; set; }

    public HashSet<string> Categories { get; } = [];

    /// <summary>Setting to text. A stored secret is an empty text.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Secrets that are stored and stay when their field is left empty.</summary>
    public HashSet<string> Stored { get; } = [];

    /// <summary>A new integration with the destination's defaults.</summary>
    public static IntegrationDraft New(Manifest manifest, string sourceId)
    {
        var draft = new IntegrationDraft { SourceId = sourceId, Name = manifest.Name, Preset = manifest.DefaultPreset };
        draft.Categories.UnionWith(manifest.DefaultConsentCategories);
        foreach (var setting in manifest.Settings) draft.Settings[setting.Key] = SettingText.Show(setting.Default);
        return draft;
    }

    /// <summary>A stored integration; its secrets are not part of it.</summary>
    public static IntegrationDraft Of(Integration integration, Manifest manifest)
    {
        var draft = new IntegrationDraft { SourceId = integration.SourceId, Name = integration.Name, Enabled = integration.Enabled, Preset = integration.Preset };
        draft.Categories.UnionWith(integration.ConsentCategories);
        draft.Stored.UnionWith(integration.Secrets.Keys);
        foreach (var setting in manifest.Settings)
            draft.Settings[setting.Key] = setting.Type == "secret" ? "" : SettingText.Show(integration.Config.TryGetValue(setting.Key, out var value) ? value : setting.Default);
        return draft;
    }

    /// <summary>The input for the change; <paramref name="mappings"/> are kept as they are.</summary>
    public IntegrationInput ToInput(Manifest manifest, IReadOnlyList<FieldMapping> mappings, string? note)
    {
        var config = new Dictionary<string, JsonElement>();
        foreach (var setting in manifest.Settings)
        {
            if (SettingText.Read(setting, Settings.GetValueOrDefault(setting.Key, "")) is { } value) config[setting.Key] = value;
            else if (Stored.Contains(setting.Key)) config[setting.Key] = JsonSerializer.SerializeToElement(Mask.Text);
        }

        return new IntegrationInput
        {
            SourceId = SourceId,
            Vendor = manifest.Vendor,
            Name = Name,
            Enabled = Enabled,
            Config = config,
            ConsentCategories = [.. Categories],
            Preset = Preset,
            Mappings = mappings,
            Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(),
        };
    }
}
