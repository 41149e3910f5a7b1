using System.Security.Cryptography;
using System.Text;

namespace Signal.State.Secrets;

/// <summary>The key file <c>master.key</c> of a data directory: 32 bytes as base64, readable by its owner only.</summary>
internal static class MasterKeyFile
{
    public const string Name = "master.key";

    /// <summary>Reads the key, or makes a new one when there is no file. The new file is on the disk before this returns.</summary>
    /// <exception cref="FormatException">The file holds something else.</exception>
    public static MasterKey ReadOrCreate(string directory)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path)) Create(path);
        try
        {
            return MasterKey.Parse(File.ReadAllText(path));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path} holds no usable key. Restore it from a backup; without it stored secrets can't be read.", e);
        }
    }

    /// <summary>The key in use: that of the setting, else of the file; null when there is neither.</summary>
    /// <exception cref="FormatException">It holds something else.</exception>
    public static MasterKey? Find(string directory, string? setting)
    {
        var path = Path.Combine(directory, Name);
        if (setting is not null) return MasterKey.Parse(setting);
        return File.Exists(path) ? MasterKey.Parse(File.ReadAllText(path)) : null;
    }

    // Written aside and renamed: a crash leaves no half key behind.
    private static void Create(string path)
    {
        var aside = path + ".new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(aside, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Size)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path);
    }
}
