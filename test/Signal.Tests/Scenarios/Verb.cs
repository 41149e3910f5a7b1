using System.Diagnostics;

namespace Signal.Tests.Scenarios;

/// <summary>The program run to its end with a verb.</summary>
internal static class Verb
{
    internal static async Task<(int Exit, string Output)> RunAsync(string dataDirectory, string arguments, params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", $"{Path.Combine(AppContext.BaseDirectory, "signal.dll")} {arguments}")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = dataDirectory,
        };
        start.Environment["SIGNAL_DATA_DIR"] = dataDirectory;
        start.Environment["SIGNAL_COLLECT_URLS"] = "http://127.0.0.1:0";
        start.Environment["SIGNAL_MANAGE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await error);
    }
}
