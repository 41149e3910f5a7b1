using Signal.Log;

namespace Signal.Collect;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: an event could be stored now; else 503 with the reason.</summary>
internal static class HealthRoutes
{
    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var log = routes.ServiceProvider.GetRequiredService<IEventLog>();
        routes.MapMethods("/healthz", ["GET", "HEAD"], http => WriteAsync(http, "ok", null));
        routes.MapMethods("/readyz", ["GET", "HEAD"], http => WriteAsync(http, log.Unavailable is null ? "ok" : "unavailable", log.Unavailable));
    }

    private static Task WriteAsync(HttpContext http, string status, string? reason)
    {
        http.Response.StatusCode = reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(new HealthAnswer(status, reason), CollectJson.Plain.HealthAnswer);
    }
}

/// <summary>What a health route says.</summary>
internal sealed record HealthAnswer(string Status, string? Reason);
