namespace Signal.Console.Access;

/// <summary>Where to go after signing in: a path of ours, whatever the address asks for, in a form that can stand in a header.</summary>
internal static class LocalPath
{
    private static readonly Uri Here = new("http://signal.invalid/");

    public static string Of(string? path)
    {
        // Browsers drop tabs and line ends out of addresses and take a backslash for a slash: what is left may name another host.
        if (path is not ['/', ..] || path.Any(c => c == '\\' || char.IsControl(c)) || !Uri.TryCreate(Here, path, out var target) || target.Host != Here.Host) return "/";
        var local = target.PathAndQuery + target.Fragment;
        return local.StartsWith("//", StringComparison.Ordinal) || local.StartsWith("/sign-", StringComparison.Ordinal) ? "/" : local;
    }
}
