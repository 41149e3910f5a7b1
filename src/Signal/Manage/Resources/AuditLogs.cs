using System.ComponentModel.DataAnnotations;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/audit-logs</c></summary>
internal static class AuditLogs
{
    public static void MapAuditLogs(this IEndpointRouteBuilder admin)
    {
        var logs = admin.MapGroup("/audit-logs").WithTags("Audit log");
        logs.MapGet("", ListAsync).Says<Page<AuditEntry>>("listAuditLogs", "Lists who did what, newest first.");
        logs.MapGet("/export", Export).WithName("exportAuditLogs").WithSummary("The same as one file, CSV or NDJSON.").Produces<string>(200, "text/csv", "application/x-ndjson");
    }

    private static async Task<IResult> ListAsync(Query<AuditQuery> query, IAuditLog log, CancellationToken stop)
    {
        if (!Paging.TryRead<string>(query.Value.Cursor, out var before)) return Paging.BadCursor();
        var rows = await log.ListAsync(query.Value.ToFilter(before, query.Value.Limit + 1), stop);
        return Answer.Ok(Paging.Of(rows, query.Value.Limit, e => e, e => e.Id));
    }

    private static IResult Export(Query<AuditExportQuery> query, IAuditLog log, CancellationToken stop)
    {
        var csv = query.Value.Format == "csv";
        return Results.Stream(
            output => AuditExport.WriteAsync(output, query.Value.ToFilter(null, 0), csv, log, stop),
            csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
            $"audit-log.{query.Value.Format}");
    }
}

/// <summary>Which entries: every given part must match.</summary>
internal record AuditQuery : PageQuery
{
    /// <summary>Such as <c>integration.updated</c>.</summary>
    public string? Action { get; init; }

    /// <summary>An e-mail address or a token's name.</summary>
    public string? Actor { get; init; }

    /// <summary>What was changed.</summary>
    public string? ResourceId { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? To { get; init; }

    public AuditFilter ToFilter(string? before, int limit) => new(Action, Actor, ResourceId, From, To, before, limit);
}

/// <summary>Which entries, as which file.</summary>
internal sealed record AuditExportQuery : AuditQuery
{
    /// <summary>csv or ndjson.</summary>
    [AllowedValues("csv", "ndjson", ErrorMessage = "{0} must be csv or ndjson.")]
    public string Format { get; init; } = "ndjson";
}
