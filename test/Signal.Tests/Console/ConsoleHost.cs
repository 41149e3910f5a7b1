using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signal.Configure;
using Signal.Console;
using Signal.Destinations;
using Signal.Log;
using Signal.Manage;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.Manage.Files;
using Signal.Manage.Privacy;
using Signal.Manage.Resources;
using Signal.Record;
using Signal.State;
using Signal.Tests.Manage.Fakes;
using Signal.Watch;

namespace Signal.Tests.Console;

/// <summary>The console on a port of its own, over stores in memory.</summary>
internal sealed partial class ConsoleHost : IAsyncDisposable
{
    public const string Email = "ada@example.com";
    public const string Password = "correct horse battery";

    private WebApplication _app = null!;

    public FakeAuditLog Audit { get; } = new();

    public FakeDeliveryStore Delivery { get; } = new();

    public FakeEventFeed Feed { get; } = new();

    public FakeAlertStore Alerts { get; }

    public FakeChannelSender Channels { get; } = new();

    public FakeDisk Disk { get; } = new();

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    private ConsoleHost() => Alerts = new FakeAlertStore(Audit);

    public static async Task<ConsoleHost> StartAsync(bool withAdministrator = true)
    {
        var host = new ConsoleHost();
        await host.RunAsync(withAdministrator);
        return host;
    }

    /// <summary>A browser without a session; it keeps cookies and follows no redirects.</summary>
    public HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    /// <summary>A browser that has signed in.</summary>
    public async Task<HttpClient> SignedInAsync(string email = Email)
    {
        var browser = Browser();
        await SignInAsync(browser, email, Password);
        return browser;
    }

    /// <summary>Fills in the form at <c>/sign-in</c> as a person would.</summary>
    public static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string email, string password, string path = "/sign-in")
    {
        var form = await browser.GetStringAsync(path);
        return await browser.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = TokenOf(form),
            ["Form.Email"] = email,
            ["Form.Password"] = password,
        }));
    }

    /// <summary>The antiforgery token of a form.</summary>
    public static string TokenOf(string html) => WebUtility.HtmlDecode(AntiforgeryField().Match(html).Groups[1].Value);

    /// <summary>A source and a Matomo integration.</summary>
    public async Task<Integration> IntegrationAsync(string name = "Matomo Production")
    {
        var source = await Services.GetRequiredService<SourceChanges>().CreateAsync(new SourceInput { Name = "Shop", Domain = "shop.example.com" }, Actor.System, CancellationToken.None);
        var outcome = await Services.GetRequiredService<IntegrationChanges>().CreateAsync(
            new IntegrationInput
            {
                SourceId = ((Outcome<Source>.Done)source).Value.Id,
                Vendor = "matomo",
                Name = name,
                Config = new Dictionary<string, System.Text.Json.JsonElement>
                {
                    ["matomo_url"] = Json("https://analytics.example.com"),
                    ["site_id"] = Json(1),
                    ["token_auth"] = Json("0123456789abcdef0123456789abcdef"),
                },
            },
            Actor.System,
            CancellationToken.None);
        return ((Outcome<SavedIntegration>.Done)outcome).Value.Integration;
    }

    /// <summary>A user with the usual password.</summary>
    public Task UserAsync(string email, string role) =>
        Services.GetRequiredService<Accounts>().AddAsync(new UserInput { Email = email, Name = role, Role = role, Password = Password }, Actor.System, CancellationToken.None);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static System.Text.Json.JsonElement Json(object value) => System.Text.Json.JsonSerializer.SerializeToElement(value);

    private async Task RunAsync(bool withAdministrator)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "signal", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IConfigurationStore>(new FakeConfigurationStore(Audit)).AddSingleton<IAuditLog>(Audit).AddSingleton<IAccountStore>(new FakeAccountStore(Audit)).AddSingleton<IDeliveryStore>(Delivery).AddSingleton<IIdempotencyStore>(new FakeIdempotencyStore());
        builder.Services.AddSingleton(new SecretLookup(_ => null));
        builder.Services.AddSingleton<IEventFeed>(Feed).AddSingleton<Erasures>().AddSingleton<IEventLog>(new FakeEventLog()).AddSingleton<IReplays>(new FakeReplays(TimeProvider.System));
        builder.Services.AddSingleton<IDoctor, FakeDoctor>();
        builder.Services.AddSingleton<IPrivacyTools, FakePrivacyTools>().AddSingleton<Erasures>();
        builder.Services.AddSingleton(new Catalogue(() => Catalog.All));
        builder.Services.AddSingleton<IAlertStore>(Alerts).AddSingleton<IChannelSender>(Channels).AddSingleton<IDisk>(Disk);
        builder.Services.AddWatch(new WatchOptions());
        builder.Services.AddConfigure();
        builder.Services.AddManage(new ManageOptions
        {
            SigningKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
            AdminEmail = withAdministrator ? Email : null,
            AdminPassword = withAdministrator ? Password : null,
        });
        builder.Services.AddConsole(new ConsoleOptions { Settings = () => [("SIGNAL_ADMIN_EMAIL", Email)] });
        _app = builder.Build();
        _app.MapManage();
        _app.MapConsole();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
