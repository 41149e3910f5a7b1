using Microsoft.Extensions.Primitives;
using Signal.Configure;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>Cross-origin rules: who may send, and the headers that let the page read the answer.</summary>
internal static class OriginStage
{
    private const string PreflightSeconds = "7200";

    /// <summary>Refuses a foreign page. A call without <c>Origin</c> (a server, an image) and a signed one are nobody's page.</summary>
    internal static Refusal? Check(CollectCall call)
    {
        var origin = call.Http.Request.Headers.Origin;
        if (StringValues.IsNullOrEmpty(origin) || call.Signature is not null) return null;
        if (SnapshotView.Of(call.Configuration).OriginsOf(call.Source!).Allows(origin.ToString()))
        {
            Allow(call.Http, origin);
            return null;
        }

        call.Http.Response.Headers.Vary = "Origin";
        return new Refusal(StatusCodes.Status403Forbidden, ErrorCodes.OriginNotAllowed,
            $"The origin {Short(origin)} may not send to this source: add it to the source's allowed origins.");
    }

    /// <summary>Lets a page read an error that was found before its origin was looked at; while the source is not known, a page of any source.</summary>
    internal static void AllowForError(HttpContext http, ConfigurationSnapshot configuration, Source? source)
    {
        var origin = http.Request.Headers.Origin;
        if (StringValues.IsNullOrEmpty(origin)) return;
        var text = origin.ToString();
        if (source is null ? IsAnyones(configuration, text) : SnapshotView.Of(configuration).OriginsOf(source).Allows(text)) Allow(http, origin);
    }

    /// <summary>Answers a browser's question whether it may send. The source is not known yet, so any source's pages may.</summary>
    internal static Task Preflight(HttpContext http, ConfigurationSnapshot configuration)
    {
        var origin = http.Request.Headers.Origin;
        http.Response.Headers.Vary = "Origin";
        if (StringValues.IsNullOrEmpty(origin) || !IsAnyones(configuration, origin.ToString()))
            return Answers.WriteErrorAsync(http, new Refusal(StatusCodes.Status403Forbidden, ErrorCodes.OriginNotAllowed,
                $"The origin {Short(origin)} may not send to any source: add it to the source's allowed origins."));

        Allow(http, origin);
        http.Response.Headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        http.Response.Headers.AccessControlAllowHeaders = "authorization, content-type, content-encoding, x-requested-with";
        http.Response.Headers.AccessControlMaxAge = PreflightSeconds;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static void Allow(HttpContext http, StringValues origin)
    {
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlAllowCredentials = "true";
        http.Response.Headers.AccessControlExposeHeaders = "Retry-After";
        http.Response.Headers.Vary = "Origin";
    }

    private static bool IsAnyones(ConfigurationSnapshot configuration, string origin)
    {
        foreach (var rules in SnapshotView.Of(configuration).AllOrigins)
            if (rules.Allows(origin)) return true;
        return false;
    }

    private static string Short(StringValues origin) => origin.ToString() is { Length: > 0 } text ? text[..Math.Min(100, text.Length)] : "(none)";
}
