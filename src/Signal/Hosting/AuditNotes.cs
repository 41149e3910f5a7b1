using System.Text.Json;
using Signal.Events;
using Signal.State;

namespace Signal.Hosting;

/// <summary>
/// What belongs into the audit log and happened while no Signal had it open: a backup of a stopped Signal, a restore. The one who did
/// it leaves a note in the data directory; the next start writes it into the log, with the time it happened.
/// </summary>
internal static class AuditNotes
{
    /// <summary>The file's name, one entry a line as JSON.</summary>
    public const string Name = "signal.notes";

    /// <summary>Leaves a note, on disk when this returns.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static void Leave(string dataDirectory, string action, string resource, IReadOnlyDictionary<string, object> what, DateTimeOffset at)
    {
        var changes = what.ToDictionary(w => w.Key, w => new AuditChange(null, JsonSerializer.SerializeToElement(w.Value)));
        var entry = new AuditEntry(Ids.New("log", at), at, "command line", action, action[..action.IndexOf('.', StringComparison.Ordinal)], resource, changes, null);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(Path.Combine(dataDirectory, Name), options);
        JsonSerializer.Serialize(file, entry);
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }

    /// <summary>The notes that can be read, oldest first, and how many lines can't.</summary>
    public static (IReadOnlyList<AuditEntry> Entries, int Unreadable) Read(string path)
    {
        var (entries, unreadable) = (new List<AuditEntry>(), 0);
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                if (JsonSerializer.Deserialize<AuditEntry>(line) is { Id.Length: > 0, Action.Length: > 0, Changes: not null } entry) entries.Add(entry);
                else unreadable++;
            }
            catch (JsonException)
            {
                // Cut short by a power cut, or written by somebody else.
                unreadable++;
            }
        }

        return (entries, unreadable);
    }
}
