namespace Signal.Manage.Access;

/// <summary>What people may do: each role includes the ones before it.</summary>
internal static class Roles
{
    /// <summary>Sees configuration and events.</summary>
    public const string Viewer = "viewer";

    /// <summary>Changes configuration, replays.</summary>
    public const string Editor = "editor";

    /// <summary>Users, tokens, audit log, personal data.</summary>
    public const string Admin = "admin";

    /// <summary>In rising order.</summary>
    public static readonly IReadOnlyList<string> All = [Viewer, Editor, Admin];

    /// <summary>The roles that include <paramref name="role"/>.</summary>
    public static IEnumerable<string> AtLeast(string role) => All.SkipWhile(r => r != role);
}
