using System.Collections.Frozen;
using static Signal.Manage.Access.Roles;

namespace Signal.Manage.Access;

/// <summary>Who may do what: the one table. A route that is not in it does not start.</summary>
internal static class Rights
{
    /// <summary>Stands for a route that needs no sign-in.</summary>
    public const string Anyone = "anyone";

    /// <summary>Method and path under <c>/v1/admin</c> to the least role.</summary>
    public static readonly FrozenDictionary<string, string> Table = new Dictionary<string, string>
    {
        ["POST /auth/login"] = Anyone,
        ["POST /auth/refresh"] = Anyone,
        ["POST /auth/logout"] = Anyone,
        ["GET /setup"] = Anyone,
        ["POST /setup"] = Anyone,
        ["GET /me"] = Viewer,
        ["PUT /me/password"] = Viewer,
        ["POST /me/sign-out"] = Viewer,

        ["GET /sources"] = Viewer,
        ["GET /sources/{id}"] = Viewer,
        ["GET /sources/{id}/events"] = Viewer,
        ["POST /sources"] = Editor,
        ["PUT /sources/{id}"] = Editor,
        ["PATCH /sources/{id}"] = Editor,
        ["DELETE /sources/{id}"] = Editor,
        ["POST /sources/{id}/rotate-key"] = Editor,

        ["GET /integrations"] = Viewer,
        ["GET /integrations/{id}"] = Viewer,
        ["POST /integrations"] = Editor,
        ["PUT /integrations/{id}"] = Editor,
        ["PATCH /integrations/{id}"] = Editor,
        ["DELETE /integrations/{id}"] = Editor,
        ["GET /integrations/{id}/revisions"] = Viewer,
        ["GET /integrations/{id}/revisions/{revision}"] = Viewer,
        ["POST /integrations/{id}/rollback"] = Editor,
        ["POST /integrations/{id}/preview"] = Viewer,
        ["POST /integrations/{id}/test"] = Editor,
        ["GET /integrations/{id}/events"] = Viewer,
        ["GET /integrations/{id}/dead-letters"] = Viewer,
        ["POST /integrations/{id}/dead-letters/replay"] = Editor,
        ["DELETE /integrations/{id}/dead-letters/{letter}"] = Editor,
        ["POST /integrations/{id}/dead-letters/discard"] = Editor,
        ["POST /integrations/{id}/replay"] = Editor,
        ["GET /integrations/{id}/replays"] = Viewer,
        ["GET /integrations/{id}/replays/{replay}"] = Viewer,
        ["DELETE /integrations/{id}/replays/{replay}"] = Editor,

        ["GET /integration-catalog"] = Viewer,
        ["GET /integration-catalog/{vendor}"] = Viewer,
        ["GET /events"] = Viewer,
        ["GET /events/stream"] = Viewer,
        ["GET /events/{id}"] = Viewer,
        ["GET /overview"] = Viewer,

        ["GET /visitors"] = Admin,
        ["GET /visitors/{id}"] = Admin,
        ["DELETE /visitors/{id}"] = Admin,
        ["POST /visitors/export"] = Admin,
        ["POST /visitors/erase"] = Admin,

        ["GET /users"] = Admin,
        ["GET /users/{id}"] = Admin,
        ["POST /users"] = Admin,
        ["PATCH /users/{id}"] = Admin,
        ["DELETE /users/{id}"] = Admin,
        ["POST /users/{id}/sign-out"] = Admin,
        ["GET /tokens"] = Admin,
        ["POST /tokens"] = Admin,
        ["DELETE /tokens/{id}"] = Admin,
        ["GET /audit-logs"] = Admin,
        ["GET /audit-logs/export"] = Admin,
        ["GET /alerts"] = Viewer,
        ["GET /alerts/{id}"] = Viewer,
        ["GET /alert-rules"] = Viewer,
        ["GET /alert-rules/{id}"] = Viewer,
        ["POST /alert-rules"] = Editor,
        ["PATCH /alert-rules/{id}"] = Editor,
        ["DELETE /alert-rules/{id}"] = Editor,
        ["GET /alert-channels"] = Viewer,
        ["GET /alert-channels/{id}"] = Viewer,
        ["POST /alert-channels"] = Admin,
        ["PATCH /alert-channels/{id}"] = Admin,
        ["DELETE /alert-channels/{id}"] = Admin,
        ["POST /alert-channels/{id}/test"] = Admin,
        ["POST /backups"] = Admin,
        ["GET /configuration"] = Admin,
        ["PUT /configuration"] = Admin,
    }.ToFrozenDictionary();

    /// <summary>The least role for a route; throws for a route nobody thought about.</summary>
    public static string Of(string method, string path) =>
        Table.TryGetValue($"{method} {path}", out var role)
            ? role
            : throw new InvalidOperationException($"The route {method} {path} has no row in {nameof(Rights)}.{nameof(Table)}.");
}
