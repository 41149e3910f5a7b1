using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>An integration as it is stored now, with what will not do what its author may think.</summary>
internal sealed record SavedIntegration(Integration Integration, IReadOnlyList<string> Warnings);

/// <summary>Checks, stores (as a new revision), audits and puts into force every change of an integration, for API and console alike.</summary>
internal sealed class IntegrationChanges(
    IConfigurationStore store,
    ConfigurationFeed feed,
    IntegrationRules rules,
    IFurtherRules<IntegrationInput> form,
    Catalogue catalogue,
    Removals removals,
    Audit audit,
    TimeProvider time)
{
    /// <summary>A new integration.</summary>
    public async Task<Outcome<SavedIntegration>> CreateAsync(IntegrationInput input, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var blank = new Integration
        {
            Id = Ids.New("int", now),
            SourceId = input.SourceId,
            Vendor = input.Vendor,
            Name = input.Name,
            Config = new Dictionary<string, JsonElement>(),
            Secrets = new Dictionary<string, string>(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await SaveAsync(rules.Check(input, blank, null), null, input.Note, "integration.created", actor, stop);
    }

    /// <summary>Replaces all that people may state of an integration.</summary>
    public async Task<Outcome<SavedIntegration>> ReplaceAsync(string id, IntegrationInput input, int? expected, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var current)) return new Outcome<SavedIntegration>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<SavedIntegration>.Stale();
        return await SaveAsync(Kept(rules.Check(input, Next(current), current), input, current), current, input.Note, "integration.updated", actor, stop);
    }

    /// <summary>Changes the fields given (RFC 7396).</summary>
    public async Task<Outcome<SavedIntegration>> PatchAsync(string id, JsonElement patch, int? expected, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var current)) return new Outcome<SavedIntegration>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<SavedIntegration>.Stale();
        var (input, errors) = await FormReader.ReadAsync(JsonPatch.Apply(IntegrationView.Of(current).ToInput(), patch), form, id, stop);
        return input is null ? new Outcome<SavedIntegration>.Invalid(errors) : await ReplaceAsync(id, input, expected, actor, stop);
    }

    /// <summary>Makes an earlier revision the newest one, its secrets too.</summary>
    public async Task<Outcome<SavedIntegration>> RollBackAsync(string id, int revision, string? note, int? expected, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var current)) return new Outcome<SavedIntegration>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<SavedIntegration>.Stale();
        var rows = await store.RevisionsAsync(id, revision + 1, 1, stop);
        if (rows.Count == 0 || rows[0].Integration.Revision != revision)
            return new Outcome<SavedIntegration>.Invalid([new("revision", "unknown", $"There is no revision {revision}. GET /v1/admin/integrations/{id}/revisions lists them.")]);
        var next = rows[0].Integration with { Revision = current.Revision + 1, CreatedAt = current.CreatedAt, UpdatedAt = time.GetUtcNow() };
        // The destination may have learnt stricter rules since; what delivery copes with is no reason to refuse.
        var found = catalogue.Find(next.Vendor)?.Check(next) ?? new CheckedIntegration(next, [], []);
        return await SaveAsync(found with { Errors = [.. found.Errors.Where(e => e.StopsDelivery)] }, current, note ?? $"Rolled back to revision {revision}", "integration.rolled_back", actor, stop);
    }

    /// <summary>Removes an integration, all that is known of its deliveries and the alert rules for it.</summary>
    public async Task<Outcome<Integration>> DeleteAsync(string id, int? expected, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var current)) return new Outcome<Integration>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<Integration>.Stale();
        if (!await store.DeleteIntegrationAsync(id, await removals.OfAsync(current, actor, stop), stop)) return new Outcome<Integration>.Missing();
        await feed.ReloadAsync(stop);
        return new Outcome<Integration>.Done(current);
    }

    /// <summary>Stores an integration that was checked elsewhere, as the successor of <paramref name="before"/> (null: a new one).</summary>
    public async Task<Outcome<SavedIntegration>> SaveAsync(CheckedIntegration found, Integration? before, string? note, string action, Actor actor, CancellationToken stop)
    {
        if (found.Errors.Count > 0) return new Outcome<SavedIntegration>.Invalid(found.Errors);
        var after = found.Integration;
        var entry = audit.Entry(actor, action, after.Id, before is null ? null : IntegrationView.Of(before), IntegrationView.Of(after), ChangedSecrets(before, after));
        var saved = await store.SaveAsync(after, note, entry, stop);
        await feed.ReloadAsync(stop);
        return saved ? new Outcome<SavedIntegration>.Done(new SavedIntegration(after, found.Warnings)) : new Outcome<SavedIntegration>.Stale();
    }

    /// <summary>The secret fields in which two revisions differ.</summary>
    public static IEnumerable<string> ChangedSecrets(Integration? before, Integration after) =>
        before is null
            ? []
            : before.Secrets.Keys.Intersect(after.Secrets.Keys).Where(k => before.Secrets[k] != after.Secrets[k]).Select(k => $"config.{k}");

    private Integration Next(Integration current) => current with { Revision = current.Revision + 1, UpdatedAt = time.GetUtcNow() };

    /// <summary>Adds an error for whatever of an integration can't be changed and would be.</summary>
    public static CheckedIntegration Kept(CheckedIntegration found, IntegrationInput input, Integration current)
    {
        if (input.SourceId != current.SourceId) found = Fixed(found, "source_id", current.SourceId);
        return input.Vendor != current.Vendor ? Fixed(found, "vendor", current.Vendor) : found;
    }

    private static CheckedIntegration Fixed(CheckedIntegration found, string field, string value) =>
        found with { Errors = [new(field, "fixed", $"{field} can't be changed from {value}. Make a new integration instead."), .. found.Errors.Where(e => e.Field != field)] };
}
