using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Configure;
using Signal.Log;
using Signal.Manage;
using Signal.Manage.Files;
using Signal.Manage.Access;
using Signal.Manage.Privacy;
using Signal.Manage.Changes;
using Signal.Manage.Resources;
using Signal.Record;
using Signal.State;
using Signal.Tests.Manage.Fakes;
using Signal.Watch;

namespace Signal.Tests.Manage;

/// <summary>The management side on a port of its own, over stores in memory.</summary>
internal sealed class ManageHost : IAsyncDisposable
{
    public const string AdminToken = "0123456789-administrator-token-0123456789";
    public const string Email = "ada@example.com";
    public const string Password = "correct horse battery";

    private WebApplication _app = null!;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public FakeAuditLog Audit { get; }

    public FakeAccountStore Accounts { get; }

    public FakeIdempotencyStore Idempotency { get; } = new();

    public FakeDeliveryStore Delivery { get; } = new();

    public FakeEventFeed Feed { get; } = new();

    public FakePrivacyTools Tools { get; } = new();

    public FakeEventLog Log { get; } = new();

    public FakeAlertStore Alerts { get; }

    public FakeChannelSender Channels { get; } = new();

    public FakeDisk Disk { get; } = new();

    public FakeReplays Replays { get; private set; } = null!;

    public FakeConfigurationStore Store { get; }

    /// <summary>What references in a configuration file stand for.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>Everything the host logged, as text.</summary>
    public LogLines Logs { get; } = new();

    public Uri Address { get; private set; } = null!;

    /// <summary>A client with the fixed administrator's token.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>The first administrator from the settings; hashing their password takes its time, so most tests go without.</summary>
    public static ManageOptions WithAdministrator(ManageOptions options) => options with { AdminEmail = Email, AdminPassword = Password };

    public static async Task<ManageHost> StartAsync(Func<ManageOptions, ManageOptions>? change = null)
    {
        var audit = new FakeAuditLog();
        var host = new ManageHost(audit);
        await host.RunAsync(change ?? (o => o));
        return host;
    }

    private ManageHost(FakeAuditLog audit)
    {
        (Audit, Accounts, Alerts) = (audit, new FakeAccountStore(audit), new FakeAlertStore(audit));
        Store = new FakeConfigurationStore(audit, Alerts);
    }

    /// <summary>A client with this token, or with none.</summary>
    public HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client with an API token of this role.</summary>
    public async Task<HttpClient> ClientOfAsync(string role)
    {
        var answer = await Admin.PostAsJsonAsync("/v1/admin/tokens", new { name = role, role });
        return Client((await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("token").GetString());
    }

    /// <summary>A source with the id the seed's example names.</summary>
    public async Task<JsonElement> SourceAsync(string id = "src_abc123") =>
        await (await Admin.PostAsJsonAsync("/v1/admin/sources", new { id, name = "Shop", domain = "shop.example.com" })).JsonAsync(HttpStatusCode.Created);

    /// <summary>A source and the seed's integration.</summary>
    public async Task<JsonElement> IntegrationAsync()
    {
        await SourceAsync();
        return await (await Admin.PostAsync("/v1/admin/integrations", Some.SeedBody())).JsonAsync(HttpStatusCode.Created);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _app.DisposeAsync();
    }

    private async Task RunAsync(Func<ManageOptions, ManageOptions> change)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IConfigurationStore>(Store).AddSingleton<IAuditLog>(Audit).AddSingleton<IAccountStore>(Accounts).AddSingleton<IIdempotencyStore>(Idempotency).AddSingleton<IDeliveryStore>(Delivery);
        builder.Services.AddSingleton<IEventFeed>(Feed).AddSingleton<Erasures>().AddSingleton<IEventLog>(Log).AddSingleton<IReplays>(Replays = new FakeReplays(Time));
        builder.Services.AddSingleton<IDoctor, FakeDoctor>();
        builder.Services.AddSingleton<IPrivacyTools>(Tools);
        builder.Services.AddSingleton(new Catalogue(() => [new FakeDestination()]));
        builder.Services.AddSingleton(new SecretLookup(name => Secrets.GetValueOrDefault(name)));
        builder.Services.AddSingleton<IAlertStore>(Alerts).AddSingleton<IChannelSender>(Channels).AddSingleton<IDisk>(Disk);
        builder.Services.AddWatch(new WatchOptions { Console = () => "https://signal.example.com" });
        builder.Services.AddConfigure();
        builder.Services.AddManage(change(new ManageOptions
        {
            SigningKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
            AdminToken = AdminToken,
            RequestsPerMinute = 100_000,
            SignInsPerMinute = 100_000,
        }));
        _app = builder.Build();
        _app.MapManage();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Admin = Client(AdminToken);
    }
}
