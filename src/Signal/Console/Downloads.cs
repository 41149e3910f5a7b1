using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Signal.Console.Access;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.Manage.Privacy;
using Signal.State;

namespace Signal.Console;

/// <summary>What the console hands out as files.</summary>
internal static class Downloads
{
    private static readonly JsonSerializerOptions Readable = new(ApiJson.Options) { WriteIndented = true };

    public static void MapDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit/export", ExportAudit).ExcludeFromDescription();
        routes.MapGet("/privacy/export", ExportVisitorAsync).ExcludeFromDescription();
    }

    [Authorize(Policy = ConsolePolicy.Admin)]
    private static IResult ExportAudit(string? actor, string? action, string? resource, DateTimeOffset? from, DateTimeOffset? to, IAuditLog log, CancellationToken stop) =>
        Results.Stream(output => AuditExport.WriteAsync(output, new AuditFilter(Given(action), Given(actor), Given(resource), from, to), csv: false, log, stop), "application/x-ndjson", "audit-log.ndjson");

    [Authorize(Policy = ConsolePolicy.Admin)]
    private static async Task<IResult> ExportVisitorAsync(
        [FromQuery(Name = "anonymous_id")] string? anonymousId, [FromQuery(Name = "user_id")] string? userId, VisitorDesk desk, HttpContext context, CancellationToken stop)
    {
        if (string.IsNullOrEmpty(anonymousId) == string.IsNullOrEmpty(userId)) return Results.BadRequest("Name either anonymous_id or user_id.");
        var export = await desk.ExportAsync(new VisitorKey { AnonymousId = Given(anonymousId), UserId = Given(userId) }, Actor.Of(context), stop);
        return Results.File(JsonSerializer.SerializeToUtf8Bytes(export, Readable), "application/json", "visitor.json");
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
