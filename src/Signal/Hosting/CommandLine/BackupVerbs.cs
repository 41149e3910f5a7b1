using System.CommandLine;
using System.Globalization;
using Signal.Log.Sqlite;
using Signal.State.Secrets;
using Signal.State.Sqlite;

namespace Signal.Hosting.CommandLine;

/// <summary><c>signal backup</c>, beside a running process or alone, and <c>signal restore</c>.</summary>
internal static class BackupVerbs
{
    internal static IEnumerable<Command> All() => [Backup(), Restore()];

    private static Command Backup()
    {
        var target = new Argument<string>("target") { Description = "A new directory, a new file that ends in .tar, or a directory that exists to put one into." };
        var withKey = new Option<bool>("--with-key") { Description = "Also the master key: whoever has the backup can then read every stored token." };
        var command = new Command("backup", "Copy the data directory, whether Signal runs or not.") { target, withKey };
        command.SetAction((parsed, stop) => GuardedAsync(async settings =>
        {
            var path = Target(parsed.GetValue(target)!);
            var manifest = new StorageBackup(settings.DataDirectory, settings.MasterKey, TimeProvider.System).Take(path, parsed.GetValue(withKey));
            System.Console.WriteLine($"{path}: {Contents(manifest)}");
            if (manifest.KeyId is { } key && !HoldsKey(manifest))
                System.Console.WriteLine($"The master key ({key}) is not in it. Keep a copy of it elsewhere: without it the stored tokens and passwords can't be read.");
            await NoteAsync(settings, path, manifest, stop);
        }));
        return command;
    }

    private static Command Restore()
    {
        var from = new Argument<string>("from") { Description = "A backup: a directory, or a file that ends in .tar." };
        var withoutKey = new Option<bool>("--without-key") { Description = "Also when the master key is not at hand: stored tokens are lost." };
        var command = new Command("restore", "Put a backup into the data directory, which must be empty, while Signal is stopped.") { from, withoutKey };
        command.SetAction((parsed, _) => GuardedAsync(settings =>
        {
            var manifest = new StorageRestore(settings.DataDirectory, settings.MasterKey).Run(Path.GetFullPath(parsed.GetValue(from)!), parsed.GetValue(withoutKey));
            Note(settings, "backup.restored", Path.GetFullPath(parsed.GetValue(from)!), new Dictionary<string, object> { ["taken_at"] = manifest.TakenAt, ["signal"] = manifest.Signal, ["bytes"] = manifest.Files.Sum(f => f.Bytes), ["with_key"] = HoldsKey(manifest) });
            System.Console.WriteLine($"{settings.DataDirectory} is as it was at {manifest.TakenAt:u}: {Contents(manifest)}");
            System.Console.WriteLine("Start Signal. What waited for delivery then is delivered now, also what was delivered since.");
            return Task.CompletedTask;
        }));
        return command;
    }

    private static string Target(string path)
    {
        path = Path.GetFullPath(path);
        return Directory.Exists(path) ? Path.Combine(path, $"signal-{TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}") : path;
    }

    private static bool HoldsKey(BackupManifest manifest) => manifest.Files.Any(f => f.Name == MasterKeyFile.Name);

    private static string Contents(BackupManifest manifest) =>
        $"{string.Join(", ", manifest.Files.Select(f => $"{f.Name} {f.Bytes:N0} bytes"))}, whole and checked.";

    // Who has a copy of everything is worth knowing: the process that runs writes it into the audit log, or the next one does.
    private static async Task NoteAsync(Settings settings, string path, BackupManifest manifest, CancellationToken stop)
    {
        if (LocalApi.OfRunning(settings) is not { } api)
        {
            Note(settings, "backup.taken", path, new Dictionary<string, object> { ["target"] = path, ["taken_at"] = manifest.TakenAt, ["bytes"] = manifest.Files.Sum(f => f.Bytes), ["with_key"] = HoldsKey(manifest) });
            return;
        }

        await using var running = api;
        var note = new { target = path, taken_at = manifest.TakenAt, bytes = manifest.Files.Sum(f => f.Bytes), with_key = HoldsKey(manifest), account = Environment.UserName, machine = Environment.MachineName };
        try
        {
            await running.CallAsync(HttpMethod.Post, "backups", note, stop);
        }
        catch (Exception e) when (e is VerbException or HttpRequestException)
        {
            System.Console.Error.WriteLine($"signal: warning: the backup is whole, but the running process could not note it in the audit log: {e.Message}");
        }
    }

    // What was done stands, whether it could be noted or not.
    private static void Note(Settings settings, string action, string resource, Dictionary<string, object> what)
    {
        (what["account"], what["machine"]) = (Environment.UserName, Environment.MachineName);
        try
        {
            AuditNotes.Leave(settings.DataDirectory, action, resource, what, TimeProvider.System.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            System.Console.Error.WriteLine($"signal: warning: this could not be noted for the audit log: {e.Message}");
        }
    }

    private static async Task<int> GuardedAsync(Func<Settings, Task> run)
    {
        var reader = SettingsReader.FromProcess();
        var settings = Settings.Read(reader);
        if (reader.Errors.Count > 0) return RunVerb.Complain(reader.Errors);
        try
        {
            await run(settings);
            return 0;
        }
        catch (Exception e) when (e is StorageException or FormatException)
        {
            return RunVerb.Complain([e.Message]);
        }
    }
}
