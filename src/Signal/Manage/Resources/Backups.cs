using System.ComponentModel.DataAnnotations;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/backups</c></summary>
internal static class Backups
{
    public static void MapBackups(this IEndpointRouteBuilder admin) =>
        admin.MapPost("/backups", NoteAsync).WithTags("Backups").Says("noteBackup", "Notes in the audit log that a backup was taken beside this process, as signal backup does.");

    private static async Task<IResult> NoteAsync(Body<BackupNote> body, Audit audit, IAuditLog log, Actor actor, CancellationToken stop)
    {
        await log.AppendAsync(audit.Entry(actor, "backup.taken", body.Value.Target, null, body.Value), stop);
        return Results.NoContent();
    }
}

/// <summary>A backup that was taken.</summary>
internal sealed record BackupNote
{
    /// <summary>Where it was written.</summary>
    [StringLength(1000, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 1000 characters.")]
    public required string Target { get; init; }

    /// <summary>The moment it shows.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Its size.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "{0} must not be negative.")]
    public long Bytes { get; init; }

    /// <summary>Whether the master key is in it.</summary>
    public bool WithKey { get; init; }

    /// <summary>Who ran it: the account of the operating system.</summary>
    [StringLength(200, ErrorMessage = "{0} must have at most 200 characters.")]
    public string? Account { get; init; }

    /// <summary>On which machine.</summary>
    [StringLength(200, ErrorMessage = "{0} must have at most 200 characters.")]
    public string? Machine { get; init; }
}
