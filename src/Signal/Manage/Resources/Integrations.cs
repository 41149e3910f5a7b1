using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Signal.Configure;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations</c></summary>
internal static class Integrations
{
    public static void MapIntegrations(this IEndpointRouteBuilder admin)
    {
        var integrations = admin.MapGroup("/integrations").WithTags("Integrations");
        integrations.MapGet("", ListAsync).Says<Page<IntegrationView>>("listIntegrations", "Lists the integrations, of one source if asked.");
        integrations.MapPost("", CreateAsync).Repeatable().Says<IntegrationView>("createIntegration", "Makes an integration.", 201);
        integrations.MapGet("/{id}", ReadAsync).Says<IntegrationView>("getIntegration", "Shows an integration, secrets masked.");
        integrations.MapPut("/{id}", ReplaceAsync).Says<IntegrationView>("replaceIntegration", "Replaces an integration; a new revision.");
        integrations.MapPatch("/{id}", PatchAsync).Says<IntegrationView>("updateIntegration", "Changes the fields given; a new revision.");
        integrations.MapDelete("/{id}", DeleteAsync).Says("deleteIntegration", "Removes an integration and its delivery state.");
        integrations.MapPost("/{id}/test", TestAsync).Says<DoctorReport>("testIntegration", "Tries the integration against its destination and diagnoses it.");
    }

    private static async Task<IResult> ListAsync(Query<IntegrationQuery> query, IConfigurationFeed feed, IDeliveryStore store, CancellationToken stop)
    {
        var health = await store.HealthAsync(stop);
        var all = feed.Current.Integrations.Values.Where(i => query.Value.SourceId is null || i.SourceId == query.Value.SourceId);
        return Paging.OfIds(all, query.Value, i => i.Id, i => IntegrationView.Of(i, health.GetValueOrDefault(i.Id)));
    }

    private static async Task<IResult> ReadAsync(string id, IConfigurationFeed feed, IDeliveryStore store, CancellationToken stop) =>
        feed.Current.Integrations.TryGetValue(id, out var integration)
            ? Answer.Ok(await ViewAsync(integration, store, stop)).Tagged(integration.Revision)
            : Answer.NotFound($"integration {id}");

    private static async Task<IResult> CreateAsync(Body<IntegrationInput> body, IntegrationChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.CreateAsync(body.Value, actor, stop), "integration", s =>
            Answer.Created($"/v1/admin/integrations/{s.Integration.Id}", Warned(IntegrationView.Of(s.Integration, null), s)).Tagged(s.Integration.Revision));

    private static async Task<IResult> ReplaceAsync(string id, Body<IntegrationInput> body, IfMatch match, IntegrationChanges changes, Actor actor, IDeliveryStore store, CancellationToken stop) =>
        await SavedAsync(await changes.ReplaceAsync(id, body.Value, match.Revision, actor, stop), id, store, stop);

    private static async Task<IResult> PatchAsync(string id, Patch<IntegrationPatch> patch, IfMatch match, IntegrationChanges changes, Actor actor, IDeliveryStore store, CancellationToken stop) =>
        await SavedAsync(await changes.PatchAsync(id, patch.Json, match.Revision, actor, stop), id, store, stop);

    private static async Task<IResult> DeleteAsync(string id, IfMatch match, IntegrationChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.DeleteAsync(id, match.Revision, actor, stop), $"integration {id}", _ => Results.NoContent());

    private static async Task<IResult> TestAsync(string id, IConfigurationFeed feed, IDoctor doctor, CancellationToken stop) =>
        feed.Current.Integrations.TryGetValue(id, out var integration)
            ? Answer.Ok(await doctor.RunAsync(integration, stop))
            : Answer.NotFound($"integration {id}");

    /// <summary>The answer to a change of an integration.</summary>
    public static async Task<IResult> SavedAsync(Outcome<SavedIntegration> outcome, string id, IDeliveryStore store, CancellationToken stop)
    {
        var view = outcome is Outcome<SavedIntegration>.Done done ? await ViewAsync(done.Value.Integration, store, stop) : null;
        return Answer.Of(outcome, $"integration {id}", s => Answer.Ok(Warned(view!, s)).Tagged(s.Integration.Revision));
    }

    private static async Task<IntegrationView> ViewAsync(Integration integration, IDeliveryStore store, CancellationToken stop) =>
        IntegrationView.Of(integration, (await store.HealthAsync(stop)).GetValueOrDefault(integration.Id));

    private static IntegrationView Warned(IntegrationView view, SavedIntegration saved) =>
        saved.Warnings.Count == 0 ? view : view with { Warnings = saved.Warnings };
}

/// <summary>Which integrations.</summary>
internal sealed record IntegrationQuery : PageQuery
{
    /// <summary>Only those of this source.</summary>
    public string? SourceId { get; init; }
}

/// <summary>The fields of an integration to change; what is left out stays, in <c>config</c> too.</summary>
internal sealed record IntegrationPatch
{
    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it delivers.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Settings to change; null removes one.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Config { get; init; }

    /// <summary>Every one must be granted.</summary>
    public IReadOnlyList<string>? ConsentCategories { get; init; }

    /// <summary>The preset's key; null for none.</summary>
    public string? Preset { get; init; }

    /// <summary>Own rows, all of them.</summary>
    public IReadOnlyList<FieldMapping>? Mappings { get; init; }

    /// <summary>What to say about this change.</summary>
    [StringLength(1000)]
    public string? Note { get; init; }
}
