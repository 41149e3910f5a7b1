using Signal.Manage.Access;

namespace Signal.Manage;

/// <summary>Settings of the management side; the host reads them.</summary>
public sealed record ManageOptions
{
    /// <summary>Signs access tokens; at least 32 bytes, derived from the master key.</summary>
    public required byte[] SigningKey { get; init; }

    /// <summary>A fixed API token with administrator rights, at least 32 characters; null for none.</summary>
    public string? AdminToken { get; init; }

    /// <summary>An administrator's token that is good for this run of the process, for the program's own verbs; null for none.</summary>
    public string? RunToken { get; init; }

    /// <summary>The first administrator's e-mail address; null: a set-up link is offered while there is no user.</summary>
    public string? AdminEmail { get; init; }

    /// <summary>The first administrator's password.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>How long an access token lives.</summary>
    public TimeSpan AccessTokenLife { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a refresh token lives.</summary>
    public TimeSpan RefreshTokenLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Wrong passwords in a row until the account is locked.</summary>
    public int FailuresUntilLock { get; init; } = 5;

    /// <summary>How long it stays locked.</summary>
    public TimeSpan LockFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Requests a minute and user (or address, without one).</summary>
    public int RequestsPerMinute { get; init; } = 100;

    /// <summary>Sign-in attempts a minute and address.</summary>
    public int SignInsPerMinute { get; init; } = 30;

    /// <summary>How long the answer to an <c>Idempotency-Key</c> is remembered.</summary>
    public TimeSpan IdempotencyLife { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Changes and deletions of sources, integrations and users must carry <c>If-Match</c> (else 428).</summary>
    public bool RequireIfMatch { get; init; }

    /// <summary>Whether people may sign in with a password.</summary>
    public bool PasswordSignIn { get; init; } = true;

    /// <summary>The provider people may sign on with; null for none.</summary>
    public SingleSignOnOptions? SingleSignOn { get; init; }

    /// <summary>A comment is sent on an idle event stream this often, so that proxies keep it open.</summary>
    public TimeSpan StreamHeartbeat { get; init; } = TimeSpan.FromSeconds(15);
}
