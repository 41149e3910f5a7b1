using System.CommandLine;
using System.Text.Json;
using Signal.Log.Sqlite;

namespace Signal.Hosting.CommandLine;

/// <summary><c>signal check</c>: the settings, what is stored and the configuration file, every error of all at once. Changes nothing.</summary>
internal static class CheckVerb
{
    internal static Command Command()
    {
        var command = new Command("check", "Validate the settings, the stored configuration and the configuration file; report every error.");
        command.SetAction((_, stop) => RunAsync(stop));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken stop)
    {
        var reader = SettingsReader.FromProcess();
        var settings = Settings.Read(reader);
        foreach (var key in reader.Unknown) System.Console.Error.WriteLine($"signal: warning: {key} is not a setting of Signal and changes nothing.");
        var nothingYet = settings.ConfigurationFile is null && !IsStored(settings);
        List<string> errors = [.. reader.Errors, .. nothingYet ? [] : await ConfigurationErrorsAsync(settings, stop)];
        if (errors.Count > 0) return RunVerb.Complain(errors);
        System.Console.WriteLine(nothingYet
            ? $"The settings are valid. Nothing is stored in {settings.DataDirectory} yet."
            : $"The settings and the stored configuration are valid{(settings.ConfigurationFile is null ? "" : ", and so is the configuration file")}.");
        return 0;
    }

    private static bool IsStored(Settings settings) =>
        RunFile.Find(settings.DataDirectory) is not null || File.Exists(Path.Combine(settings.DataDirectory, "state.db"));

    private static async Task<IReadOnlyList<string>> ConfigurationErrorsAsync(Settings settings, CancellationToken stop)
    {
        try
        {
            await using var api = await LocalApi.OpenAsync(settings, stop);
            var errors = await WrongAsync(api, "The stored configuration", await api.CallAsync(HttpMethod.Get, "configuration", null, stop), stop);
            if (settings.ConfigurationFile is { } path) errors.AddRange(await WrongAsync(api, path, JsonFile.Read(path), stop));
            return errors;
        }
        catch (VerbException e)
        {
            return e.Lines;
        }
        catch (Exception e) when (e is StartupException or StorageException)
        {
            return [e.Message];
        }
    }

    // As if it were being imported: every rule of today's program.
    private static async Task<List<string>> WrongAsync(LocalApi api, string what, JsonElement configuration, CancellationToken stop)
    {
        try
        {
            await api.CallAsync(HttpMethod.Put, "configuration?dry_run=true", configuration, stop);
            return [];
        }
        catch (VerbException e)
        {
            return [$"{what}:", .. e.Lines];
        }
    }
}
