using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Signal.Events;
using Signal.Manage.Access;
using Signal.State;

namespace Signal.Console.Access;

/// <summary>The console's session: a cookie that names a user. The user is read again on each request, so that whoever was removed, disabled, given another role or a new password is out at once.</summary>
internal sealed class ConsoleCookie(IAccountStore accounts, TimeProvider time) : CookieAuthenticationEvents
{
    /// <summary>The scheme's name.</summary>
    public const string Scheme = "Signal.Console";

    private const string Stamp = "stamp";

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
    public Task SignInAsync(HttpContext context, User user) =>
        context.SignInAsync(Scheme, Principal(user, Ids.New("ses", time.GetUtcNow())));

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
        }
    }

    /// <summary>The session as it is now: the same principal, one with another role, or null when it has ended.</summary>
    public async Task<ClaimsPrincipal?> CurrentAsync(ClaimsPrincipal principal, CancellationToken stop)
    {
        if (principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || await accounts.UserAsync(id, stop) is not { Enabled: true } user) return null;
        if (principal.FindFirstValue(Stamp) != user.Stamp) return null;
        var same = principal.IsInRole(user.Role) && principal.FindFirstValue(ClaimTypes.Name) == user.Email;
        return same ? principal : Principal(user, principal.FindFirstValue(Identity.Session)!);
    }

    private static ClaimsPrincipal Principal(User user, string session)
    {
        var principal = Identity.Of(user, session, Scheme);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(Stamp, user.Stamp));
        return principal;
    }
}
