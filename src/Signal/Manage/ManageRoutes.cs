using Microsoft.AspNetCore.Authorization;
using Scalar.AspNetCore;
using Signal.Manage.Access;
using Signal.Manage.Http;
using Signal.Manage.Resources;

namespace Signal.Manage;

/// <summary>The routes of the management API.</summary>
internal static class ManageRoutes
{
    private const string Prefix = "/v1/admin";

    /// <summary>Maps <c>/v1/admin</c>, the API document and its page. A route without a row in <see cref="Rights.Table"/> fails the start.</summary>
    public static IEndpointConventionBuilder MapManage(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup(Prefix);
        admin.AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<Gate>().InvokeAsync(context, next));
        ((IEndpointConventionBuilder)admin).Finally(Guard);

        admin.MapAuth();
        admin.MapSources();
        admin.MapIntegrations();
        admin.MapRevisions();
        admin.MapPreview();
        admin.MapRecentEvents();
        admin.MapDeadLetters();
        admin.MapReplays();
        admin.MapIntegrationCatalog();
        admin.MapUsers();
        admin.MapTokens();
        admin.MapLiveEvents();
        admin.MapOverview();
        admin.MapVisitors();
        admin.MapAuditLogs();
        admin.MapConfiguration();
        admin.MapBackups();
        admin.MapAlerts();
        admin.MapAlertRules();
        admin.MapAlertChannels();
        routes.MapOpenApi().AllowAnonymous();
        routes.MapScalarApiReference("/docs", page => page
            .WithTitle("Signal management API")
            .WithOpenApiRoutePattern("/openapi/{documentName}.json")
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp()).AllowAnonymous();
        return admin;
    }

    private static void Guard(EndpointBuilder endpoint)
    {
        var path = ((RouteEndpointBuilder)endpoint).RoutePattern.RawText![Prefix.Length..].TrimEnd('/');
        var method = endpoint.Metadata.OfType<IHttpMethodMetadata>().Last().HttpMethods.Single();
        var role = Rights.Of(method, path);
        endpoint.Metadata.Add(role == Rights.Anyone ? new AllowAnonymousAttribute() : new AuthorizeAttribute(role));
    }
}
