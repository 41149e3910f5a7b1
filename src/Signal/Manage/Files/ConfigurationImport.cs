using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Manage.Changes;

namespace Signal.Manage.Files;

/// <summary>
/// Puts a file into force: checks all of it first and reports every error at once, then saves what differs, one by one.
/// Somebody else's change in between ends it where it is; importing again finishes it.
/// </summary>
internal sealed class ConfigurationImport(
    ConfigurationFeed feed, SourceChanges sources, IntegrationChanges integrations, IntegrationRules rules, AlertImport alerts, Catalogue catalogue, SecretLookup lookup, TimeProvider time)
{
    private const string Action = "imported";

    /// <summary>Makes the configuration what the file says.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prune">Also remove what the file does not name.</param>
    /// <param name="dryRun">Only check and say what would change.</param>
    /// <param name="actor">Who.</param>
    /// <param name="stop">Ends it between two saves.</param>
    public async Task<Outcome<ImportView>> ApplyAsync(ConfigurationFile file, bool prune, bool dryRun, Actor actor, CancellationToken stop)
    {
        var errors = new List<FieldError>();
        var (now, current) = (time.GetUtcNow(), feed.Current);
        var wantedSources = file.Sources.Select((s, i) => Wanted(s, i, file.Sources, errors, now)).OfType<Source>().ToList();
        var ids = wantedSources.Select(s => s.Id).ToHashSet();
        var wanted = file.Integrations.Select((e, i) => Wanted(e, i, file.Integrations, ids, errors, now)).OfType<CheckedIntegration>().ToList();
        var integrationIds = file.Integrations.Select(e => e.Id).ToHashSet();
        var plan = await alerts.PlanAsync(
            file, prune, id => ids.Contains(id) || (!prune && current.Sources.ContainsKey(id)), id => integrationIds.Contains(id) || (!prune && current.Integrations.ContainsKey(id)), errors, stop);
        if (errors.Count > 0) return new Outcome<ImportView>.Invalid(errors);

        var newSources = wantedSources.Where(s => !Same(s, current.Sources.GetValueOrDefault(s.Id))).ToList();
        var newIntegrations = wanted.Where(c => !Same(c.Integration, current.Integrations.GetValueOrDefault(c.Integration.Id))).ToList();
        var goneSources = prune ? current.Sources.Keys.Where(id => !ids.Contains(id)).ToList() : [];
        var goneIntegrations = prune ? current.Integrations.Keys.Where(id => !integrationIds.Contains(id)).ToList() : [];
        string[] touched = [.. newSources.Select(s => s.Id), .. newIntegrations.Select(c => c.Integration.Id)];
        bool Known(string id) => current.Sources.ContainsKey(id) || current.Integrations.ContainsKey(id);
        var view = new ImportView(
            dryRun,
            [.. touched.Where(id => !Known(id)), .. plan.Created],
            [.. touched.Where(Known), .. plan.Updated],
            [.. ids.Concat(wanted.Select(w => w.Integration.Id)).Except(touched), .. plan.Unchanged],
            [.. plan.Deleted, .. goneIntegrations, .. goneSources]);
        if (dryRun) return new Outcome<ImportView>.Done(view);

        foreach (var source in newSources)
            if (await sources.SaveAsync(source, current.Sources.GetValueOrDefault(source.Id), $"source.{Action}", actor, stop) is not Outcome<Source>.Done) return new Outcome<ImportView>.Stale();
        foreach (var found in newIntegrations)
            if (await integrations.SaveAsync(found, current.Integrations.GetValueOrDefault(found.Integration.Id), "Imported from a file", $"integration.{Action}", actor, stop) is not Outcome<SavedIntegration>.Done)
                return new Outcome<ImportView>.Stale();
        if (!await alerts.ApplyAsync(plan, actor, stop)) return new Outcome<ImportView>.Stale();
        foreach (var id in goneIntegrations) await integrations.DeleteAsync(id, null, actor, stop);
        foreach (var id in goneSources) await sources.DeleteAsync(id, null, actor, stop);
        return new Outcome<ImportView>.Done(view);
    }

    private Source? Wanted(SourceEntry entry, int index, IReadOnlyList<SourceEntry> all, List<FieldError> errors, DateTimeOffset now)
    {
        var path = $"sources[{index}].";
        if (entry.Id is not { } id)
        {
            errors.Add(new($"{path}id", "required", $"{path}id is required in a file."));
            return null;
        }

        var current = feed.Current.Sources.GetValueOrDefault(id);
        var secret = entry.Secret is null || SecretReference.NameIn(entry.Secret) is not { } name ? null : lookup.Find(name);
        if (entry.Secret is { } text && text != Mask.Text && SecretReference.NameIn(text) is null)
            errors.Add(new($"{path}secret", "format", $"{path}secret must be a reference such as ${{SHOP_SECRET}}: a file holds no secrets."));
        var source = SourceChanges.Stated(entry, current ?? new Source { Id = id, Name = "", Domain = "", PipelineKey = Keys.Pipeline(), Secret = Keys.Secret(), CreatedAt = now, UpdatedAt = now, Revision = 0 }) with
        {
            PipelineKey = entry.PipelineKey ?? current?.PipelineKey ?? Keys.Pipeline(),
            Secret = secret ?? current?.Secret ?? Keys.Secret(),
            Revision = (current?.Revision ?? 0) + 1,
            UpdatedAt = now,
        };
        if (all.Take(index).Any(s => s.Id == id)) errors.Add(new($"{path}id", "twice", $"{path}id {id} stands twice in the file."));
        if (all.Take(index).Any(s => s.PipelineKey is { } key && key == entry.PipelineKey) || feed.Current.Sources.Values.Any(s => s.Id != id && s.PipelineKey == entry.PipelineKey))
            errors.Add(new($"{path}pipeline_key", "taken", $"{path}pipeline_key belongs to another source."));
        var inFile = all.Take(index).Where(s => s.Id is not null).Select(s => SourceChanges.Stated(s, source with { Id = s.Id! }));
        var elsewhere = feed.Current.Sources.Values.Where(s => s.Id != id && all.All(e => e.Id != s.Id));
        errors.AddRange(SourceRules.Check(source, inFile.Concat(elsewhere)).Select(e => e with { Field = path + e.Field }));
        return source;
    }

    private CheckedIntegration? Wanted(IntegrationEntry entry, int index, IReadOnlyList<IntegrationEntry> all, IReadOnlySet<string> sources, List<FieldError> errors, DateTimeOffset now)
    {
        var path = $"integrations[{index}].";
        var current = feed.Current.Integrations.GetValueOrDefault(entry.Id);
        if (all.Take(index).Any(i => i.Id == entry.Id)) errors.Add(new($"{path}id", "twice", $"{path}id {entry.Id} stands twice in the file."));
        if (current is not null && (current.SourceId != entry.SourceId || current.Vendor != entry.Vendor))
            errors.Add(new($"{path}source_id", "fixed", $"{path}source_id and vendor of {entry.Id} can't be changed. Give the integration another id."));
        var onto = new Integration
        {
            Id = entry.Id,
            SourceId = entry.SourceId,
            Vendor = entry.Vendor,
            Name = entry.Name,
            Config = new Dictionary<string, JsonElement>(),
            Secrets = new Dictionary<string, string>(),
            Revision = (current?.Revision ?? 0) + 1,
            CreatedAt = current?.CreatedAt ?? now,
            UpdatedAt = now,
        };
        var found = rules.Check(Resolved(entry, current, path, errors), onto, current, sources);
        errors.AddRange(found.Errors.Where(e => errors.TrueForAll(o => o.Field != path + e.Field)).Select(e => e with { Field = path + e.Field }));
        return found;
    }

    private IntegrationInput Resolved(IntegrationEntry entry, Integration? current, string path, List<FieldError> errors)
    {
        var config = entry.Config.ToDictionary();
        foreach (var key in catalogue.Find(entry.Vendor)?.Manifest.Settings.Where(s => s.Type == "secret").Select(s => s.Key) ?? [])
        {
            if (!config.TryGetValue(key, out var value) || value.ValueKind != JsonValueKind.String || value.GetString() == Mask.Text) continue;
            var name = SecretReference.NameIn(value.GetString()!);
            if (name is null)
                errors.Add(new($"{path}config.{key}", "format", $"{path}config.{key} must be a reference such as ${{MATOMO_TOKEN}}: a file holds no secrets."));
            else if (lookup.Find(name) is { } secret) config[key] = JsonSerializer.SerializeToElement(secret);
            else if (current?.Secrets.ContainsKey(key) == true) config[key] = JsonSerializer.SerializeToElement(Mask.Text);
            else errors.Add(new($"{path}config.{key}", "unresolved", $"{path}config.{key} refers to {name}, which is not set where Signal runs. Set it and import again."));
        }

        return entry with { Config = config };
    }

    private static bool Same(Source wanted, Source? current) =>
        current is not null && wanted.Secret == current.Secret && Audit.Compare(SourceView.Of(current), SourceView.Of(wanted)).Count == 0;

    private static bool Same(Integration wanted, Integration? current) =>
        current is not null && !IntegrationChanges.ChangedSecrets(current, wanted).Any() && Audit.Compare(IntegrationView.Of(current), IntegrationView.Of(wanted)).Count == 0;
}
