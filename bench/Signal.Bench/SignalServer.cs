using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Signal.Bench;

/// <summary>The built program as an operator runs it, on a data directory of its own, with a source and an integration.</summary>
internal sealed class SignalServer : IAsyncDisposable
{
    private const string Token = "bench-token-0123456789abcdef0123456789abcdef";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("signal-bench-");
    private Child? _child;

    private SignalServer()
    {
    }

    /// <summary>Where it collects.</summary>
    internal string Address { get; private set; } = "";

    /// <summary>Where it is managed and measured.</summary>
    internal string Manage { get; private set; } = "";

    internal string Key { get; private set; } = "";

    /// <summary>Processor time it has used since it was started last.</summary>
    internal TimeSpan Used => _child!.Used;

    /// <summary>Starts it, so that every event is stored for the Matomo at the address and none is delivered.</summary>
    internal static async Task<SignalServer> StartAsync(string matomo = "http://127.0.0.1:9")
    {
        var server = new SignalServer();
        await server.RunAsync("collect,manage");
        server.Key = await server.WireAsync(matomo);
        return server;
    }

    /// <summary>Ends it as a crash does, and starts it again for delivery alone.</summary>
    internal async Task DeliverAsync()
    {
        await _child!.DisposeAsync();
        await RunAsync("deliver,manage");
    }

    public async ValueTask DisposeAsync()
    {
        await _child!.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task RunAsync(string roles)
    {
        var program = Path.GetFullPath("artifacts/signal/signal");
        if (!File.Exists(program)) throw new InvalidOperationException($"{program} is missing: run make build first.");
        (Address, Manage) = (FreePort.Address(), FreePort.Address());
        _child = new Child(new ProcessStartInfo(program, "run")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _data.FullName,
            Environment =
            {
                ["SIGNAL_DATA_DIR"] = _data.FullName,
                ["SIGNAL_COLLECT_URLS"] = Address,
                ["SIGNAL_MANAGE_URLS"] = Manage,
                ["SIGNAL_ROLES"] = roles,
                ["SIGNAL_ADMIN_TOKEN"] = Token,
            },
        });
        await _child.ReadyAsync($"{Manage}/readyz");
        if (roles.Contains("collect", StringComparison.Ordinal)) await _child.ReadyAsync($"{Address}/readyz");
    }

    private async Task<string> WireAsync(string matomo)
    {
        using var api = new HttpClient { BaseAddress = new Uri($"{Manage}/v1/admin/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var source = await PostAsync(api, "sources", new { name = "Bench", domain = "shop.example.com", rate_limit = 1_000_000 });
        await PostAsync(api, "integrations", new
        {
            source_id = source.GetProperty("id").GetString(),
            vendor = "matomo",
            name = "Bench",
            enabled = true,
            config = new { matomo_url = matomo, site_id = "1", token_auth = new string('c', 32) },
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
