using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Signal.Manage.Access;

namespace Signal.Console.Access;

/// <summary>Signing on at an OpenID Connect provider: authorization code with PKCE and nonce, then the console's own cookie.</summary>
internal static class ProviderSignOn
{
    /// <summary>Where the button leads.</summary>
    public const string Path = "/sign-on";

    private const string Scheme = "Signal.SingleSignOn";

    public static void AddProviderSignOn(this IServiceCollection services, SingleSignOnOptions provider) =>
        services.AddAuthentication().AddOpenIdConnect(Scheme, oidc => Configure(oidc, provider));

    /// <summary>Maps the way to the provider; the way back is the handler's own.</summary>
    public static void MapProviderSignOn(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, BeginAsync).AllowAnonymous().ExcludeFromDescription();

    private static void Configure(OpenIdConnectOptions oidc, SingleSignOnOptions provider)
    {
        oidc.SignInScheme = ConsoleCookie.Scheme;
        oidc.Authority = provider.Authority.ToString();
        oidc.RequireHttpsMetadata = provider.Authority.Scheme == Uri.UriSchemeHttps;
        oidc.ClientId = provider.ClientId;
        oidc.ClientSecret = provider.ClientSecret;
        oidc.CallbackPath = $"{Path}/callback";
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes as a navigation, so that cookies need no SameSite=None and plain HTTP works on a laptop.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.SaveTokens = false;
        oidc.MapInboundClaims = false;
        oidc.GetClaimsFromUserInfoEndpoint = true;
        oidc.ClaimActions.MapJsonKey("email_verified", "email_verified");
        oidc.ClaimActions.MapJsonKey("preferred_username", "preferred_username");
        oidc.ClaimActions.MapJsonKey(provider.RoleClaim, provider.RoleClaim);
        oidc.Scope.Clear();
        foreach (var scope in provider.Scopes) oidc.Scope.Add(scope);
        foreach (var cookie in new[] { oidc.CorrelationCookie, oidc.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        oidc.Events = new OpenIdConnectEvents { OnTicketReceived = ReceiveAsync, OnRemoteFailure = FailAsync };
    }

    private static async Task BeginAsync(HttpContext context, ILoggerFactory logs)
    {
        try
        {
            await context.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = LocalPath.Of(context.Request.Query["return"]) });
        }
        catch (InvalidOperationException e)
        {
            // What the handler throws when the discovery document can't be read.
            Log(logs).SignOnUnreachable(e.InnerException?.Message ?? e.Message);
            Refuse(context, SignOnRefusal.Unreachable);
        }
    }

    private static async Task ReceiveAsync(TicketReceivedContext received)
    {
        var http = received.HttpContext;
        var signOn = await http.RequestServices.GetRequiredService<SingleSignOn>()
            .AdmitAsync(received.Principal!, http.Connection.RemoteIpAddress?.ToString(), http.RequestAborted);
        if (signOn is SignOn.Accepted accepted)
        {
            await http.RequestServices.GetRequiredService<ConsoleCookie>().SignInAsync(http, accepted.User);
            http.Response.Redirect(LocalPath.Of(received.ReturnUri));
        }
        else
        {
            Refuse(http, ((SignOn.Refused)signOn).Reason);
        }

        received.HandleResponse();
    }

    private static Task FailAsync(RemoteFailureContext failed)
    {
        Log(failed.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>()).SignOnFailed(failed.Failure?.Message);
        Refuse(failed.HttpContext, SignOnRefusal.Provider);
        failed.HandleResponse();
        return Task.CompletedTask;
    }

    private static void Refuse(HttpContext context, string reason) => context.Response.Redirect($"/sign-in?refused={reason}");

    private static ILogger Log(ILoggerFactory logs) => logs.CreateLogger("Signal.Console");
}
