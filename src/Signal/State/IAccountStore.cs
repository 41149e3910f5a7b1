namespace Signal.State;

/// <summary>Users, API tokens and sign-in sessions of the management side. Each change by a person is one unit with its audit entry.</summary>
public interface IAccountStore
{
    /// <summary>Every user, by e-mail address.</summary>
    Task<IReadOnlyList<User>> UsersAsync(CancellationToken stop);

    /// <summary>The user with this e-mail address (case does not matter) or null.</summary>
    Task<User?> UserByEmailAsync(string email, CancellationToken stop);

    /// <summary>The user who signs on elsewhere as this subject, or null.</summary>
    Task<User?> UserBySubjectAsync(string subject, CancellationToken stop);

    /// <summary>The user with this id or null.</summary>
    Task<User?> UserAsync(string id, CancellationToken stop);

    /// <summary>Inserts revision 1, or replaces the revision before. A new <see cref="User.Stamp"/> ends the user's sessions in the same unit.</summary>
    Task<UserSaved> SaveAsync(User user, AuditEntry entry, CancellationToken stop);

    /// <summary>Stores what a sign-in changes (failures, lock, last time, the hash's form) of the revision given. False: somebody changed or removed the user meanwhile.</summary>
    Task<bool> MarkSignInAsync(User user, AuditEntry entry, CancellationToken stop);

    /// <summary>Removes a user of this revision (any when null) and their sessions.</summary>
    Task<UserSaved> DeleteUserAsync(string id, int? revision, AuditEntry entry, CancellationToken stop);

    /// <summary>Every API token, newest first.</summary>
    Task<IReadOnlyList<ApiToken>> TokensAsync(CancellationToken stop);

    /// <summary>The token with this SHA-256, or null.</summary>
    Task<ApiToken?> TokenByHashAsync(string sha256, CancellationToken stop);

    /// <summary>Keeps a new token.</summary>
    Task AddAsync(ApiToken token, AuditEntry entry, CancellationToken stop);

    /// <summary>Notes when a token was last used; nothing happens when it was revoked meanwhile.</summary>
    Task MarkUsedAsync(string tokenId, DateTimeOffset at, CancellationToken stop);

    /// <summary>Revokes.</summary>
    Task<bool> DeleteTokenAsync(string id, AuditEntry entry, CancellationToken stop);

    /// <summary>Begins a session with its first refresh token.</summary>
    Task BeginSessionAsync(RefreshToken first, CancellationToken stop);

    /// <summary>Adds the next refresh token of a session. False: it was ended meanwhile and stays so.</summary>
    Task<bool> ContinueSessionAsync(RefreshToken next, CancellationToken stop);

    /// <summary>Marks a refresh token as used and answers what it was before the call; null when unknown.</summary>
    Task<RefreshToken?> UseRefreshTokenAsync(string sha256, DateTimeOffset at, CancellationToken stop);

    /// <summary>Whether a session (a family of refresh tokens) has not been ended.</summary>
    Task<bool> HasSessionAsync(string family, CancellationToken stop);

    /// <summary>Ends a session: all refresh tokens of the family. False: there was none.</summary>
    Task<bool> EndSessionAsync(string family, CancellationToken stop);
}

/// <summary>How a change of a user ended.</summary>
public enum UserSaved
{
    /// <summary>It is stored.</summary>
    Done,

    /// <summary>The user has changed or is gone.</summary>
    Stale,

    /// <summary>Another user has the e-mail address or the subject.</summary>
    Taken,

    /// <summary>Nobody could administer any more.</summary>
    LastAdministrator,
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
    DateTimeOffset? LastSignInAt)
{
    /// <summary>Counts the changes people made, from 1; signing in is none.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>A disabled user is known but can't sign in.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Issuer and subject at the provider they sign on with; null while they have not.</summary>
    public string? Subject { get; init; }

    /// <summary>Random; a new one ends every session.</summary>
    public string Stamp { get; init; } = "";
}

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
