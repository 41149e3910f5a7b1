using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Signal.Tests.Scenarios;

/// <summary>
/// The built program as a child process on free ports and a data directory of its own, driven over HTTP as its users do.
/// </summary>
internal sealed class RunningSignal : IAsyncDisposable
{
    internal const string AdminToken = "test-admin-token-0123456789abcdef0123456789";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly bool _ownsDirectory;
    private readonly string _verb;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private RunningSignal(string directory, bool ownsDirectory, IReadOnlyDictionary<string, string> environment, string verb)
    {
        _verb = verb;
        DataDirectory = directory;
        _ownsDirectory = ownsDirectory;
        _environment = environment;
    }

    internal string DataDirectory { get; }

    /// <summary>Everything the program has printed so far.</summary>
    internal string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>Talks to collection like a browser without cookies.</summary>
    internal HttpClient Collect { get; private set; } = null!;

    /// <summary>Talks to management as an administrator.</summary>
    internal HttpClient Manage { get; private set; } = null!;

    internal int Pid => _process!.Id;

    internal static async Task<RunningSignal> StartAsync(IReadOnlyDictionary<string, string>? environment = null, string? dataDirectory = null, string verb = "run")
    {
        var directory = dataDirectory ?? Directory.CreateTempSubdirectory("signal-test-").FullName;
        var signal = new RunningSignal(directory, dataDirectory is null, environment ?? new Dictionary<string, string>(), verb);
        await signal.LaunchAsync(verb);
        return signal;
    }

    /// <summary>Kills without warning (SIGKILL) and waits until it is gone.</summary>
    internal async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop as an operating system does (TERM) or Ctrl-C (INT); answers its exit code.</summary>
    internal async Task<int> StopAsync(string signal = "TERM")
    {
        using var kill = Process.Start("kill", [$"-{signal}", Pid.ToString()]);
        await kill.WaitForExitAsync();
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Starts it again on the same data directory.</summary>
    internal Task RestartAsync() => LaunchAsync(_verb);

    /// <summary>Makes a source; answers it whole (id, pipeline_key, secret).</summary>
    internal async Task<JsonElement> CreateSourceAsync(object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body.TryAdd("name", "Web shop");
        body.TryAdd("domain", "shop.example.com");
        return await PostAdminAsync("sources", body, HttpStatusCode.Created);
    }

    /// <summary>Makes the seed's Matomo integration, pointed at a sandbox.</summary>
    internal async Task<JsonElement> CreateMatomoAsync(string sourceId, Uri matomo, object? config = null, object? more = null, string token = "cccccccccccccccccccccccccccccccc")
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        var settings = JsonSerializer.SerializeToNode(config ?? new { })!.AsObject();
        settings.TryAdd("matomo_url", matomo.ToString());
        settings.TryAdd("site_id", "1");
        settings.TryAdd("token_auth", token);
        body["source_id"] = sourceId;
        body["vendor"] = "matomo";
        body.TryAdd("name", "Matomo Production");
        body.TryAdd("enabled", true);
        body["config"] = settings;
        return await PostAdminAsync("integrations", body, HttpStatusCode.Created);
    }

    internal async Task<JsonElement> PostAdminAsync(string path, object body, HttpStatusCode expected)
    {
        using var response = await Manage.PostAsJsonAsync($"/v1/admin/{path}", body);
        return await ReadAsync(response, expected);
    }

    internal async Task<JsonElement> PatchAdminAsync(string path, object body)
    {
        using var response = await Manage.PatchAsJsonAsync($"/v1/admin/{path}", body);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    internal async Task<JsonElement> GetAdminAsync(string path)
    {
        using var response = await Manage.GetAsync($"/v1/admin/{path}");
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    /// <summary>Posts an event as a browser would, with its own visitor.</summary>
    internal async Task<HttpResponseMessage> SendAsync(string key, string route, object body, string? userAgent = Some.Browser, IReadOnlyDictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route);
        request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (userAgent is not null) request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        foreach (var (name, value) in headers ?? new Dictionary<string, string>()) request.Headers.TryAddWithoutValidation(name, value);
        return await Collect.SendAsync(request);
    }

    /// <summary>Rows of an integration's recent events once there are at least <paramref name="count"/> that satisfy <paramref name="done"/>.</summary>
    internal async Task<IReadOnlyList<JsonElement>> EventsAsync(string integrationId, int count, Func<JsonElement, bool>? done = null) =>
        await Eventually.Async(
            async () =>
            {
                var page = await GetAdminAsync($"integrations/{integrationId}/events?limit=100");
                return page.GetProperty("data").EnumerateArray().Where(r => done?.Invoke(r) ?? r.GetProperty("outcome").GetString() != "retrying").ToList();
            },
            rows => rows.Count >= count,
            () => $"{count} settled events; the program printed:\n{Output}");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Collect?.Dispose();
        Manage?.Dispose();
        if (_ownsDirectory && Directory.Exists(DataDirectory)) Directory.Delete(DataDirectory, recursive: true);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != expected) throw new InvalidOperationException($"{(int)response.StatusCode} instead of {(int)expected}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    private async Task LaunchAsync(string verb)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "signal.dll");

        // A shell has Ctrl-C ignored by what it starts in the background, tests and all they start included: here it counts again.
        var start = OperatingSystem.IsLinux() ? new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", program, verb]) : new ProcessStartInfo("dotnet", [program, verb]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = DataDirectory;
        start.Environment["SIGNAL_DATA_DIR"] = DataDirectory;
        start.Environment["SIGNAL_COLLECT_URLS"] = "http://127.0.0.1:0";
        start.Environment["SIGNAL_MANAGE_URLS"] = "http://127.0.0.1:0";
        start.Environment["SIGNAL_SANDBOX_URLS"] = "http://127.0.0.1:0";
        start.Environment["SIGNAL_ADMIN_TOKEN"] = AdminToken;
        start.Environment["SIGNAL_MANAGE_RATE_LIMIT"] = "1000000";
        foreach (var (key, value) in _environment) start.Environment[key] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        File.Delete(Path.Combine(DataDirectory, "signal.run.json"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ConnectAsync();
    }

    private async Task ConnectAsync()
    {
        var runFile = Path.Combine(DataDirectory, "signal.run.json");
        await Eventually.Async(
            () => Task.FromResult(File.Exists(runFile) || _process!.HasExited),
            there => there,
            () => $"the program to start; it printed:\n{Output}",
            Patience);
        if (!File.Exists(runFile)) throw new InvalidOperationException($"The program ended with {_process!.ExitCode}:\n{Output}");
        using var run = JsonDocument.Parse(await File.ReadAllBytesAsync(runFile));
        Collect = Client(run.RootElement.GetProperty("collect"));
        Manage = Client(run.RootElement.GetProperty("manage"));
        Manage.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    private static HttpClient Client(JsonElement addresses) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(addresses.EnumerateArray().First().GetString()!),
            Timeout = Patience,
        };

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }
}
