using Signal.Manage.Changes;
using Signal.Manage.Files;
using Signal.Manage.Http;

namespace Signal.Manage.Resources;

/// <summary><c>/configuration</c></summary>
internal static class Configuration
{
    public static void MapConfiguration(this IEndpointRouteBuilder admin)
    {
        var configuration = admin.MapGroup("/configuration").WithTags("Configuration");
        configuration.MapGet("", async (ConfigurationExport export, CancellationToken stop) => Answer.Ok(await export.WriteAsync(stop))).Says<ConfigurationFile>("exportConfiguration", "The whole configuration as one file, secrets by reference.");
        configuration.MapPut("", ImportAsync).Says<ImportView>("importConfiguration", "Makes the configuration what a file says, or says what would change.");
    }

    private static async Task<IResult> ImportAsync(Body<ConfigurationFile> body, Query<ImportQuery> query, ConfigurationImport import, Actor actor, CancellationToken stop) =>
        Answer.Of(await import.ApplyAsync(body.Value, query.Value.Prune, query.Value.DryRun, actor, stop), "configuration", Answer.Ok);
}

/// <summary>How to import.</summary>
internal sealed record ImportQuery
{
    /// <summary>Also remove what the file does not name.</summary>
    public bool Prune { get; init; }

    /// <summary>Only check, and say what would change.</summary>
    public bool DryRun { get; init; }
}
