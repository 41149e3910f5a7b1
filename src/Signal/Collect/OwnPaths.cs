using System.Collections.Frozen;
using Signal.Collect.Scripts;
using Signal.Configure;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>What no fixed route takes: a source's own script path and its own prefix in place of <c>/v1</c>; 404 and 405 for everything else.</summary>
internal sealed class OwnPaths(IConfigurationFeed configuration, Intake intake, ScriptRoutes scripts)
{
    private static readonly FrozenDictionary<string, CollectRoute> Routes = CollectRoute.All.ToFrozenDictionary(r => r.Name);

    internal Task HandleAsync(HttpContext http)
    {
        var snapshot = configuration.Current;
        var view = SnapshotView.Of(snapshot);
        var path = http.Request.Path.Value ?? "/";
        if (view.Scripts.TryGetValue(path, out var source) && IsRead(http)) return scripts.ServeAsync(http, source);
        if (RouteOf(path, view) is not { } route) return Answers.WriteErrorAsync(http, new Refusal(
            StatusCodes.Status404NotFound, ErrorCodes.NotFound, "There is nothing at this address: the routes are /v1/track, /v1/page, /v1/batch and their like."));
        if (HttpMethods.IsOptions(http.Request.Method)) return OriginStage.Preflight(http, snapshot);
        return http.Request.Method == route.Method ? intake.HandleAsync(http, route) : NotWith(http, route);
    }

    private static CollectRoute? RouteOf(string path, SnapshotView view)
    {
        if (path.StartsWith("/v1/", StringComparison.Ordinal)) return Routes.GetValueOrDefault(path[4..].TrimEnd('/'));
        foreach (var prefix in view.Prefixes)
        {
            if (path.Length > prefix.Length && path[prefix.Length] == '/' && path.StartsWith(prefix, StringComparison.Ordinal)
                && Routes.GetValueOrDefault(path[(prefix.Length + 1)..].TrimEnd('/')) is { } route)
                return route;
        }

        return null;
    }

    private static Task NotWith(HttpContext http, CollectRoute route)
    {
        http.Response.Headers.Allow = $"{route.Method}, OPTIONS";
        return Answers.WriteErrorAsync(http, new Refusal(
            StatusCodes.Status405MethodNotAllowed, ErrorCodes.MethodNotAllowed, $"This address takes {route.Method} only."));
    }

    private static bool IsRead(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
}
