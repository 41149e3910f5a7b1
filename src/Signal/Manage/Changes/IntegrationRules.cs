using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Http;
using Signal.Map;

namespace Signal.Manage.Changes;

/// <summary>Turns what people state into an integration and finds every error of it at once.</summary>
internal sealed class IntegrationRules(IConfigurationFeed feed, Catalogue catalogue)
{
    private static readonly string[] Fields =
        ["source_id", "vendor", "name", "enabled", "config", "consent_categories", "preset", "mappings", "note"];

    /// <summary>The integration an input states.</summary>
    /// <param name="input">What people state.</param>
    /// <param name="onto">What they do not state: id, times, revision.</param>
    /// <param name="current">Keeps the secrets that are sent as <c>***</c>; null for a new one.</param>
    /// <param name="alsoSources">Sources that are about to be made.</param>
    public CheckedIntegration Check(IntegrationInput input, Integration onto, Integration? current, IReadOnlySet<string>? alsoSources = null)
    {
        var errors = InputCheck.Of(input).ToList();
        if (!feed.Current.Sources.ContainsKey(input.SourceId) && alsoSources?.Contains(input.SourceId) != true)
            errors.Add(new("source_id", "unknown", $"There is no source {input.SourceId}. Make one with POST /v1/admin/sources, or name one of GET /v1/admin/sources."));
        if (catalogue.Find(input.Vendor) is not { } destination)
            return new CheckedIntegration(onto, [.. errors, Vendor(input.Vendor)], []);

        var stated = Stated(input, onto, current, destination.Manifest, errors);
        Categories(stated, errors);
        var found = destination.Check(stated);
        if (current is not null && IsSame(current.Mappings, stated.Mappings)) found = found with { Errors = [.. found.Errors.Where(e => e.StopsDelivery)] };
        // Where both find fault with the same field, the first word is the more basic one.
        return found with { Errors = [.. errors, .. found.Errors.Where(e => errors.TrueForAll(o => o.Field != e.Field))] };
    }

    // What was right when it was stored may be stricter by now: it must not stand in the way of a change of something else.
    private static bool IsSame(IReadOnlyList<FieldMapping> one, IReadOnlyList<FieldMapping> other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    private static Integration Stated(IntegrationInput input, Integration onto, Integration? current, Manifest manifest, List<FieldError> errors)
    {
        var (config, secrets) = Settings(input, current, manifest, errors);
        return onto with
        {
            SourceId = input.SourceId,
            Vendor = input.Vendor,
            Name = input.Name.Trim(),
            Enabled = input.Enabled,
            Config = config,
            Secrets = secrets,
            ConsentCategories = [.. (input.ConsentCategories ?? manifest.DefaultConsentCategories).Distinct()],
            Preset = input.PresetGiven ? input.Preset : manifest.DefaultPreset,
            Mappings = input.Mappings,
        };
    }

    private static (Dictionary<string, JsonElement> Config, Dictionary<string, string> Secrets) Settings(
        IntegrationInput input, Integration? current, Manifest manifest, List<FieldError> errors)
    {
        var all = input.Config.ToDictionary();
        foreach (var (name, value) in input.Beside ?? new Dictionary<string, JsonElement>())
        {
            if (!manifest.Settings.Any(s => s.Key == name)) errors.Add(FieldErrors.Unknown(name, name, Fields.Concat(manifest.Settings.Select(s => s.Key))));
            else if (!all.TryAdd(name, value)) errors.Add(new(name, "twice", $"{name} stands both in config and beside it. Keep the one in config."));
        }

        var secret = manifest.Settings.Where(s => s.Type == "secret").Select(s => s.Key).ToHashSet();
        var secrets = new Dictionary<string, string>();
        foreach (var key in secret.Where(all.ContainsKey)) Secret(key, all[key], current, secrets, errors);
        return (all.Where(s => !secret.Contains(s.Key) && s.Value.ValueKind != JsonValueKind.Null).ToDictionary(), secrets);
    }

    private static void Secret(string key, JsonElement value, Integration? current, Dictionary<string, string> secrets, List<FieldError> errors)
    {
        var field = $"config.{key}";
        if (value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind != JsonValueKind.String) errors.Add(new(field, "type", $"{field} must be text."));
        else if (value.GetString() is var text && text != Mask.Text) secrets[key] = text!.Trim();
        else if (current?.Secrets.GetValueOrDefault(key) is { } kept) secrets[key] = kept;
        else errors.Add(new(field, "required", $"{field} is *** but there is no stored value to keep. Send the value itself."));
    }

    private static void Categories(Integration stated, List<FieldError> errors)
    {
        foreach (var (i, category) in stated.ConsentCategories.Index())
        {
            if (ConsentCategories.All.Contains(category)) continue;
            var meant = Spelling.Closest(category, ConsentCategories.All) is { } near ? $" Did you mean {near}?" : "";
            errors.Add(new($"consent_categories[{i}]", "one_of", $"consent_categories[{i}] must be one of {string.Join(", ", ConsentCategories.All)}.{meant}"));
        }
    }

    private FieldError Vendor(string vendor)
    {
        var known = catalogue.All().Select(d => d.Manifest.Vendor).ToList();
        var meant = Spelling.Closest(vendor, known) is { } near ? $" Did you mean {near}?" : "";
        return new("vendor", "unknown", $"There is no destination {vendor}.{meant} GET /v1/admin/integration-catalog lists them: {string.Join(", ", known)}.");
    }
}
