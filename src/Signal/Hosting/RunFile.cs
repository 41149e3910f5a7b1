using System.Diagnostics;
using System.Text.Json;

namespace Signal.Hosting;

/// <summary>
/// Tells other verbs where a running process can be asked: <c>signal.run.json</c> in the data directory, readable by its owner only,
/// with an administrator's token that is good for this run.
/// </summary>
/// <param name="Pid">The process.</param>
/// <param name="Collect">Where it collects.</param>
/// <param name="Manage">Where it is managed.</param>
/// <param name="Token">An API token for this run.</param>
internal sealed record RunFile(int Pid, IReadOnlyList<string> Collect, IReadOnlyList<string> Manage, string Token)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "signal.run.json");

    /// <summary>Writes the file so that nobody else can read it at any moment.</summary>
    internal void Write(string dataDirectory)
    {
        var path = PathIn(dataDirectory);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(path);
        using (var file = new FileStream(path + ".new", options)) JsonSerializer.Serialize(file, this, Json);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The process that runs on this data directory, or null when there is none (a file left by a killed one does not count).</summary>
    internal static RunFile? Find(string dataDirectory)
    {
        try
        {
            var run = JsonSerializer.Deserialize<RunFile>(File.ReadAllBytes(PathIn(dataDirectory)), Json);
            return run is not null && IsAlive(run.Pid) ? run : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
