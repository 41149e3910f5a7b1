using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>What an operator relies on: health, metrics, verbs, keys, start and stop.</summary>
public class OperatingTests
{
    [Fact]
    public async Task Health_BothPorts_TellAliveAndReady()
    {
        await using var signal = await RunningSignal.StartAsync();

        foreach (var client in new[] { signal.Collect, signal.Manage })
        {
            (await client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await client.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Metrics_OnTheManagementPortOnly_CountEventsAndDeliveries()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/" } });
        await shop.SettledAsync(1);

        var metrics = await Eventually.Async(() => shop.Signal.Manage.GetStringAsync("/metrics"), m => m.Contains("signal_deliveries"), () => "the metrics");

        metrics.ShouldContain("signal_events");
        metrics.ShouldContain("signal_log_append_duration");
        (await shop.Signal.Collect.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task OpenApi_Document_IsServedAndHasAPage()
    {
        await using var signal = await RunningSignal.StartAsync();

        using var document = JsonDocument.Parse(await signal.Manage.GetStringAsync("/openapi/v1.json"));
        document.RootElement.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        var page = await signal.Manage.GetStringAsync("/docs/");
        page.ShouldContain("openapi/v1.json");
        page.ShouldNotContain("src=\"http");
        page.ShouldNotContain("href=\"http");
    }

    [Fact]
    public async Task MasterKey_Rotated_SecretsStayUsableWithoutTheOldKey()
    {
        const string oldKey = "the-first-master-key-of-this-test-000001";
        const string newKey = "the-second-master-key-of-this-test-00002";
        var directory = Directory.CreateTempSubdirectory("signal-test-").FullName;
        await using var sandbox = await SandboxServer.StartAsync(SandboxOptions.Recorded, CancellationToken.None);
        string key;
        await using (var first = await RunningSignal.StartAsync(new Dictionary<string, string> { ["SIGNAL_MASTER_KEY"] = oldKey }, directory))
        {
            var source = await first.CreateSourceAsync();
            key = source.GetProperty("pipeline_key").GetString()!;
            await first.CreateMatomoAsync(source.GetProperty("id").GetString()!, sandbox.BaseAddress);
            await first.StopAsync();
        }

        await using (var both = await RunningSignal.StartAsync(new Dictionary<string, string> { ["SIGNAL_MASTER_KEY"] = newKey, ["SIGNAL_MASTER_KEY_PREVIOUS"] = oldKey }, directory))
            await both.StopAsync();
        await using var rotated = await RunningSignal.StartAsync(new Dictionary<string, string> { ["SIGNAL_MASTER_KEY"] = newKey }, directory);
        using var answer = await rotated.SendAsync(key, "/v1/p", new { properties = new { url = "https://shop.example.com/" } });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Async(() => sandbox.Matomo.State().Actions.Count, n => n == 1, () => $"the page view; the program printed:\n{rotated.Output}");
        await rotated.KillAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task DataDirectory_InUse_SecondProcessSaysWhoHasIt()
    {
        await using var signal = await RunningSignal.StartAsync();

        var (exit, output) = await Verb.RunAsync(signal.DataDirectory, "run");

        exit.ShouldBe(1);
        output.ShouldContain(signal.Pid.ToString());
        output.ShouldNotContain("   at Signal.");
    }

    [Theory]
    [InlineData("SIGNAL_COLLECT_URLS")]
    [InlineData("SIGNAL_MANAGE_URLS")]
    public async Task Port_InUse_OneLineNamesSettingAndPort(string setting)
    {
        await using var signal = await RunningSignal.StartAsync();
        var taken = setting == "SIGNAL_COLLECT_URLS" ? signal.Collect.BaseAddress! : signal.Manage.BaseAddress!;
        var directory = Directory.CreateTempSubdirectory("signal-test-").FullName;

        var (exit, output) = await Verb.RunAsync(directory, "run", (setting, taken.GetLeftPart(UriPartial.Authority)));

        exit.ShouldBe(1, output);
        var complaint = output.Split('\n').Where(l => l.StartsWith("signal: ", StringComparison.Ordinal)).ShouldHaveSingleItem();
        complaint.ShouldContain(setting);
        complaint.ShouldContain($":{taken.Port}");
        output.ShouldNotContain("   at ");
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Demo_CtrlC_StopsCleanly()
    {
        await using var demo = await RunningSignal.StartAsync(verb: "demo");
        await Eventually.Async(() => demo.Output, o => o.Contains("what Matomo received"), () => "the links");

        (await demo.StopAsync("INT")).ShouldBe(0, demo.Output);

        demo.Output.ShouldNotContain("   at ");
        File.Exists(Path.Combine(demo.DataDirectory, "signal.run.json")).ShouldBeFalse("nobody runs there any more");
    }

    [Fact]
    public async Task Settings_Wrong_AllAreToldAtOnce()
    {
        var directory = Directory.CreateTempSubdirectory("signal-test-").FullName;

        var (exit, output) = await Verb.RunAsync(directory, "check", ("SIGNAL_PARTITIONS", "many"), ("SIGNAL_ADMIN_TOKEN", "short"));

        exit.ShouldBe(1);
        output.ShouldContain("SIGNAL_PARTITIONS");
        output.ShouldContain("SIGNAL_ADMIN_TOKEN");
        Directory.EnumerateFileSystemEntries(directory).ShouldBeEmpty("a check leaves nothing behind");
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Check_SettingsAndStoredConfigurationWrong_TellsBothAtOnce()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Signal.StopAsync();
        using (var state = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(shop.Signal.DataDirectory, "state.db")};Pooling=False"))
        {
            state.Open();
            using var spoil = state.CreateCommand();
            spoil.CommandText = "UPDATE integrations SET body = replace(body, '\"site_id\":\"1\"', '\"site_id\":\"zero\"')";
            spoil.ExecuteNonQuery().ShouldBe(1);
        }

        var (exit, output) = await Verb.RunAsync(shop.Signal.DataDirectory, "check", ("SIGNAL_SHUTDOWN_SECONDS", "soon"), ("SIGNAL_SHUTDOWN_SECS", "5"));

        exit.ShouldBe(1);
        output.ShouldContain("SIGNAL_SHUTDOWN_SECONDS is \"soon\"");
        output.ShouldContain("SIGNAL_SHUTDOWN_SECS is not a setting");
        output.ShouldContain("site_id", customMessage: output);
    }

    [Fact]
    public async Task Settings_Unknown_AreWarnedAboutAndHarmless()
    {
        await using var signal = await RunningSignal.StartAsync(new Dictionary<string, string> { ["SIGNAL_SERVICE_HOST"] = "10.0.0.1", ["SIGNAL_PARTITION"] = "4" });

        await Eventually.Async(() => signal.Output, o => o.Contains("SIGNAL_SERVICE_HOST is not a setting") && o.Contains("SIGNAL_PARTITION is not a setting"), () => "the warnings");
        (await signal.Collect.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verbs_BesideARunningProcessAndAlone_DoWhatTheApiDoes(bool running)
    {
        await using var shop = await Shop.OpenAsync();
        if (!running) await shop.Signal.StopAsync();
        var file = Path.Combine(shop.Signal.DataDirectory, "event.json");
        await File.WriteAllTextAsync(file, """{"type":"page","anonymousId":"a1b2c3d4e5f60718","properties":{"url":"https://shop.example.com/x","title":"X"}}""");

        var map = await Verb.RunAsync(shop.Signal.DataDirectory, $"map --integration {shop.IntegrationId} {file}");
        var doctor = await Verb.RunAsync(shop.Signal.DataDirectory, $"doctor {shop.IntegrationId}");
        var token = await Verb.RunAsync(shop.Signal.DataDirectory, "token create --name script --role editor");
        var check = await Verb.RunAsync(shop.Signal.DataDirectory, "check");

        map.Exit.ShouldBe(0, map.Output);
        map.Output.ShouldContain("action_name");
        map.Output.ShouldNotContain("cccccccccccccccc");
        doctor.Output.ShouldContain("PASS");
        doctor.Exit.ShouldBe(0, doctor.Output);
        check.Exit.ShouldBe(0, check.Output);
        token.Exit.ShouldBe(0, token.Output);
        if (!running) await shop.Signal.RestartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/admin/sources");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Output.Trim());
        (await shop.Signal.Manage.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SetupLink_PrintedAtTheFirstStart_MakesTheFirstAdministratorOnce()
    {
        await using var signal = await RunningSignal.StartAsync();
        var output = await Eventually.Async(() => signal.Output, o => o.Contains("/setup?token="), () => "the link");
        var token = output[(output.IndexOf("/setup?token=", StringComparison.Ordinal) + 13)..].Split('\n')[0].Trim();
        var body = new { token, email = "ada@example.com", name = "Ada", password = "correct horse battery" };
        signal.Manage.DefaultRequestHeaders.Authorization = null;

        await signal.PostAdminAsync("setup", body, HttpStatusCode.Created);

        var login = await signal.PostAdminAsync("auth/login", new { body.email, body.password }, HttpStatusCode.OK);
        login.GetProperty("access_token").GetString().ShouldNotBeNullOrEmpty();
        using var again = await signal.Manage.PostAsync("/v1/admin/setup", new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
        again.IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task Configuration_ExportedAndImportedElsewhere_DeliversThere()
    {
        await using var shop = await Shop.OpenAsync();
        var file = Path.Combine(shop.Signal.DataDirectory, "configuration.json");
        var export = await Verb.RunAsync(shop.Signal.DataDirectory, "export");
        await File.WriteAllTextAsync(file, export.Output);
        var reference = $"SIGNAL_SECRET_{shop.IntegrationId.ToUpperInvariant()}_TOKEN_AUTH";
        await using var other = await RunningSignal.StartAsync(new Dictionary<string, string> { [reference] = "cccccccccccccccccccccccccccccccc" });

        var import = await Verb.RunAsync(other.DataDirectory, $"import {file}");

        export.Output.ShouldContain(reference);
        export.Output.ShouldNotContain("cccccccccccccccc");
        import.Exit.ShouldBe(0, import.Output);
        using var answer = await other.SendAsync(shop.Key, "/v1/p", new { properties = new { url = "https://shop.example.com/moved" } });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Async(() => shop.Sandbox.Matomo.State().Actions.Count, n => n == 1, () => $"the page view; the program printed:\n{other.Output}");
    }

    [Fact]
    public async Task Demo_Starts_ShopAndSandboxAreWired()
    {
        await using var demo = await RunningSignal.StartAsync(verb: "demo");
        await Eventually.Async(() => demo.Output, o => o.Contains("what Matomo received"), () => "the links");

        var shop = await demo.Collect.GetStringAsync("/shop/");
        var script = await demo.Collect.GetAsync("/d.js");

        shop.ShouldContain("data-pipeline-key=\"dk_");
        shop.ShouldNotContain("{{");
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
        demo.Output.ShouldContain("Sign in with");
    }

    [Fact]
    public async Task Demo_StartedAgain_BothSidesRemember()
    {
        await using var demo = await RunningSignal.StartAsync(verb: "demo");
        await Eventually.Async(() => demo.Output, o => o.Contains("what Matomo received"), () => "the links");
        var source = (await demo.GetAdminAsync("sources")).GetProperty("data")[0];
        using var sent = await demo.SendAsync(source.GetProperty("pipeline_key").GetString()!, "/v1/p", new { properties = new { url = "https://shop.example.com/remembered" } });
        sent.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Async(SandboxAsync, page => page.Contains("/remembered"), () => $"the visit; the program printed:\n{demo.Output}");

        (await demo.StopAsync()).ShouldBe(0, demo.Output);
        await demo.RestartAsync();
        await Eventually.Async(() => demo.Output, o => o.Split("what Matomo received").Length == 3, () => "the links again");

        await Eventually.Async(SandboxAsync, page => page.Contains("/remembered"), () => $"the visit to be still there; the program printed:\n{demo.Output}");
        (await demo.GetAdminAsync("sources")).GetProperty("data").GetArrayLength().ShouldBe(1);

        async Task<string> SandboxAsync()
        {
            var integration = (await demo.GetAdminAsync("integrations")).GetProperty("data")[0];
            using var http = new HttpClient();
            return await http.GetStringAsync(integration.GetProperty("config").GetProperty("matomo_url").GetString() + "/");
        }
    }
}
