using System.Collections.Concurrent;
using Signal.Configure;
using Signal.Govern;

namespace Signal.Collect.Scripts;

/// <summary>Serves the browser SDK: compressed once per configuration of a source, revalidated by <c>ETag</c>.</summary>
internal sealed class ScriptRoutes(SdkComposer composer, IConfigurationFeed configuration, CollectOptions options, TimeProvider clock)
{
    private static readonly string[] Read = ["GET", "HEAD"];

    private readonly ConcurrentDictionary<string, (Source Source, IReadOnlyList<Integration> Integrations, CompressedScript Script)> _ofSources = new();
    private readonly Lazy<CompressedScript> _standard = new(() => CompressedScript.Of(composer.Standard()));

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/d.js", Read, http => SendAsync(http, () => _standard.Value));
        routes.MapMethods("/datafly.js", Read, http => SendAsync(http, () => _standard.Value));
        routes.MapMethods("/d/{key}.js", Read, http => configuration.Current.SourceOfKey((string)http.Request.RouteValues["key"]!, clock.GetUtcNow()) is { } source
            ? ServeAsync(http, source)
            : Answers.WriteErrorAsync(http, new Refusal(StatusCodes.Status404NotFound, ErrorCodes.InvalidPipelineKey, "The pipeline key in the script's address is unknown or revoked: copy the snippet from the source's page.")));
    }

    /// <summary>Serves a source's own script.</summary>
    internal Task ServeAsync(HttpContext http, Source source)
    {
        var path = http.Request.Path.Value!;
        return SendAsync(http, () => ScriptOf(source, path));
    }

    private CompressedScript ScriptOf(Source source, string path)
    {
        // The depth of the path is part of the script; the key in it is not, a retired one serves the same.
        var slot = $"{source.Id} {path.Count(c => c == '/')}";
        var integrations = SnapshotView.Of(configuration.Current).IntegrationsOf(source);
        if (_ofSources.TryGetValue(slot, out var held) && held.Source == source && held.Integrations.SequenceEqual(integrations)) return held.Script;
        var script = CompressedScript.Of(composer.Of(source, integrations, path));
        _ofSources[slot] = (source, integrations, script);
        return script;
    }

    private Task SendAsync(HttpContext http, Func<CompressedScript> script)
    {
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = "Accept-Encoding";
        if (!composer.IsAvailable) return Answers.WriteErrorAsync(http, new Refusal(
            StatusCodes.Status503ServiceUnavailable, ErrorCodes.SdkUnavailable, "This build carries no browser SDK: build it with make build."));

        var made = script();
        var (bytes, encoding) = made.For(http.Request.Headers.AcceptEncoding.ToString());
        headers.CacheControl = $"public, max-age={(int)options.ScriptMaxAge.TotalSeconds}";
        headers.ETag = $"\"{made.Tag}-{encoding ?? "plain"}\"";
        if (http.Request.Headers.IfNoneMatch.ToString().Contains(made.Tag, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        http.Response.ContentType = "text/javascript; charset=utf-8";
        if (encoding is not null) headers.ContentEncoding = encoding;
        http.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(bytes, 0, bytes.Length);
    }
}
