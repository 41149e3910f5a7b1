using System.Net.Http.Headers;
using System.Text.Json;
using MatomoSandbox;

namespace Signal.Hosting.Demo;

/// <summary>
/// <c>signal demo</c>: starts the Matomo sandbox, wires source and integration through the management API as a user would,
/// and prints the links. A second start finds what the first one made.
/// </summary>
internal sealed class DemoService(Settings settings, DemoSecrets secrets, DemoShop shop, Listeners listeners, RunToken token) : IHostedService
{
    private SandboxServer? _sandbox;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _sandbox = await StartSandboxAsync(cancellationToken);
        using var api = new HttpClient { BaseAddress = new Uri($"{listeners.Manage[0].TrimEnd('/')}/v1/admin/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        var source = await FindAsync(api, "sources", cancellationToken) ?? await PostAsync(api, "sources", new { name = "Demo shop", domain = "localhost" }, cancellationToken);
        var sourceId = source.GetProperty("id").GetString()!;
        await WireAsync(api, sourceId, cancellationToken);
        shop.PipelineKey = source.GetProperty("pipeline_key").GetString()!;
        shop.SandboxUrl = _sandbox.BaseAddress.ToString();
        System.Console.WriteLine(
            $"""

              Signal is running. Open these:

                the demo shop        {listeners.Collect[0]}/shop/
                what Matomo received {_sandbox.BaseAddress}
                the console          {listeners.Manage[0]}/

              Sign in with {DemoSecrets.Email} and the password {secrets.Password}
              The management API's documentation: {listeners.Manage[0]}/docs
              Stop with Ctrl+C. The demo's data: {settings.DataDirectory}

            """);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_sandbox is not null) await _sandbox.DisposeAsync();
    }

    private async Task<SandboxServer> StartSandboxAsync(CancellationToken stop)
    {
        try
        {
            return await SandboxServer.StartAsync(Options(), stop);
        }
        catch (IOException e)
        {
            throw new StartupException($"The Matomo sandbox can't listen on {string.Join(", ", settings.SandboxUrls)}: {e.Message} Stop the other program or choose another address (SIGNAL_SANDBOX_URLS).", e);
        }
    }

    private SandboxOptions Options() => SandboxOptions.Demo(secrets.MatomoToken) with
    {
        Urls = string.Join(';', settings.SandboxUrls),
        JournalPath = Path.Combine(settings.DataDirectory, "matomo-sandbox.jsonl"),
    };

    private async Task WireAsync(HttpClient api, string sourceId, CancellationToken stop)
    {
        var config = new Dictionary<string, string> { ["matomo_url"] = _sandbox!.BaseAddress.ToString(), ["site_id"] = "1", ["token_auth"] = secrets.MatomoToken, ["currency"] = "EUR" };
        if (await FindAsync(api, "integrations", stop) is not { } integration)
        {
            await PostAsync(api, "integrations", new { source_id = sourceId, vendor = "matomo", name = "Matomo sandbox", enabled = true, config, consent_categories = new[] { "analytics" } }, stop);
            return;
        }

        if (integration.GetProperty("config").GetProperty("matomo_url").GetString() == config["matomo_url"].TrimEnd('/')) return;
        using var answer = await api.PatchAsJsonAsync($"integrations/{integration.GetProperty("id").GetString()}", new { config, note = "The sandbox has a new address." }, stop);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonElement?> FindAsync(HttpClient api, string resource, CancellationToken stop)
    {
        var list = await api.GetFromJsonAsync<JsonElement>(resource, stop);
        return list.GetProperty("data").EnumerateArray().Select(e => (JsonElement?)e.Clone()).LastOrDefault(e => e!.Value.GetProperty("name").GetString() is "Demo shop" or "Matomo sandbox");
    }

    private static async Task<JsonElement> PostAsync(HttpClient api, string resource, object body, CancellationToken stop)
    {
        using var answer = await api.PostAsJsonAsync(resource, body, stop);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
    }
}
