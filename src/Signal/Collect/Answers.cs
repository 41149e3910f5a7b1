using System.Text.Json;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>The answers, as bytes.</summary>
internal static class Answers
{
    private const string Json = "application/json; charset=utf-8";

    private static readonly byte[] Success = "{\"success\":true}"u8.ToArray();

    // The smallest transparent GIF every browser takes.
    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    /// <summary>The answer to a call that was taken.</summary>
    internal static Task WriteAsync(CollectCall call)
    {
        call.Http.Response.Headers.CacheControl = "no-store";
        if (call.Route.Shape == CollectShape.Pixel) return WriteAsync(call.Http, PixelError(call), "image/gif", Gif);
        if (call.Route.Shape == CollectShape.Batch) return WriteAsync(call.Http, StatusCodes.Status200OK, Json, Batch(call.Outcomes));
        return call.Outcomes is [{ Decision: Decision.Rejected rejected }]
            ? WriteErrorAsync(call.Http, Refusal.Malformed(rejected.Code, rejected.Message))
            : WriteAsync(call.Http, StatusCodes.Status200OK, Json, Success);
    }

    /// <summary>The answer to a call that was refused: the error's envelope, or for a pixel the image with the code in <c>X-Signal-Error</c>.</summary>
    internal static Task WriteAsync(CollectCall call, Refusal refusal)
    {
        if (call.Route.Shape != CollectShape.Pixel) return WriteErrorAsync(call.Http, refusal);
        SetErrorHeaders(call.Http, refusal);
        call.Http.Response.Headers["X-Signal-Error"] = refusal.Code;
        return WriteAsync(call.Http, refusal.Status, "image/gif", Gif);
    }

    /// <summary><c>{"error":{"code","message"}}</c></summary>
    internal static Task WriteErrorAsync(HttpContext http, Refusal refusal)
    {
        SetErrorHeaders(http, refusal);
        return WriteAsync(http, refusal.Status, Json, JsonSerializer.SerializeToUtf8Bytes(
            new ErrorEnvelope(new ErrorBody(refusal.Code, refusal.Message)), CollectJson.Plain.ErrorEnvelope));
    }

    /// <summary><c>{"success":true}</c></summary>
    internal static Task WriteSuccessAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return WriteAsync(http, StatusCodes.Status200OK, Json, Success);
    }

    private static int PixelError(CollectCall call)
    {
        if (call.Outcomes is not [{ Decision: Decision.Rejected rejected }]) return StatusCodes.Status200OK;
        call.Http.Response.Headers["X-Signal-Error"] = rejected.Code;
        return StatusCodes.Status400BadRequest;
    }

    private static void SetErrorHeaders(HttpContext http, Refusal refusal)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (refusal.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString();
        if (refusal.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
    }

    private static byte[] Batch(Outcome[] outcomes)
    {
        var errors = new List<BatchError>();
        for (var i = 0; i < outcomes.Length; i++)
            if (outcomes[i].Decision is Decision.Rejected rejected) errors.Add(new BatchError(i, rejected.Code, rejected.Message));
        return JsonSerializer.SerializeToUtf8Bytes(new BatchAnswer(true, outcomes.Length - errors.Count, errors), CollectJson.Plain.BatchAnswer);
    }

    private static Task WriteAsync(HttpContext http, int status, string contentType, byte[] body)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length);
    }
}
