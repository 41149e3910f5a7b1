using System.ComponentModel.DataAnnotations;
using Signal.Configure;
using Signal.Manage.Changes;
using Signal.Manage.Http;

namespace Signal.Manage.Resources;

/// <summary><c>/sources</c></summary>
internal static class Sources
{
    public static void MapSources(this IEndpointRouteBuilder admin)
    {
        var sources = admin.MapGroup("/sources").WithTags("Sources");
        sources.MapGet("", List).Says<Page<SourceView>>("listSources", "Lists the sources.");
        sources.MapPost("", CreateAsync).Repeatable().Says<SourceView>("createSource", "Makes a source. The answer shows its secret once.", 201);
        sources.MapGet("/{id}", Read).Says<SourceView>("getSource", "Shows a source.");
        sources.MapPut("/{id}", ReplaceAsync).Says<SourceView>("replaceSource", "Replaces a source's settings.");
        sources.MapPatch("/{id}", PatchAsync).Says<SourceView>("updateSource", "Changes the settings given.");
        sources.MapDelete("/{id}", DeleteAsync).Says("deleteSource", "Removes a source, its integrations and their delivery state.");
        sources.MapPost("/{id}/rotate-key", RotateAsync).Says<SourceView>("rotateSourceKey", "Makes a new pipeline key or secret; the old key works on for the grace period.");
    }

    private static IResult List(Query<PageQuery> query, IConfigurationFeed feed) =>
        Paging.OfIds(feed.Current.Sources.Values, query.Value, s => s.Id, s => SourceView.Of(s));

    private static IResult Read(string id, IConfigurationFeed feed) =>
        feed.Current.Sources.TryGetValue(id, out var source) ? Shown(source) : Answer.NotFound($"source {id}");

    private static async Task<IResult> CreateAsync(Body<SourceInput> body, SourceChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.CreateAsync(body.Value, actor, stop), "source", s => Answer.Created($"/v1/admin/sources/{s.Id}", SourceView.Of(s, showSecret: true)).Tagged(s.Revision));

    private static async Task<IResult> ReplaceAsync(string id, Body<SourceInput> body, IfMatch match, SourceChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.ReplaceAsync(id, body.Value, match.Revision, actor, stop), $"source {id}", Shown);

    private static async Task<IResult> PatchAsync(string id, Patch<SourcePatch> patch, IfMatch match, SourceChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.PatchAsync(id, patch.Json, match.Revision, actor, stop), $"source {id}", Shown);

    private static async Task<IResult> DeleteAsync(string id, IfMatch match, SourceChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.DeleteAsync(id, match.Revision, actor, stop), $"source {id}", _ => Results.NoContent());

    private static async Task<IResult> RotateAsync(string id, Body<RotateInput> body, SourceChanges changes, Actor actor, CancellationToken stop)
    {
        var secret = body.Value.Rotate is "secret" or "both";
        var outcome = await changes.RotateAsync(id, body.Value.Rotate is "key" or "both", secret, TimeSpan.FromSeconds(body.Value.GraceSeconds), actor, stop);
        return Answer.Of(outcome, $"source {id}", s => Answer.Ok(SourceView.Of(s, showSecret: secret)).Tagged(s.Revision));
    }

    private static IResult Shown(Source source) => Answer.Ok(SourceView.Of(source)).Tagged(source.Revision);
}

/// <summary>What to rotate.</summary>
internal sealed record RotateInput
{
    /// <summary>key (default), secret or both. A new secret takes the old one's place at once and is shown in this answer only.</summary>
    [AllowedValues("key", "secret", "both", ErrorMessage = "{0} must be key, secret or both.")]
    public string Rotate { get; init; } = "key";

    /// <summary>How long the old pipeline key works on, in seconds.</summary>
    [Range(0, 2_592_000, ErrorMessage = "{0} must be between {1} and {2} seconds (30 days).")]
    public int GraceSeconds { get; init; } = 86_400;
}

/// <summary>The fields of a source to change; what is left out stays.</summary>
internal sealed record SourcePatch
{
    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>The site's host name.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether it collects.</summary>
    public bool? Enabled { get; init; }

    /// <summary>What counts as consent here.</summary>
    public ConsentPolicy? Consent { get; init; }

    /// <summary>Origins allowed besides the domain and its sub-domains.</summary>
    public IReadOnlyList<string>? AllowedOrigins { get; init; }

    /// <summary>Pages of localhost may send too.</summary>
    public bool? AllowLocalhost { get; init; }

    /// <summary>Events a second.</summary>
    public int? RateLimit { get; init; }

    /// <summary>Drop events of known bots.</summary>
    public bool? FilterBots { get; init; }

    /// <summary>The visitor cookie.</summary>
    public CookieSettings? Cookie { get; init; }

    /// <summary>The browser SDK as this source serves it.</summary>
    public SdkSettings? Sdk { get; init; }
}
