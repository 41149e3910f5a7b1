using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/auth</c>, <c>/setup</c> and <c>/me</c></summary>
internal static class Auth
{
    public static void MapAuth(this IEndpointRouteBuilder admin)
    {
        var auth = admin.MapGroup("").WithTags("Sign-in");
        auth.MapPost("/auth/login", LogInAsync).Says<TokenPair>("login", "Signs in with e-mail address and password.");
        auth.MapPost("/auth/refresh", RefreshAsync).Says<TokenPair>("refresh", "The next token pair; each refresh token works once.");
        auth.MapPost("/auth/logout", LogOutAsync).Says("logout", "Ends the session.");
        auth.MapGet("/setup", (ISetupLink link) => Answer.Ok(new SetupView(link.Token is not null))).Says<SetupView>("getSetup", "Whether the first administrator is still to be made.");
        auth.MapPost("/setup", SetUpAsync).Says<UserView>("setup", "Makes the first administrator with the token printed at the first start.", 201);
        auth.MapPut("/me/password", ChangePasswordAsync).Says("changePassword", "Changes your own password and ends all your sessions.");
        auth.MapPost("/me/sign-out", SignOutAsync).Says("signOutEverywhere", "Ends all your sessions, this one too.");
        auth.MapGet("/me", Me).Says<MeView>("me", "Who the token belongs to.");
    }

    private static async Task<IResult> LogInAsync(Body<LoginInput> body, SignIns signIns, Sessions sessions, Actor actor, CancellationToken stop)
    {
        var signIn = await signIns.CheckAsync(body.Value.Email, body.Value.Password, actor.Ip, stop);
        return signIn is SignIn.Accepted accepted ? Answer.Ok(await sessions.BeginAsync(accepted.User, stop)) : Refused(signIn);
    }

    private static IResult Refused(SignIn signIn) => signIn switch
    {
        SignIn.Locked locked => Answer.Later(429, "ACCOUNT_LOCKED", $"Too many wrong passwords. Try again in {(int)Math.Ceiling(locked.Wait.TotalMinutes)} min, or ask an administrator to unlock the account.", locked.Wait),
        SignIn.Limited limited => Answer.Later(429, "RATE_LIMITED", $"Too many sign-ins from your network. Try again in {Math.Max(1, (int)Math.Ceiling(limited.Wait.TotalSeconds))} s.", limited.Wait),
        SignIn.Closed => Answer.Problem(403, "PASSWORD_SIGN_IN_OFF", "Nobody signs in with a password here. Use single sign-on in the console, or an API token."),
        _ => Answer.Problem(401, "INVALID_CREDENTIALS", "E-mail address or password is wrong."),
    };

    private static async Task<IResult> RefreshAsync(Body<RefreshInput> body, Sessions sessions, Actor actor, CancellationToken stop) =>
        await sessions.RefreshAsync(body.Value.RefreshToken, actor.Ip, stop) is { } pair
            ? Answer.Ok(pair)
            : Answer.Problem(401, "INVALID_REFRESH_TOKEN", "The refresh token is unknown, expired or was used before. Sign in again.");

    private static async Task<IResult> LogOutAsync(Body<LogoutInput> body, Sessions sessions, Actor actor, HttpContext http, CancellationToken stop)
    {
        if (body.Value.RefreshToken is { } token) await sessions.EndByTokenAsync(token, actor.Ip, stop);
        // No role is asked for here, so nothing has looked at the access token yet.
        var signedIn = await http.AuthenticateAsync(BearerTokens.Name);
        if (signedIn.Principal?.FindFirstValue(Identity.Session) is { } session) await sessions.EndAsync(session, Actor.Of(signedIn.Principal, actor.Ip), stop);
        return Results.NoContent();
    }

    private static async Task<IResult> SetUpAsync(Body<SetupInput> body, SetupLink link, Actor actor, TimeProvider time, CancellationToken stop) =>
        await link.RedeemAsync(body.Value, actor.Ip, stop) is var outcome and not Outcome<User>.Missing
            ? Answer.Of(outcome, "user", u => Answer.Created($"/v1/admin/users/{u.Id}", UserView.Of(u, time.GetUtcNow())))
            : Answer.Problem(403, "INVALID_SETUP_TOKEN", "The set-up link is wrong or was used. The program prints a new one at its start while there is no user.");

    private static async Task<IResult> ChangePasswordAsync(Body<PasswordInput> body, OwnPassword own, Actor actor, CancellationToken stop) =>
        await own.ChangeAsync(body.Value, actor, stop) is var outcome and not Outcome<User>.Missing ? Answer.Of(outcome, "user", _ => Results.NoContent()) : NotAUser();

    private static async Task<IResult> SignOutAsync(Accounts accounts, Actor actor, CancellationToken stop) => actor.UserId is { } id
        ? Answer.Of(await accounts.SignOutAsync(id, actor, stop), "user", _ => Results.NoContent())
        : NotAUser();

    private static IResult NotAUser() =>
        Answer.Problem(409, "NOT_A_USER", "An API token has neither a password nor a session. Sign in with POST /v1/admin/auth/login.");

    private static IResult Me(Actor actor) => Answer.Ok(new MeView(actor.Name, actor.Role, actor.UserId));
}

/// <summary>E-mail address and password.</summary>
internal sealed record LoginInput(string Email, string Password);

/// <summary>A refresh token.</summary>
internal sealed record RefreshInput(string RefreshToken);

/// <summary>Which session to end; left out: the one of the access token.</summary>
internal sealed record LogoutInput(string? RefreshToken = null);

/// <summary>Whether the first administrator is still to be made.</summary>
internal sealed record SetupView(bool Open);

/// <summary>Who a token belongs to.</summary>
internal sealed record MeView(string Name, string Role, string? UserId);
