using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MatomoSandbox;

/// <summary>What no Matomo has: the page, the state, the faults.</summary>
internal sealed class Controls(SandboxMatomo matomo)
{
    private const string Html = "text/html; charset=utf-8";
    private const string Json = "application/json; charset=utf-8";

    public async Task<TrackerAnswer> AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET" or "HEAD", "/") => Page(),
        ("GET", "/sandbox/page") => Ok(Html, SandboxPage.Body(matomo.State(), matomo.Options)),
        ("GET", "/sandbox/state") => Ok(Json, StateJson.Of(matomo.State()).ToJsonString()),
        ("GET", "/sandbox/faults") => Faults(),
        ("POST", "/sandbox/faults") => Change(await TextAsync(context)),
        ("DELETE", "/sandbox/faults") => Clear(),
        ("POST", "/sandbox/reset") => Reset(),
        _ => Error(404, "path", $"There is nothing at {context.Request.Method} {context.Request.Path}."),
    };

    private TrackerAnswer Page()
    {
        var nonce = RandomNumberGenerator.GetHexString(32, true);
        var page = SandboxPage.Whole(matomo.State(), matomo.Options, nonce);
        return Ok(Html, page)
            .With("Content-Security-Policy", $"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'");
    }

    private TrackerAnswer Faults() => Ok(Json, JsonSerializer.Serialize(matomo.Faults, FaultJson.Options));

    // Named switches change, the others stay; null switches one off.
    private TrackerAnswer Change(string body)
    {
        var merged = FaultJson.Merge(matomo.Faults, body, out var field, out var problem);
        if (merged is null)
            return Error(400, field, problem);
        matomo.Faults = merged;
        return Faults();
    }

    private TrackerAnswer Clear()
    {
        matomo.Faults = new SandboxFaults();
        return Faults();
    }

    private TrackerAnswer Reset()
    {
        matomo.Reset();
        return Ok(Json, "{\"reset\":true}");
    }

    private static async Task<string> TextAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }

    private static TrackerAnswer Ok(string type, string body) =>
        new TrackerAnswer(200, type, Encoding.UTF8.GetBytes(body)).With("Cache-Control", "no-store").With("X-Content-Type-Options", "nosniff");

    private static TrackerAnswer Error(int status, string field, string message)
    {
        var body = new JsonObject { ["error"] = new JsonObject { ["field"] = field, ["message"] = message } };
        return new TrackerAnswer(status, Json, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }
}
