using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MatomoSandbox;

namespace Signal.Bench;

/// <summary>Who receives what is delivered, in a process of its own.</summary>
internal sealed class Receiver(Child child, string address) : IAsyncDisposable
{
    /// <summary>Answers at once that it recorded everything.</summary>
    internal const string Instant = "instant";

    /// <summary>Takes 200 ms for a request, as a Matomo may.</summary>
    internal const string Slow = "slow";

    /// <summary>The Matomo sandbox.</summary>
    internal const string Sandbox = "sandbox";

    internal string Address { get; } = address;

    /// <summary>Processor time it has used.</summary>
    internal TimeSpan Used => child.Used;

    internal static async Task<Receiver> StartAsync(string kind)
    {
        var address = FreePort.Address();
        var child = new Child(new ProcessStartInfo(Environment.ProcessPath!, [kind, address]));
        await child.ReadyAsync(address);
        return new Receiver(child, address);
    }

    internal static async Task<int> RunAsync(string kind, string url)
    {
        if (kind == Sandbox)
        {
            await using var server = await SandboxServer.StartAsync(SandboxOptions.Recorded with { Urls = url });
            await Task.Delay(Timeout.Infinite);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(k => k.AddServerHeader = false);
        var app = builder.Build();
        var takes = kind == Slow ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;
        app.MapPost("/matomo.php", http => AnswerAsync(http, takes));
        await app.RunAsync();
        return 0;
    }

    public ValueTask DisposeAsync() => child.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http, TimeSpan takes)
    {
        await Task.Delay(takes);
        if (http.Request.ContentType?.Contains("json", StringComparison.Ordinal) != true)
        {
            http.Response.StatusCode = 204;
            return;
        }

        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var hits = body.RootElement.GetProperty("requests").GetArrayLength();
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($$"""{"status":"success","tracked":{{hits}},"invalid":0}"""));
    }
}
