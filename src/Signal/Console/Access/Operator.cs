using Microsoft.AspNetCore.Components.Authorization;
using Signal.Console.Parts;
using Signal.Manage.Access;
using Signal.Manage.Changes;

namespace Signal.Console.Access;

/// <summary>Who sits at the page, and what they may do: the API's own table of rights decides, route by route.</summary>
internal sealed class Operator(AuthenticationStateProvider session, ConsoleCookie cookie, Reader reader)
{
    /// <summary>Whether to offer what this route of the API does, <c>POST /sources</c>.</summary>
    public async Task<bool> MayAsync(string route) => Allows(Actor.Of((await session.GetAuthenticationStateAsync()).User, reader.Ip), route);

    /// <summary>The role of the one who looks; empty when nobody is signed in.</summary>
    public async Task<string> RoleAsync() => Actor.Of((await session.GetAuthenticationStateAsync()).User, reader.Ip).Role;

    /// <summary>The one who acts, asked of the store at this moment; null when they may not (any more).</summary>
    public async Task<Actor?> ForAsync(string route, CancellationToken stop = default)
    {
        var user = await cookie.CurrentAsync((await session.GetAuthenticationStateAsync()).User, stop);
        return user is not null && Actor.Of(user, reader.Ip) is var actor && Allows(actor, route) ? actor : null;
    }

    private static bool Allows(Actor actor, string route)
    {
        var space = route.IndexOf(' ', StringComparison.Ordinal);
        return Roles.AtLeast(Rights.Of(route[..space], route[(space + 1)..])).Contains(actor.Role);
    }
}
