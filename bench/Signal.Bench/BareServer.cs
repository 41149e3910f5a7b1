using System.Diagnostics;

namespace Signal.Bench;

/// <summary>The yardstick: Kestrel as collection uses it, that reads the body and answers what collection answers, and does nothing else.</summary>
internal sealed class BareServer(Child child, string address) : IAsyncDisposable
{
    private static readonly byte[] Success = "{\"success\":true}"u8.ToArray();

    internal string Address { get; } = address;

    internal static async Task<BareServer> StartAsync()
    {
        var address = FreePort.Address();
        var child = new Child(new ProcessStartInfo(Environment.ProcessPath!, ["bare", address]));
        await child.ReadyAsync(address);
        return new BareServer(child, address);
    }

    internal static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(k => k.AddServerHeader = false);
        var app = builder.Build();
        app.MapPost("/v1/{route}", AnswerAsync);
        await app.RunAsync();
        return 0;
    }

    public ValueTask DisposeAsync() => child.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync();
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = Success.Length;
        await http.Response.Body.WriteAsync(Success);
    }
}
