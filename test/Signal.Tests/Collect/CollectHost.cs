using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Signal.Collect;
using Signal.Collect.Scripts;
using Signal.Configure;
using Signal.Log;
using Signal.Record;
using Signal.State;
using Signal.Tests.Fakes;

namespace Signal.Tests.Collect;

/// <summary>The collection room on a real Kestrel with fakes behind it.</summary>
internal sealed class CollectHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CollectHost(CollectOptions options)
    {
        Configuration.Set([Some.Source], [Some.Integration]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<IConfigurationFeed>(Configuration);
        builder.Services.AddSingleton<IEventLog>(Log);
        builder.Services.AddSingleton<IConsentStore>(Consents);
        builder.Services.AddSingleton<IDailySalts>(new FakeDailySalts());
        builder.Services.AddSingleton<ICounters>(Counters);
        builder.Services.AddSingleton<IEventFeed>(Feed);
        builder.Services.AddSingleton<IWithdrawals>(Withdrawals);
        builder.Services.AddSingleton<ISdkScripts>(Sdk);
        builder.Services.AddCollect();
        _app = builder.Build();
        _app.MapCollect();
    }

    internal FakeTimeProvider Clock { get; } = new(Some.Now);

    internal FakeConfigurationFeed Configuration { get; } = new();

    internal FakeEventLog Log { get; } = new();

    internal FakeConsentStore Consents { get; } = new();

    internal FakeCounters Counters { get; } = new();

    internal FakeEventFeed Feed { get; } = new();

    internal FakeWithdrawals Withdrawals { get; } = new();

    internal FakeSdkScripts Sdk { get; } = new();

    internal HttpClient Http { get; private set; } = null!;

    internal static async Task<CollectHost> StartAsync(CollectOptions? options = null, Source? source = null)
    {
        var host = new CollectHost(options ?? new CollectOptions());
        if (source is not null) host.Configuration.Set([source], [Some.Integration]);
        await host._app.StartAsync();
        host.Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new Uri(host._app.Urls.Single()),
        };
        return host;
    }

    /// <summary>Posts JSON with the shop's key.</summary>
    internal Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(Request(HttpMethod.Post, path, Encoding.UTF8.GetBytes(json), [("Authorization", $"Bearer {Some.Source.PipelineKey}"), .. headers]));

    /// <summary>Posts bytes with no headers but these.</summary>
    internal Task<HttpResponseMessage> PostBytesAsync(string path, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(Request(HttpMethod.Post, path, body, headers));

    internal Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(Request(HttpMethod.Get, path, null, headers));

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Http.SendAsync(request);

    internal static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content!.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What tests ask of an answer.</summary>
internal static class Answered
{
    internal static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    internal static async Task<string?> ErrorCodeAsync(this HttpResponseMessage response) =>
        (await response.JsonAsync()).TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;

    internal static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    internal static string? Cookie(this HttpResponseMessage response) =>
        response.Header("Set-Cookie") is { } cookie ? cookie.Split(';')[0].Split('=', 2)[1] : null;
}
