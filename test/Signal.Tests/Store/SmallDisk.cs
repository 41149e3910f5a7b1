using System.Diagnostics;

namespace Signal.Tests.Store;

/// <summary>A file system of a few megabytes of its own, so that a test can fill a real disk. Mounting one takes root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Null where nothing may be mounted; the caller skips, visibly.</summary>
    internal static SmallDisk? TryMount(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;
        var path = Directory.CreateTempSubdirectory("signal-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path)) return new SmallDisk(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Takes all the space that is left; answers the file that holds it.</summary>
    internal string Fill()
    {
        var filler = System.IO.Path.Combine(Path, "filler");
        using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        while (true)
        {
            try
            {
                file.Write(block);
            }
            catch (IOException)
            {
                return filler;
            }
        }
    }

    public void Dispose()
    {
        // Lazily, because a program that was just killed may still be letting go of its files.
        Run("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
