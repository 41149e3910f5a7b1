using System.Reflection;
using System.Security.Claims;
using Signal.Manage.Access;

namespace Signal.Manage.Changes;

/// <summary>Who asks for something.</summary>
/// <param name="Name">An e-mail address, a token's name, or <c>system</c>; stands in the audit log.</param>
/// <param name="Role">viewer, editor or admin.</param>
/// <param name="UserId">The user, or null for tokens.</param>
/// <param name="Ip">From where, or null.</param>
internal sealed record Actor(string Name, string Role, string? UserId = null, string? Ip = null) : IBindableFromHttpContext<Actor>
{
    /// <summary>The program itself.</summary>
    public static Actor System { get; } = new("system", Roles.Admin);

    /// <summary>The one who sent the request.</summary>
    public static ValueTask<Actor?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Actor?>(Of(context));

    /// <summary>The one who sent the request; <c>anonymous</c> before signing in.</summary>
    public static Actor Of(HttpContext context) => Of(context.User, context.Connection.RemoteIpAddress?.ToString());

    /// <summary>The one these claims describe.</summary>
    public static Actor Of(ClaimsPrincipal user, string? ip) => new(
        user.FindFirstValue(ClaimTypes.Name) ?? "anonymous",
        user.FindFirstValue(ClaimTypes.Role) ?? "",
        user.FindFirstValue(ClaimTypes.NameIdentifier),
        ip);
}
