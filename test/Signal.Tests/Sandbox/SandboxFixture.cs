using System.Text;
using System.Text.Json.Nodes;
using MatomoSandbox;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>A sandbox set up as the recorded receiver, with a clock of its own, and short ways to talk to it.</summary>
public abstract class SandboxFixture : IAsyncLifetime
{
    internal const string WriteToken = "cccccccccccccccccccccccccccccccc";
    internal const string Superuser = "0123456789abcdef0123456789abcdef";
    internal const string Nobody = "ffffffffffffffffffffffffffffffff";

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    internal SandboxServer Server { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    internal SandboxState State => Server.Matomo.State();

    /// <summary>How this test's sandbox differs from the recorded one.</summary>
    protected virtual SandboxOptions Options => SandboxOptions.Recorded;

    public async ValueTask InitializeAsync()
    {
        Server = await SandboxServer.StartAsync(Options with { TimeProvider = Clock });
        Client = new HttpClient { BaseAddress = Server.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        await Server.DisposeAsync();
    }

    internal Task<HttpResponseMessage> TrackAsync(string parameters) => PostAsync(
        "matomo.php", $"idsite=1&rec=1&url=https://shop.example.com/&{parameters}", "application/x-www-form-urlencoded");

    internal async Task<JsonObject> BulkAsync(string json)
    {
        using var response = await PostAsync("matomo.php", json, "application/json");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    internal async Task<JsonObject> FaultAsync(string json)
    {
        using var response = await PostAsync("sandbox/faults", json, "application/json");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    internal Task<HttpResponseMessage> PostAsync(string path, string body, string type) =>
        Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, type));
}
