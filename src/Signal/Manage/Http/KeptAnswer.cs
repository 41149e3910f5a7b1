using System.Text.Json;

namespace Signal.Manage.Http;

/// <summary>An answer as it was given, to be given again word for word.</summary>
internal sealed class KeptAnswer : IResult, IStatusCodeHttpResult
{
    private static readonly string[] Kept = ["Content-Type", "Location", "ETag"];
    private readonly Parts _parts;
    private readonly bool _again;

    private KeptAnswer(Parts parts, bool again) => (_parts, _again) = (parts, again);

    /// <inheritdoc/>
    public int? StatusCode => _parts.Status;

    /// <summary>Lets an answer be written and keeps what was.</summary>
    public static async Task<KeptAnswer> TakeAsync(IResult answer, HttpContext http)
    {
        var body = http.Response.Body;
        using var written = new MemoryStream();
        http.Response.Body = written;
        try
        {
            await answer.ExecuteAsync(http);
            await http.Response.BodyWriter.FlushAsync();
        }
        finally
        {
            http.Response.Body = body;
        }

        var headers = Kept.Where(h => http.Response.Headers.ContainsKey(h)).ToDictionary(h => h, h => http.Response.Headers[h].ToString());
        return new KeptAnswer(new Parts(http.Response.StatusCode, headers, written.ToArray()), again: false);
    }

    /// <summary>Reads back what <see cref="Write"/> wrote.</summary>
    public static KeptAnswer Read(string text) => new(JsonSerializer.Deserialize<Parts>(text)!, again: true);

    /// <summary>The answer as text.</summary>
    public string Write() => JsonSerializer.Serialize(_parts);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _parts.Status;
        foreach (var (name, value) in _parts.Headers) response.Headers[name] = value;
        if (_again) response.Headers["Idempotent-Replayed"] = "true";
        await response.Body.WriteAsync(_parts.Body, httpContext.RequestAborted);
    }

    private sealed record Parts(int Status, Dictionary<string, string> Headers, byte[] Body);
}
