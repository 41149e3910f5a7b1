using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Signal.Console.Access;
using Signal.Console.Layout;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Console;

/// <summary>The console's pages.</summary>
internal static class ConsoleRoutes
{
    /// <summary>
    /// Blazor sets styles of elements and MudBlazor writes its theme as a style element, so styles are allowed inline. Scripts are not.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Maps the pages, their files and the sign-out. Everything but <c>/sign-in</c> and <c>/setup</c> asks for a session.</summary>
    public static void MapConsole(this WebApplication app)
    {
        app.UseWhen(IsForPeople, pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        // Routing after it, so that the second look finds the page.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "signal.staticwebassets.endpoints.json"));
        if (app.Services.GetRequiredService<ConsoleOptions>().SingleSignOn is not null) app.MapProviderSignOn();
        app.MapPost("/sign-out", SignOutAsync).ExcludeFromDescription();
        app.MapDownloads();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null)
            .RequireAuthorization(ConsolePolicy.Of(Roles.Viewer))
            .Add(AddHeaders);
    }

    // Programs get the bare status; whoever typed an address gets a page.
    private static bool IsForPeople(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && !context.Request.Path.StartsWithSegments("/v1")
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static void AddHeaders(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } next) return;
        endpoint.RequestDelegate = context =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers.CacheControl = "no-cache, no-store";
            headers.Pragma = "no-cache";
            return next(context);
        };
    }

    // The form's token belongs to the user, so the user must be known when it is checked.
    [Authorize(Policy = ConsolePolicy.Viewer)]
    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, ConsoleCookie cookie, IAuditLog log, Audit audit)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Results.BadRequest("The form is too old. Go back, reload the page and try again.");
        await cookie.SignOutAsync(context);
        var actor = Actor.Of(context);
        await log.AppendAsync(audit.Entry(actor, "user.signed_out", actor.UserId!, null, null), context.RequestAborted);
        return Results.Redirect("/sign-in");
    }
}
