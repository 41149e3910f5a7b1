using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MatomoSandbox;

/// <summary>Maps HTTP to the sandbox: tracker, reporting API, controls and page.</summary>
internal sealed class Endpoints(SandboxMatomo matomo)
{
    private readonly Controls controls = new(matomo);

    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.Date = matomo.Now.ToString("R");
        var file = Path.GetFileName(context.Request.Path.Value ?? "");
        if (file is "matomo.php" or "piwik.php")
            await TrackAsync(context);
        else if (file == "index.php" && context.Request.Query.ContainsKey("module"))
            await WriteAsync(context, matomo.Report(await ReadAsync(context)));
        else if (file == "index.php" && HttpMethods.IsPost(context.Request.Method))
            await WriteAsync(context, matomo.Report(await ReadAsync(context)));
        else
            await WriteAsync(context, await controls.AnswerAsync(context));
    }

    private async Task TrackAsync(HttpContext context)
    {
        using var stay = matomo.Enter(await ReadAsync(context));
        // A sender that hangs up does not stop the recording, in a real Matomo neither.
        await Task.Delay(matomo.TakeDelay(after: false), CancellationToken.None);
        var answer = matomo.Track(stay.Arrival);
        await Task.Delay(matomo.TakeDelay(after: true), context.RequestAborted);
        if (answer.Dropped)
            context.Abort();
        else
            await WriteAsync(context, answer);
    }

    private static async Task<TrackerRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var query = context.Request.QueryString.Value ?? "";
        return new TrackerRequest(context.Request.Method, context.Request.Path.Value ?? "/", query.Length > 0 ? query[1..] : "", body.ToArray())
        {
            Headers = context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString() ?? "127.0.0.1",
        };
    }

    private static async Task WriteAsync(HttpContext context, TrackerAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        if (answer.Status == 204)
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "No Response";
        if (answer.Body.Length > 0 && !HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
