using Signal.Log;
using Signal.State;

namespace Signal.Manage.Http;

/// <summary>Makes every failure under <c>/v1/admin</c> look alike: unknown paths, wrong methods, bugs. Never a stack trace.</summary>
internal sealed class Envelope(ILogger<Envelope> log) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    /// <summary>The answer to what no route expects: a store in trouble, else a bug. Both are logged.</summary>
    public static IResult Failed(Exception e, HttpContext http, ILogger log)
    {
        if (e is StateUnavailableException or LogUnavailableException)
        {
            log.StoreUnavailable(e, http.Request.Method, http.Request.Path);
            return Answer.Later(503, "STORE_UNAVAILABLE", "Signal's store can't be written or read now (a full or read-only disk, or it is away); the log says which. Try again: it recovers by itself.", ComeAgain);
        }

        log.RequestFailed(e, http.Request.Method, http.Request.Path, http.TraceIdentifier);
        return Answer.Problem(500, "INTERNAL", $"Signal could not do this; the log says why under {http.TraceIdentifier}. Nothing was half done.");
    }

    private async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/v1/admin"))
        {
            // The page of the API document is a large script of others': the browser holds it to this host.
            if (http.Request.Path.StartsWithSegments("/docs")) http.Response.Headers.ContentSecurityPolicy = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:";
            await next(http);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Answer.Problem(e.StatusCode, e.StatusCode == 413 ? "TOO_LARGE" : "BAD_REQUEST", "The request could not be read.").ExecuteAsync(http);
        }
        catch (Exception e) when (!http.Response.HasStarted && e is not OperationCanceledException)
        {
            await Failed(e, http, log).ExecuteAsync(http);
        }

        if (!http.Response.HasStarted && http.Response.StatusCode >= 400 && http.Response.ContentType is null) await Bare(http).ExecuteAsync(http);
    }

    private static IResult Bare(HttpContext http) => http.Response.StatusCode switch
    {
        404 => Answer.Problem(404, "NOT_FOUND", $"There is nothing at {http.Request.Path}. GET /openapi/v1.json lists every route."),
        405 => Answer.Problem(405, "METHOD_NOT_ALLOWED", $"{http.Request.Method} is not possible here. Allowed: {http.Response.Headers.Allow}."),
        415 => Answer.Problem(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be JSON: send the header Content-Type: application/json."),
        var status => Answer.Problem(status, "BAD_REQUEST", "The request could not be handled."),
    };
}
