using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Signal.Tests.Scenarios.Management;

/// <summary>
/// A real OpenID Connect provider (OpenIddict) on a port of its own: discovery, keys, authorization code with PKCE, tokens, user info.
/// Whoever comes is signed in there as <see cref="Person"/> already.
/// </summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    internal const string ClientId = "signal";
    internal const string ClientSecret = "client-secret-of-this-test-0123456789";
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;
    private WebApplication _app = null!;

    internal Uri Address { get; private set; } = null!;

    /// <summary>Who signs in; null: the provider refuses.</summary>
    internal OpenIdPerson? Person { get; set; } = new("1", "ada@example.com");

    /// <summary>Tell address and groups by the user info endpoint only, as some providers do.</summary>
    internal bool ClaimsInUserInfo { get; set; }

    internal static async Task<OpenIdProvider> StartAsync()
    {
        var provider = new OpenIdProvider();
        await provider.RunAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(Configure);
        _app = builder.Build();
        _app.UseAuthentication();
        _app.MapGet("/authorize", (Delegate)Authorize);
        _app.MapGet("/userinfo", (Delegate)UserInfoAsync);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    private static void Configure(OpenIddictServerBuilder server)
    {
        server.EnableDegradedMode();
        server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes("profile", "email");
        server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
        server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableUserInfoEndpointPassthrough().DisableTransportSecurityRequirement();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != ClientId || context.RedirectUri?.EndsWith("/sign-on/callback", StringComparison.Ordinal) != true)
                context.Reject(OpenIddictConstants.Errors.InvalidClient, "unknown client or redirect address");
            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != ClientId || context.ClientSecret != ClientSecret) context.Reject(OpenIddictConstants.Errors.InvalidClient, "wrong secret");
            return default;
        }));
    }

    private IResult Authorize(HttpContext http)
    {
        if (Person is not { } person) return Results.Forbid(authenticationSchemes: [Scheme]);
        var request = http.GetOpenIddictServerRequest()!;
        var identity = new ClaimsIdentity("provider", "name", "role");
        identity.SetClaim("sub", person.Subject);
        identity.SetClaim("name", person.Name);
        identity.SetClaim("email", person.Email);
        identity.SetClaim("email_verified", person.Verified);
        identity.SetClaims("groups", [.. person.Groups]);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(claim => claim.Type == "sub" || !ClaimsInUserInfo
            ? [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]
            : [OpenIddictConstants.Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: Scheme);
    }

    private static async Task<IResult> UserInfoAsync(HttpContext http)
    {
        var person = (await http.AuthenticateAsync(Scheme)).Principal!;
        return Results.Json(new Dictionary<string, object?>
        {
            ["sub"] = person.GetClaim("sub"),
            ["name"] = person.GetClaim("name"),
            ["email"] = person.GetClaim("email"),
            ["email_verified"] = person.GetClaim("email_verified") == "true",
            ["groups"] = person.GetClaims("groups").ToArray(),
        });
    }
}

/// <summary>Somebody at the provider.</summary>
internal sealed record OpenIdPerson(string Subject, string Email, params string[] Groups)
{
    public string Name { get; init; } = "Ada";

    public bool Verified { get; init; } = true;
}
