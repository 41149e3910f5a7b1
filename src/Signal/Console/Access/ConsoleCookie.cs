using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Signal.Events;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Console.Access;

/// <summary>
/// The console's session: a cookie that names a user and a session. Both are read again on each request, so that whoever was removed,
/// disabled, given another role or a new password is out at once, and a cookie that was copied is worth nothing after signing out.
/// </summary>
internal sealed class ConsoleCookie(IAccountStore accounts, ConsoleOptions options, TimeProvider time) : CookieAuthenticationEvents
{
    /// <summary>The scheme's name.</summary>
    public const string Scheme = "Signal.Console";

    private const string Stamp = "stamp";

    // The cookie's own end is told a moment after the session is marked.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    public static void Configure(CookieAuthenticationOptions cookie, ConsoleOptions options)
    {
        cookie.Cookie.Name = "signal_session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = options.SessionLife;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.AccessDeniedPath = "/denied";
        cookie.ReturnUrlParameter = "return";
        cookie.EventsType = typeof(ConsoleCookie);
    }

    /// <summary>Begins a session.</summary>
    public async Task SignInAsync(HttpContext context, User user)
    {
        var session = Ids.New("ses", time.GetUtcNow());
        await accounts.BeginSessionAsync(Mark(session, user.Id), context.RequestAborted);
        await context.SignInAsync(Scheme, Principal(user, session));
    }

    /// <summary>Ends the session of this principal, wherever its cookie may be.</summary>
    public async Task SignOutAsync(HttpContext context)
    {
        if (context.User.FindFirstValue(Identity.Session) is { } session) await accounts.EndSessionAsync(session, context.RequestAborted);
        await context.SignOutAsync(Scheme);
    }

    /// <summary>Nowhere: whoever signs somebody in says where to go, and <see cref="LocalPath"/> what may stand there.</summary>
    public override Task RedirectToReturnUrl(RedirectContext<CookieAuthenticationOptions> context) => Task.CompletedTask;

    /// <summary>A cookie that is given new life takes its session along.</summary>
    public override async Task CheckSlidingExpiration(CookieSlidingExpirationContext context)
    {
        if (context.ShouldRenew) await ProlongAsync(context.Principal, context.HttpContext.RequestAborted);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var now = await CurrentAsync(context.Principal!, context.HttpContext.RequestAborted);
        if (now is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
        }
        else if (now != context.Principal)
        {
            context.ReplacePrincipal(now);
            context.ShouldRenew = true;
            await ProlongAsync(now, context.HttpContext.RequestAborted);
        }
    }

    /// <summary>The session as it is now: the same principal, one with another role, or null when it has ended.</summary>
    public async Task<ClaimsPrincipal?> CurrentAsync(ClaimsPrincipal principal, CancellationToken stop)
    {
        if (principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || await accounts.UserAsync(id, stop) is not { Enabled: true } user) return null;
        if (principal.FindFirstValue(Stamp) != user.Stamp) return null;
        if (principal.FindFirstValue(Identity.Session) is not { } session || !await accounts.HasSessionAsync(session, stop)) return null;
        var same = principal.IsInRole(user.Role) && principal.FindFirstValue(ClaimTypes.Name) == user.Email;
        return same ? principal : Principal(user, session);
    }

    private async Task ProlongAsync(ClaimsPrincipal? principal, CancellationToken stop)
    {
        if (principal?.FindFirstValue(Identity.Session) is { } session && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } user)
            await accounts.ContinueSessionAsync(Mark(session, user), stop);
    }

    // The row that says the session lives. Nobody knows a token with this hash: it can't be refreshed from.
    private RefreshToken Mark(string session, string userId) =>
        new(Keys.Hash(Keys.Token("")), session, userId, time.GetUtcNow() + options.SessionLife + Slack, null);

    private static ClaimsPrincipal Principal(User user, string session)
    {
        var principal = Identity.Of(user, session, Scheme);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(Stamp, user.Stamp));
        return principal;
    }
}
