using Microsoft.AspNetCore.StaticFiles;

namespace Signal.Hosting.Demo;

/// <summary>The demo shop under <c>/shop/</c> on the collection listener: the pages of <c>samples/shop</c> with the demo's key and links filled in.</summary>
internal sealed class DemoShop
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>The demo source's key, once there is one.</summary>
    public string PipelineKey { get; set; } = "";

    /// <summary>Where the sandbox shows what it received.</summary>
    public string SandboxUrl { get; set; } = "";

    internal void Map(WebApplication app)
    {
        app.MapGet("/", () => Results.Redirect("/shop/"));
        app.MapGet("/shop/{**path}", (HttpRequest request, string? path) =>
            request.Path == "/shop" ? Results.Redirect("/shop/") : Serve(path is null or "" ? "index.html" : path));
    }

    private IResult Serve(string path)
    {
        if (path.EndsWith('/')) path += "index.html";
        using var resource = typeof(DemoShop).Assembly.GetManifestResourceStream($"shop/{path}");
        if (resource is null) return Results.NotFound();
        var type = Types.TryGetContentType(path, out var known) ? known : "text/plain";
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        if (type != "text/html") return Results.Bytes(bytes.ToArray(), type);
        var html = System.Text.Encoding.UTF8.GetString(bytes.ToArray())
            .Replace("{{pipeline_key}}", PipelineKey, StringComparison.Ordinal)
            .Replace("{{sandbox_url}}", SandboxUrl, StringComparison.Ordinal);
        return Results.Text(html, "text/html; charset=utf-8");
    }
}
