namespace Signal.Console.Access;

/// <summary>Where to go after signing in: a path of ours, whatever the address asks for.</summary>
internal static class LocalPath
{
    public static string Of(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Contains('\\', StringComparison.Ordinal) && !path.StartsWith("/sign-", StringComparison.Ordinal) ? path : "/";
}
