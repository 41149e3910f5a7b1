using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>
/// <c>Authorization: Bearer</c> with an access token, an API token or the fixed administrator's token.
/// The account is read on each request: a user removed or demoted a moment ago is out at once, and so is a session that was ended.
/// </summary>
internal sealed class BearerTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> scheme,
    ILoggerFactory logs,
    UrlEncoder encoder,
    ManageOptions options,
    AccessTokens access,
    IAccountStore accounts,
    TimeProvider time) : AuthenticationHandler<AuthenticationSchemeOptions>(scheme, logs, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "Signal.Bearer";

    /// <summary>How every API token begins.</summary>
    public const string ApiTokenPrefix = "sig_";

    private static readonly TimeSpan LastUsedStep = TimeSpan.FromMinutes(1);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0) return AuthenticateResult.NoResult();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.Fail("Send the header Authorization: Bearer <token>.");

        var token = header["Bearer ".Length..].Trim();
        var who = Is(token, options.AdminToken) ? Identity.Of("SIGNAL_ADMIN_TOKEN", Roles.Admin, Name)
            : Is(token, options.RunToken) ? Identity.Of("command line", Roles.Admin, Name)
            : token.StartsWith(ApiTokenPrefix, StringComparison.Ordinal) ? await OfApiTokenAsync(token)
            : await OfAccessTokenAsync(token);
        return who is null
            ? AuthenticateResult.Fail("The token is unknown, revoked or expired.")
            : AuthenticateResult.Success(new AuthenticationTicket(who, Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure?.Message;
        Response.Headers.WWWAuthenticate = failure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        await Answer.Problem(401, "UNAUTHENTICATED", failure ?? "Send the header Authorization: Bearer <token>; sign in with POST /v1/admin/auth/login, or use an API token.").ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        await Answer.Problem(403, "FORBIDDEN", $"Your role ({Context.User.FindFirstValue(ClaimTypes.Role)}) does not allow this. Ask an administrator.").ExecuteAsync(Context);

    // Both sides are hashed, so that neither the length nor a common prefix shows in the time taken.
    private static bool Is(string token, string? expected) =>
        expected is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private async Task<ClaimsPrincipal?> OfApiTokenAsync(string token)
    {
        var now = time.GetUtcNow();
        if (await accounts.TokenByHashAsync(Keys.Hash(token), Context.RequestAborted) is not { } known || known.ExpiresAt <= now) return null;
        if (known.LastUsedAt is null || now - known.LastUsedAt >= LastUsedStep) await accounts.MarkUsedAsync(known.Id, now, Context.RequestAborted);
        return Identity.Of(known.Name, known.Role, Name);
    }

    private async Task<ClaimsPrincipal?> OfAccessTokenAsync(string token) =>
        await access.ReadAsync(token) is { } read
        && await accounts.HasSessionAsync(read.Session, Context.RequestAborted)
        && await accounts.UserAsync(read.UserId, Context.RequestAborted) is { Enabled: true } user
            ? Identity.Of(user, read.Session, Name)
            : null;
}
