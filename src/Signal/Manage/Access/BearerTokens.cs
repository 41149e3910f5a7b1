using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Signal.Manage.Http;

namespace Signal.Manage.Access;

/// <summary><c>Authorization: Bearer</c> with a token that <see cref="Bearers"/> knows.</summary>
internal sealed class BearerTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> scheme,
    ILoggerFactory logs,
    UrlEncoder encoder,
    Bearers bearers) : AuthenticationHandler<AuthenticationSchemeOptions>(scheme, logs, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "Signal.Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0) return AuthenticateResult.NoResult();
        if (Bearers.TokenIn(header) is not { } token) return AuthenticateResult.Fail("Send the header Authorization: Bearer <token>.");
        return await bearers.ReadAsync(token, Context.RequestAborted) is { } who
            ? AuthenticateResult.Success(new AuthenticationTicket(who, Name))
            : AuthenticateResult.Fail("The token is unknown, revoked or expired.");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure?.Message;
        Response.Headers.WWWAuthenticate = failure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        await Answer.Problem(401, "UNAUTHENTICATED", failure ?? "Send the header Authorization: Bearer <token>; sign in with POST /v1/admin/auth/login, or use an API token.").ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        await Answer.Problem(403, "FORBIDDEN", $"Your role ({Context.User.FindFirstValue(ClaimTypes.Role)}) does not allow this. Ask an administrator.").ExecuteAsync(Context);
}
