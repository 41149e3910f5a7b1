using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Signal.Bench;

/// <summary>
/// The built program as an operator runs it, on a data directory of its own, with a source and an integration, so that every event is
/// stored. It does not deliver: how fast Matomo takes events is another question.
/// </summary>
internal sealed class SignalServer(Child child, DirectoryInfo data, string address, string key) : IAsyncDisposable
{
    private const string Token = "bench-token-0123456789abcdef0123456789abcdef";

    internal string Address { get; } = address;

    internal string Key { get; } = key;

    internal static async Task<SignalServer> StartAsync()
    {
        var program = Path.GetFullPath("artifacts/signal/signal");
        if (!File.Exists(program)) throw new InvalidOperationException($"{program} is missing: run make build first.");
        var data = Directory.CreateTempSubdirectory("signal-bench-");
        var (collect, manage) = (FreePort.Address(), FreePort.Address());
        var child = new Child(new ProcessStartInfo(program, "run")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = data.FullName,
            Environment =
            {
                ["SIGNAL_DATA_DIR"] = data.FullName,
                ["SIGNAL_COLLECT_URLS"] = collect,
                ["SIGNAL_MANAGE_URLS"] = manage,
                ["SIGNAL_ROLES"] = "collect,manage",
                ["SIGNAL_ADMIN_TOKEN"] = Token,
            },
        });
        await child.ReadyAsync($"{manage}/readyz");
        await child.ReadyAsync($"{collect}/readyz");
        return new SignalServer(child, data, collect, await WireAsync(manage));
    }

    public async ValueTask DisposeAsync()
    {
        await child.DisposeAsync();
        data.Delete(recursive: true);
    }

    private static async Task<string> WireAsync(string manage)
    {
        using var api = new HttpClient { BaseAddress = new Uri($"{manage}/v1/admin/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var source = await PostAsync(api, "sources", new { name = "Bench", domain = "shop.example.com", rate_limit = 1_000_000 });
        await PostAsync(api, "integrations", new
        {
            source_id = source.GetProperty("id").GetString(),
            vendor = "matomo",
            name = "Bench",
            enabled = true,
            config = new { matomo_url = "http://127.0.0.1:9", site_id = "1", token_auth = new string('c', 32) },
            consent_categories = new[] { "analytics" },
        });
        return source.GetProperty("pipeline_key").GetString()!;
    }

    private static async Task<JsonElement> PostAsync(HttpClient api, string path, object body)
    {
        using var answer = await api.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
