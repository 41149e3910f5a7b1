namespace MatomoSandbox;

/// <summary>A request to the sandbox, free of any transport.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Path">Path without the query.</param>
/// <param name="Query">Query without its question mark, still encoded.</param>
/// <param name="Body">The body as sent.</param>
public sealed record TrackerRequest(string Method, string Path, string Query, ReadOnlyMemory<byte> Body)
{
    /// <summary>Headers; a name is found whatever its case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Address the request comes from.</summary>
    public string RemoteAddress { get; init; } = "127.0.0.1";

    /// <summary>A form POST to <c>/matomo.php</c>.</summary>
    public static TrackerRequest Form(string body) => new("POST", "/matomo.php", "", System.Text.Encoding.UTF8.GetBytes(body))
    {
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded" },
    };

    /// <summary>A bulk POST to <c>/matomo.php</c>.</summary>
    public static TrackerRequest Bulk(string json) => new("POST", "/matomo.php", "", System.Text.Encoding.UTF8.GetBytes(json))
    {
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
    };

    internal string? Header(string name) => Headers.TryGetValue(name, out var value)
        ? value
        : Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    internal string ContentType => (Header("Content-Type") ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
