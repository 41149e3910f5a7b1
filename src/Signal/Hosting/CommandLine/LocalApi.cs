using System.Net.Http.Headers;
using System.Text.Json;

namespace Signal.Hosting.CommandLine;

/// <summary>
/// The management API of this data directory, for verbs: that of the process running on it, or, when none does, one started for
/// the moment on a loopback port. Either way a verb does exactly what the API does.
/// </summary>
internal sealed class LocalApi : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly IHost? _own;

    private LocalApi(RunFile run, IHost? own)
    {
        _own = own;
        _http = new HttpClient { BaseAddress = new Uri($"{run.Manage[0].TrimEnd('/')}/v1/admin/"), Timeout = TimeSpan.FromMinutes(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", run.Token);
    }

    internal static async Task<LocalApi> OpenAsync(Settings settings, CancellationToken stop)
    {
        if (OfRunning(settings) is { } running) return running;
        var host = SignalHost.Build(
            settings with { Roles = Roles.Manage, ManageUrls = ["http://127.0.0.1:0"], LogLevel = LogLevel.Error, ManageRateLimit = 1_000_000, ConfigurationFile = null },
            demo: false,
            temporary: true);
        await host.StartAsync(stop);
        var run = RunFile.Find(settings.DataDirectory) ?? throw new StartupException($"The data directory {settings.DataDirectory} can't be written.");
        return new LocalApi(run, host);
    }

    /// <summary>The API of the process that runs on this data directory; null when none runs, or it is not managed.</summary>
    internal static LocalApi? OfRunning(Settings settings) => RunFile.Find(settings.DataDirectory) is { Manage.Count: > 0 } running ? new LocalApi(running, null) : null;

    /// <summary>Calls and answers the body. Throws <see cref="VerbException"/> with the API's own words when it refuses.</summary>
    internal async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await _http.SendAsync(request, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        if (response.IsSuccessStatusCode) return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
        throw new VerbException(Words(text, (int)response.StatusCode));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_own is null) return;
        await _own.StopAsync();
        _own.Dispose();
    }

    private static IReadOnlyList<string> Words(string body, int status)
    {
        try
        {
            var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
            var fields = error.TryGetProperty("fields", out var list) ? list.EnumerateArray().Select(f => $"  {f.GetProperty("field").GetString()}: {f.GetProperty("message").GetString()}") : [];
            var message = error.GetProperty("message").GetString()!;

            // With one field the answer's message is that field's.
            return fields.ToList() is [var only] && only.EndsWith($": {message}", StringComparison.Ordinal) ? [only.TrimStart()] : [message, .. fields];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [$"The management API answered {status}."];
        }
    }
}

/// <summary>A verb can't do what it was asked; the lines tell why.</summary>
internal sealed class VerbException(IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    public IReadOnlyList<string> Lines { get; } = lines;
}
