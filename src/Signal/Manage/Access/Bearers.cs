using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>
/// Whose a token is: an access token, an API token or the fixed administrator's token. The account is read on each call: a user removed
/// or demoted a moment ago is out at once, and so is a session that was ended.
/// </summary>
internal sealed class Bearers(ManageOptions options, AccessTokens access, IAccountStore accounts, TimeProvider time)
{
    /// <summary>How every API token begins.</summary>
    public const string ApiTokenPrefix = "sig_";

    private const string Scheme = "Bearer ";

    /// <summary>What the audit log calls the tokens that nobody made: the fixed one and the running process's own.</summary>
    public static readonly IReadOnlyList<string> OwnNames = ["SIGNAL_ADMIN_TOKEN", "command line"];

    private static readonly TimeSpan LastUsedStep = TimeSpan.FromMinutes(1);

    /// <summary>The token in an <c>Authorization</c> header; null when it is of another kind.</summary>
    public static string? TokenIn(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;

    /// <summary>Whose it is at this moment; null when it is unknown, revoked or expired.</summary>
    public Task<ClaimsPrincipal?> ReadAsync(string token, CancellationToken stop) =>
        Is(token, options.AdminToken) ? Task.FromResult<ClaimsPrincipal?>(Identity.Of(OwnNames[0], Roles.Admin, BearerTokens.Name))
        : Is(token, options.RunToken) ? Task.FromResult<ClaimsPrincipal?>(Identity.Of(OwnNames[1], Roles.Admin, BearerTokens.Name))
        : token.StartsWith(ApiTokenPrefix, StringComparison.Ordinal) ? OfApiTokenAsync(token, stop)
        : OfAccessTokenAsync(token, stop);

    // Both sides are hashed, so that neither the length nor a common prefix shows in the time taken.
    private static bool Is(string token, string? expected) =>
        expected is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private async Task<ClaimsPrincipal?> OfApiTokenAsync(string token, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (await accounts.TokenByHashAsync(Keys.Hash(token), stop) is not { } known || known.ExpiresAt <= now) return null;
        if (known.LastUsedAt is null || now - known.LastUsedAt >= LastUsedStep) await accounts.MarkUsedAsync(known.Id, now, stop);
        return Identity.Of(known.Name, known.Role, BearerTokens.Name);
    }

    private async Task<ClaimsPrincipal?> OfAccessTokenAsync(string token, CancellationToken stop) =>
        await access.ReadAsync(token) is { } read
        && await accounts.HasSessionAsync(read.Session, stop)
        && await accounts.UserAsync(read.UserId, stop) is { Enabled: true } user
            ? Identity.Of(user, read.Session, BearerTokens.Name)
            : null;
}
