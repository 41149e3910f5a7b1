using System.Text.Json;

namespace MatomoSandbox.Recording;

/// <summary>
/// The requests that were tracked, one JSON object a line, so that a sandbox started again finds what it had recorded. The file holds
/// tokens and is readable by its owner only. No fsync: a stand-in for Matomo may forget in a power cut.
/// </summary>
internal sealed class Journal(string path)
{
    // A demo's worth; older requests are forgotten at the next start.
    private const int Kept = 5_000;

    /// <summary>What was tracked, oldest first. A last line that was cut off is left out.</summary>
    public IReadOnlyList<JournalLine> Read()
    {
        if (!File.Exists(path))
            return [];
        var lines = File.ReadLines(path).Select(Parse).OfType<JournalLine>().TakeLast(Kept).ToList();
        Forget();
        foreach (var line in lines)
            Add(line);
        return lines;
    }

    public void Add(JournalLine line)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, line);
        file.WriteByte((byte)'\n');
    }

    public void Forget() => File.Delete(path);

    private static JournalLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One request.</summary>
/// <param name="At">When it was tracked, unix seconds.</param>
/// <param name="Request">As it came.</param>
internal sealed record JournalLine(long At, TrackerRequest Request);
