using System.Net;
using System.Text.Json;
using System.Web;
using MatomoSandbox;
using Shouldly;

namespace Signal.Tests.Scenarios;

/// <summary>A running Signal with one source and one Matomo integration, pointed at a sandbox of its own.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly bool _ownsSignal;

    private Shop(RunningSignal signal, bool ownsSignal, SandboxServer sandbox, JsonElement source, JsonElement integration)
    {
        Signal = signal;
        _ownsSignal = ownsSignal;
        Sandbox = sandbox;
        Source = source;
        Integration = integration;
    }

    internal RunningSignal Signal { get; }

    internal SandboxServer Sandbox { get; }

    internal JsonElement Source { get; }

    internal JsonElement Integration { get; }

    internal string Key => Source.GetProperty("pipeline_key").GetString()!;

    internal string SourceId => Source.GetProperty("id").GetString()!;

    internal string IntegrationId => Integration.GetProperty("id").GetString()!;

    internal static async Task<Shop> OpenAsync(object? source = null, object? config = null, object? integration = null, IReadOnlyDictionary<string, string>? environment = null, SandboxOptions? sandbox = null) =>
        await OpenAsync(await RunningSignal.StartAsync(environment), ownsSignal: true, source, config, integration, sandbox ?? SandboxOptions.Recorded);

    /// <summary>A shop of its own on a program that others use too.</summary>
    internal static Task<Shop> OpenAsync(RunningSignal signal, object? source = null, object? config = null, object? integration = null, SandboxOptions? sandbox = null) =>
        OpenAsync(signal, ownsSignal: false, source, config, integration, sandbox ?? SandboxOptions.Recorded);

    private static async Task<Shop> OpenAsync(RunningSignal signal, bool ownsSignal, object? source, object? config, object? integration, SandboxOptions options)
    {
        var sandbox = await SandboxServer.StartAsync(options, CancellationToken.None);
        var madeSource = await signal.CreateSourceAsync(source);
        var madeIntegration = await signal.CreateMatomoAsync(madeSource.GetProperty("id").GetString()!, sandbox.BaseAddress, config, integration);
        return new Shop(signal, ownsSignal, sandbox, madeSource, madeIntegration);
    }

    /// <summary>Sends one event of a visitor and insists that it is accepted.</summary>
    internal async Task SendAsync(string route, string visitor, object body, string? userAgent = Some.Browser, IReadOnlyDictionary<string, string>? headers = null)
    {
        var json = JsonSerializer.SerializeToNode(body)!.AsObject();
        json.TryAdd("anonymousId", visitor);
        using var answer = await Signal.SendAsync(Key, route, json, userAgent, headers);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What is wrong with this shop's Matomo.</summary>
    internal SandboxFaults Faults
    {
        set => Sandbox.Matomo.Faults = value;
    }

    internal SandboxState State => Sandbox.Matomo.State();

    /// <summary>The paths of the page views that were recorded, in order.</summary>
    internal IReadOnlyList<string> Paths => [.. State.Actions.Select(a => new Uri(a.Url!).AbsolutePath)];

    /// <summary>A page view of this path.</summary>
    internal Task PageAsync(string visitor, string path) =>
        SendAsync("/v1/p", visitor, new { messageId = visitor + path, properties = new { url = "https://shop.example.com" + path } });

    /// <summary>Page views of these paths, in one request.</summary>
    internal async Task PagesAsync(string visitor, IEnumerable<string> paths)
    {
        foreach (var part in paths.Chunk(500))
        {
            var batch = part.Select(path => new { type = "page", anonymousId = visitor, messageId = visitor + path, properties = new { url = "https://shop.example.com" + path } });
            using var answer = await Signal.SendAsync(Key, "/v1/b", new { batch });
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Something that happened.</summary>
    internal Task TrackAsync(string visitor, string name, object? properties = null, string? messageId = null) =>
        SendAsync("/v1/t", visitor, new { messageId = messageId ?? Guid.NewGuid().ToString(), @event = name, properties = properties ?? new { } });

    /// <summary>Changes the integration; answers it.</summary>
    internal Task<JsonElement> PatchAsync(object changes) => Signal.PatchAdminAsync($"integrations/{IntegrationId}", changes);

    /// <summary>Waits until the integration has this status.</summary>
    internal Task BecomesAsync(string status) => Eventually.Async(
        () => Signal.GetAdminAsync($"integrations/{IntegrationId}"),
        i => i.GetProperty("status").GetString() == status,
        () => $"the integration to be {status}; the program printed:\n{Signal.Output}");

    /// <summary>Waits for a row of recent events with this outcome and reason.</summary>
    internal async Task<JsonElement> RowAsync(string outcome, string? reason = null) => (await Signal.EventsAsync(
        IntegrationId, 1, r => r.GetProperty("outcome").GetString() == outcome && (reason is null || r.GetProperty("reason").GetString() == reason)))[0];

    /// <summary>Waits until so many actions were recorded.</summary>
    internal Task<IReadOnlyList<string>> RecordedAsync(int count, TimeSpan? patience = null) => Eventually.Async(
        () => Paths, paths => paths.Count >= count, () => $"{count} recorded actions, there are {Paths.Count}; the program printed:\n{Signal.Output}", patience);

    /// <summary>The settled rows of recent events, oldest first, once there are <paramref name="count"/>.</summary>
    internal async Task<IReadOnlyList<JsonElement>> SettledAsync(int count) =>
        [.. (await Signal.EventsAsync(IntegrationId, count)).Reverse()];

    /// <summary>The form fields of a row's request.</summary>
    internal static Dictionary<string, string> Fields(JsonElement row, int line = 0)
    {
        var form = HttpUtility.ParseQueryString(row.GetProperty("request").GetString()!.Split('\n')[line]);
        return form.AllKeys.ToDictionary(k => k!, k => form[k]!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ownsSignal) await Signal.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
