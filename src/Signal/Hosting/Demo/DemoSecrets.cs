using System.Security.Cryptography;
using System.Text.Json;

namespace Signal.Hosting.Demo;

/// <summary>The demo's own password and Matomo token: made up once a data directory, readable by its owner only.</summary>
/// <param name="Password">Of the demo's administrator.</param>
/// <param name="MatomoToken">What the sandbox takes for its write user's token.</param>
internal sealed record DemoSecrets(string Password, string MatomoToken)
{
    internal const string Email = "admin@example.com";

    internal static DemoSecrets In(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "demo.json");
        Directory.CreateDirectory(dataDirectory);
        if (File.Exists(path)) return JsonSerializer.Deserialize<DemoSecrets>(File.ReadAllBytes(path))!;
        var made = new DemoSecrets(
            RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 14),
            RandomNumberGenerator.GetHexString(32, lowercase: true));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, made);
        return made;
    }
}
