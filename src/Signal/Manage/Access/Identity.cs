using System.Security.Claims;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>Makes the claims that API and console read: name, role, user id, session.</summary>
internal static class Identity
{
    /// <summary>The claim that names the session.</summary>
    public const string Session = "session";

    /// <summary>A signed-in user.</summary>
    public static ClaimsPrincipal Of(User user, string session, string scheme) => Principal(
        scheme,
        new(ClaimTypes.NameIdentifier, user.Id),
        new(ClaimTypes.Name, user.Email),
        new(ClaimTypes.Role, user.Role),
        new(Session, session));

    /// <summary>An API token.</summary>
    public static ClaimsPrincipal Of(string tokenName, string role, string scheme) =>
        Principal(scheme, new(ClaimTypes.Name, $"token:{tokenName}"), new(ClaimTypes.Role, role));

    private static ClaimsPrincipal Principal(string scheme, params Claim[] claims) => new(new ClaimsIdentity(claims, scheme));
}
