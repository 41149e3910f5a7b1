using System.ComponentModel.DataAnnotations;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>A new user.</summary>
internal sealed record UserInput
{
    /// <summary>Where to sign in with.</summary>
    public required string Email { get; init; }

    /// <summary>What people call them.</summary>
    [StringLength(200, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 200 characters.")]
    [OneLine]
    public required string Name { get; init; }

    /// <summary>viewer, editor or admin.</summary>
    [AllowedValues(Roles.Viewer, Roles.Editor, Roles.Admin, ErrorMessage = "{0} must be viewer, editor or admin.")]
    public required string Role { get; init; }

    /// <summary>Write-only. May be left out where people sign on at a provider.</summary>
    public string? Password { get; init; }
}

/// <summary>What to change of a user; what is left out stays.</summary>
internal sealed record UserPatch
{
    /// <summary>Where to sign in with.</summary>
    public string? Email { get; init; }

    /// <summary>What people call them.</summary>
    [StringLength(200, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 200 characters.")]
    [OneLine]
    public string? Name { get; init; }

    /// <summary>viewer, editor or admin.</summary>
    [AllowedValues(Roles.Viewer, Roles.Editor, Roles.Admin, null, ErrorMessage = "{0} must be viewer, editor or admin.")]
    public string? Role { get; init; }

    /// <summary>Write-only.</summary>
    public string? Password { get; init; }

    /// <summary>A disabled user is known but can't sign in.</summary>
    public bool? Enabled { get; init; }

    /// <summary>false unlocks an account that was locked by wrong passwords.</summary>
    [AllowedValues(false, null, ErrorMessage = "{0} can only be set to false.")]
    public bool? Locked { get; init; }
}

/// <summary>A user as people see them.</summary>
/// <param name="Id"><c>usr_…</c></param>
/// <param name="Email">Where to sign in with.</param>
/// <param name="Name">What people call them.</param>
/// <param name="Role">viewer, editor or admin.</param>
/// <param name="Enabled">Whether they may sign in.</param>
/// <param name="Locked">Locked for a while by wrong passwords.</param>
/// <param name="HasPassword">Whether they can sign in with a password.</param>
/// <param name="SingleSignOn">Whether they have signed on at the provider.</param>
/// <param name="Revision">Counts the changes; the <c>ETag</c>.</param>
/// <param name="CreatedAt">When they were added.</param>
/// <param name="LastSignInAt">When they last signed in.</param>
internal sealed record UserView(
    string Id,
    string Email,
    string Name,
    string Role,
    bool Enabled,
    bool Locked,
    bool HasPassword,
    bool SingleSignOn,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt)
{
    public static UserView Of(User user, DateTimeOffset now) => new(
        user.Id, user.Email, user.Name, user.Role, user.Enabled, user.LockedUntil > now, user.PasswordHash is not null, user.Subject is not null,
        user.Revision, user.CreatedAt, user.LastSignInAt);
}

/// <summary>A new password of one's own.</summary>
/// <param name="CurrentPassword">The one in force.</param>
/// <param name="NewPassword">At least 10 characters.</param>
internal sealed record PasswordInput(string CurrentPassword, string NewPassword);

/// <summary>A new API token.</summary>
internal sealed record TokenInput
{
    /// <summary>What it is for; stands in the audit log.</summary>
    [StringLength(200, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 200 characters.")]
    [OneLine]
    public required string Name { get; init; }

    /// <summary>viewer, editor or admin.</summary>
    [AllowedValues(Roles.Viewer, Roles.Editor, Roles.Admin, ErrorMessage = "{0} must be viewer, editor or admin.")]
    public required string Role { get; init; }

    /// <summary>Until when it works; left out: until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API token as people see it; never the token itself.</summary>
internal sealed record TokenView(string Id, string Name, string Role, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt)
{
    public static TokenView Of(ApiToken t) => new(t.Id, t.Name, t.Role, t.CreatedBy, t.CreatedAt, t.ExpiresAt, t.LastUsedAt);
}

/// <summary>A new API token with the text that is shown this once.</summary>
internal sealed record NewTokenView(string Id, string Name, string Role, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string Token);
