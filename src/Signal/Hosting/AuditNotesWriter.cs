using Signal.State;

namespace Signal.Hosting;

/// <summary>Writes the <see cref="AuditNotes"/> that were left since into the audit log, each once, before any door opens.</summary>
internal sealed class AuditNotesWriter(Settings settings, IAuditLog audit, ILogger<AuditNotesWriter> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(settings.DataDirectory, AuditNotes.Name);
        if (!File.Exists(path)) return;
        var (entries, unreadable) = AuditNotes.Read(path);
        foreach (var entry in entries)
        {
            // Written already by a start that did not come to remove the note.
            if (await audit.ListAsync(new AuditFilter(entry.Action, Before: entry.Id + "~", Limit: 1), cancellationToken) is [var newest] && newest.Id == entry.Id) continue;
            await audit.AppendAsync(entry, cancellationToken);
        }

        File.Delete(path);
        if (unreadable > 0) log.AuditNotesUnreadable(unreadable);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
