namespace Signal.State;

/// <summary>Users, API tokens and sign-in sessions of the management side.</summary>
public interface IAccountStore
{
    /// <summary>Every user, by e-mail address.</summary>
    Task<IReadOnlyList<User>> UsersAsync(CancellationToken stop);

    /// <summary>The user with this e-mail address (case does not matter) or null.</summary>
    Task<User?> UserByEmailAsync(string email, CancellationToken stop);

    /// <summary>The user with this id or null.</summary>
    Task<User?> UserAsync(string id, CancellationToken stop);

    /// <summary>Inserts or replaces. False when another user has the e-mail address.</summary>
    Task<bool> SaveAsync(User user, CancellationToken stop);

    /// <summary>Removes a user and their sessions.</summary>
    Task<bool> DeleteUserAsync(string id, CancellationToken stop);

    /// <summary>Every API token, newest first.</summary>
    Task<IReadOnlyList<ApiToken>> TokensAsync(CancellationToken stop);

    /// <summary>The token with this SHA-256, or null.</summary>
    Task<ApiToken?> TokenByHashAsync(string sha256, CancellationToken stop);

    /// <summary>Inserts or replaces.</summary>
    Task SaveAsync(ApiToken token, CancellationToken stop);

    /// <summary>Revokes.</summary>
    Task<bool> DeleteTokenAsync(string id, CancellationToken stop);

    /// <summary>Remembers a refresh token of a session.</summary>
    Task SaveAsync(RefreshToken token, CancellationToken stop);

    /// <summary>Marks a refresh token as used and answers what it was before the call; null when unknown.</summary>
    Task<RefreshToken?> UseRefreshTokenAsync(string sha256, DateTimeOffset at, CancellationToken stop);

    /// <summary>Ends a session: all refresh tokens of the family.</summary>
    Task EndSessionAsync(string family, CancellationToken stop);
}

/// <summary>Somebody who may sign in.</summary>
/// <param name="Id"><c>usr_…</c></param>
/// <param name="Email">Unique, case does not matter.</param>
/// <param name="Name">What people call them.</param>
/// <param name="Role"><c>viewer</c>, <c>editor</c> or <c>admin</c>.</param>
/// <param name="PasswordHash">ASP.NET Core Identity's format; null when they sign on elsewhere.</param>
/// <param name="FailedSignIns">Since the last success.</param>
/// <param name="LockedUntil">No sign-in before then.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="LastSignInAt">When they last signed in.</param>
public sealed record User(
    string Id,
    string Email,
    string Name,
    string Role,
    string? PasswordHash,
    int FailedSignIns,
    DateTimeOffset? LockedUntil,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt);

/// <summary>An API token; the token itself is shown once and only its hash is kept.</summary>
public sealed record ApiToken(
    string Id,
    string Name,
    string Role,
    string Sha256,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt);

/// <summary>A refresh token; a session is a family of them, each used once.</summary>
public sealed record RefreshToken(string Sha256, string Family, string UserId, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt);
