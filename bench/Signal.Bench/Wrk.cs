using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Signal.Bench;

/// <summary>The load generator <c>wrk</c>; one thread, so that it leaves the servers something of a small machine.</summary>
internal static partial class Wrk
{
    /// <summary>Requests a second that were answered 200.</summary>
    internal static double Run(Load load, string address, string key, int seconds)
    {
        var start = new ProcessStartInfo("wrk", ["-t1", $"-c{load.Connections}", $"-d{seconds}s", "-s", Path.Combine(AppContext.BaseDirectory, "events.lua"), address, "--", key, $"{load.Events}"])
        {
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start)!;
        var output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || !Rate().IsMatch(output)) throw new InvalidOperationException($"{address} did not answer 200 to everything:\n{output}");
        return double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();
}
