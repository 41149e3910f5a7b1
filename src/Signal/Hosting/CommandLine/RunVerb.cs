using Signal.Log.Sqlite;

namespace Signal.Hosting.CommandLine;

/// <summary><c>signal run</c> and <c>signal demo</c>.</summary>
internal static class RunVerb
{
    internal static async Task<int> RunAsync(bool demo, CancellationToken stop)
    {
        var reader = SettingsReader.FromProcess();
        var settings = Settings.Read(reader, demo ? "./data/demo" : "./data");
        if (reader.Errors.Count > 0) return Complain(reader.Errors);

        RedactingWriter.Install(settings);
        try
        {
            using var host = SignalHost.Build(settings, demo);
            var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Signal.Hosting");
            foreach (var key in reader.Unknown) log.UnknownSetting(key);
            await host.RunAsync(stop);
            return 0;
        }
        catch (Exception e) when (e is StartupException or StorageException)
        {
            return Complain([e.Message]);
        }
    }

    internal static int Complain(IReadOnlyList<string> errors)
    {
        foreach (var error in errors) System.Console.Error.WriteLine($"signal: {error}");
        return 1;
    }
}
