using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Signal.Console.Access;

/// <summary>Ends what an open page may do soon after its user was removed or demoted.</summary>
internal sealed class LiveSession(ILoggerFactory logs, IServiceScopeFactory scopes, ConsoleOptions options) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => options.Recheck;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ConsoleCookie>().CurrentAsync(authenticationState.User, cancellationToken) == authenticationState.User;
    }
}
