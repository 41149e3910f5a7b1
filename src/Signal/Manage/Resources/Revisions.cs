using System.ComponentModel.DataAnnotations;
using Signal.Configure;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations/{id}/revisions</c> and <c>/rollback</c></summary>
internal static class Revisions
{
    public static void MapRevisions(this IEndpointRouteBuilder admin)
    {
        var revisions = admin.MapGroup("/integrations/{id}").WithTags("Integrations");
        revisions.MapGet("/revisions", ListAsync).Says<Page<RevisionRow>>("listRevisions", "Lists what changed, newest first.");
        revisions.MapGet("/revisions/{revision}", ReadAsync).Says<RevisionView>("getRevision", "Shows the integration as it was, secrets masked, and how it differs from another revision.");
        revisions.MapPost("/rollback", RollBackAsync).Says<IntegrationView>("rollBackIntegration", "Makes an earlier revision the newest one.");
    }

    private static async Task<IResult> ListAsync(string id, Query<PageQuery> query, IConfigurationFeed feed, IConfigurationStore store, CancellationToken stop)
    {
        if (!feed.Current.Integrations.ContainsKey(id)) return Answer.NotFound($"integration {id}");
        if (!Paging.TryRead<int?>(query.Value.Cursor, out var before)) return Paging.BadCursor();
        var rows = await store.RevisionsAsync(id, before, query.Value.Limit + 1, stop);
        // Each row is compared with the one before it in time, which stands after it in the list.
        var compared = rows.Select((row, i) => RevisionRow.Of(row, i + 1 < rows.Count ? rows[i + 1].Integration : null)).ToList();
        return Answer.Ok(Paging.Of(compared, query.Value.Limit, r => r, r => r.Revision));
    }

    private static async Task<IResult> ReadAsync(string id, int revision, Query<RevisionQuery> query, IConfigurationStore store, CancellationToken stop)
    {
        if (await FindAsync(id, revision, store, stop) is not { } found) return Answer.NotFound($"revision {revision} of integration {id}");
        var against = query.Value.Against ?? revision - 1;
        var before = await FindAsync(id, against, store, stop);
        if (before is null && query.Value.Against is not null)
            return Answer.Invalid([new("against", "unknown", $"There is no revision {against} of this integration. GET /v1/admin/integrations/{id}/revisions lists them.")]);
        var changes = RevisionRow.Of(found, before?.Integration).Changes;
        return Answer.Ok(new RevisionView(revision, found.CreatedAt, found.CreatedBy, found.Note, before?.Integration.Revision, changes, IntegrationView.Of(found.Integration)));
    }

    /// <summary>A revision of an integration; null when there is none of that number.</summary>
    internal static async Task<IntegrationRevision?> FindAsync(string id, int revision, IConfigurationStore store, CancellationToken stop) =>
        (await store.RevisionsAsync(id, revision + 1, 1, stop)) is [var row] && row.Integration.Revision == revision ? row : null;

    private static async Task<IResult> RollBackAsync(string id, Body<RollbackInput> body, IfMatch match, IntegrationChanges changes, Actor actor, IDeliveryStore store, CancellationToken stop) =>
        await Integrations.SavedAsync(await changes.RollBackAsync(id, body.Value.Revision, body.Value.Note, match.Revision, actor, stop), id, store, stop);
}

/// <summary>With which other revision to compare.</summary>
internal sealed record RevisionQuery
{
    /// <summary>Any other revision; the one before when left out.</summary>
    public int? Against { get; init; }
}

/// <summary>Where to go back to.</summary>
internal sealed record RollbackInput
{
    /// <summary>The revision to make the newest one.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "{0} must be 1 or more.")]
    public required int Revision { get; init; }

    /// <summary>What to say about it.</summary>
    [StringLength(1000, ErrorMessage = "{0} must have at most 1000 characters.")]
    public string? Note { get; init; }
}

/// <summary>A change of an integration.</summary>
internal sealed record RevisionRow(int Revision, DateTimeOffset CreatedAt, string CreatedBy, string? Note, IReadOnlyDictionary<string, AuditChange> Changes)
{
    public static RevisionRow Of(IntegrationRevision row, Integration? before)
    {
        var changes = Audit.Compare(before is null ? null : IntegrationView.Of(before), IntegrationView.Of(row.Integration));
        foreach (var field in IntegrationChanges.ChangedSecrets(before, row.Integration)) changes[field] = Audit.Hidden;
        return new RevisionRow(row.Integration.Revision, row.CreatedAt, row.CreatedBy, row.Note, changes);
    }
}

/// <summary>An integration as it was; <paramref name="Changes"/> leads from the revision <paramref name="Against"/> to it.</summary>
internal sealed record RevisionView(
    int Revision,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    string? Note,
    int? Against,
    IReadOnlyDictionary<string, AuditChange> Changes,
    IntegrationView Integration);
