namespace Signal.Console.Access;

/// <summary>The console's authorization policies: the API's roles, held by a cookie session.</summary>
internal static class ConsolePolicy
{
    public const string Viewer = "console.viewer";
    public const string Editor = "console.editor";
    public const string Admin = "console.admin";

    /// <summary>The policy that asks for at least this role.</summary>
    public static string Of(string role) => $"console.{role}";
}
