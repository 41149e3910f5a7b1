using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios.Management;

/// <summary>The configuration given as a file at the start.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    private const string Token = "cccccccccccccccccccccccccccccccc";

    private const string File = """
        {
          // Comments are welcome.
          "version": 1,
          "sources": [{"id": "src_shop", "name": "Shop", "domain": "shop.example.com", "pipeline_key": "dk_live_0123456789abcdef"}],
          "integrations": [{
            "id": "int_matomo", "source_id": "src_shop", "vendor": "matomo", "name": "Matomo",
            "config": {"matomo_url": "https://analytics.example.com", "site_id": "1", "token_auth": "${MATOMO_TOKEN}"},
          }],
        }
        """;

    private static readonly string AlertFile = File[..File.LastIndexOf('}')] + """
          "alert_channels": [
            {"id": "chn_ops", "name": "Ops", "type": "webhook", "url": "${OPS_HOOK}", "secret": "${OPS_SECRET}"},
            {"id": "chn_night", "name": "Night", "type": "email", "to": ["night@example.com"]},
          ],
          "alert_rules": [
            {"id": "rule_disk", "kind": "disk", "days": 7, "channels": ["chn_night"]},
            {"id": "rule_silent_shop", "kind": "silence", "scope": "src_shop", "enabled": false},
            {"id": "rule_letters", "kind": "dead_letters", "scope": "int_matomo", "count": 0},
          ],
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("signal-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("check")]
    [InlineData("import signal-config.json")]
    public async Task File_WithHalfACharacter_IsRefusedWithItsPlace(string verb)
    {
        var path = Path.Combine(_directory, "signal-config.json");
        await System.IO.File.WriteAllTextAsync(path, """{"version":1,"\ud800":[]}""");

        var (exit, output) = await Verb.RunAsync(_directory, verb, ("SIGNAL_CONFIGURATION", path));

        exit.ShouldBe(1);
        output.ShouldContain("signal-config.json can't be read: it holds a text that is not Unicode");
        output.ShouldContain("see byte 14.");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task File_IsInForceAtTheStart_AppliedAgainItChangesNothing_AndWinsOverTheConsole()
    {
        await using var signal = await StartAsync(File);

        var integration = await signal.GetAdminAsync("integrations/int_matomo");
        integration.GetProperty("config").GetProperty("token_auth").GetString().ShouldBe("***");
        (await signal.SendAsync("dk_live_0123456789abcdef", "/v1/p", new { properties = new { url = "https://shop.example.com/" } })).IsSuccessStatusCode.ShouldBeTrue();

        await signal.StopAsync();
        await signal.RestartAsync();
        (await signal.GetAdminAsync("integrations/int_matomo")).GetProperty("revision").GetInt32().ShouldBe(1);
        (await signal.GetAdminAsync("sources/src_shop")).GetProperty("revision").GetInt32().ShouldBe(1);

        await signal.PatchAdminAsync("integrations/int_matomo", new { name = "Changed in the console" });
        var own = await signal.CreateSourceAsync(new { name = "Only here", domain = "other.example.com" });
        await signal.StopAsync();
        await signal.RestartAsync();

        var now = await signal.GetAdminAsync("integrations/int_matomo");
        now.GetProperty("name").GetString().ShouldBe("Matomo");
        now.GetProperty("revision").GetInt32().ShouldBe(3);
        var revision = (await signal.GetAdminAsync("integrations/int_matomo/revisions")).GetProperty("data")[0];
        revision.GetProperty("created_by").GetString().ShouldBe("configuration file");
        revision.GetProperty("changes").GetProperty("name").GetProperty("old").GetString().ShouldBe("Changed in the console");
        await signal.GetAdminAsync($"sources/{own.GetProperty("id").GetString()}");
        signal.Output.ShouldNotContain(Token);
    }

    [Fact]
    public async Task Prune_RemovesWhatTheFileDoesNotName()
    {
        await using var signal = await StartAsync(File, ("SIGNAL_CONFIGURATION_PRUNE", "true"));
        await signal.CreateSourceAsync(new { name = "Only here", domain = "other.example.com" });

        await signal.StopAsync();
        await signal.RestartAsync();

        (await signal.GetAdminAsync("sources")).GetProperty("data").EnumerateArray().Select(s => s.GetProperty("id").GetString()).ShouldBe(["src_shop"]);
    }

    [Fact]
    public async Task FileWithErrors_EndsTheStartWithAllOfThem_AndCheckFindsThemBeforehand()
    {
        var wrong = File.Replace("shop.example.com", "no host", StringComparison.Ordinal).Replace("\"site_id\": \"1\"", "\"site_id\": \"none\"", StringComparison.Ordinal).Replace("${MATOMO_TOKEN}", "${NOT_SET}", StringComparison.Ordinal);
        var path = await WriteAsync(wrong);

        var (exit, output) = await Verb.RunAsync(_directory, "run", ("SIGNAL_CONFIGURATION", path));
        var check = await Verb.RunAsync(_directory, "check", ("SIGNAL_CONFIGURATION", path));

        exit.ShouldBe(1);
        check.Exit.ShouldBe(1);
        foreach (var text in new[] { output, check.Output })
        {
            text.ShouldContain("sources[0].domain");
            text.ShouldContain("site_id");
            text.ShouldContain("NOT_SET");
            text.ShouldNotContain("   at Signal.");
        }

        await WriteAsync(File);
        (await Verb.RunAsync(_directory, "check", ("SIGNAL_CONFIGURATION", path), ("MATOMO_TOKEN", Token))).Exit.ShouldBe(0);
        await using var signal = await RunningSignal.StartAsync(dataDirectory: _directory);
        (await signal.GetAdminAsync("sources")).GetProperty("data").GetArrayLength().ShouldBe(0, "neither a failed start nor a check may change anything");
    }

    [Fact]
    public async Task Export_GivenAsTheFileElsewhere_IsExportedTheSame()
    {
        await using var first = await StartAsync(File);
        var export = await Verb.RunAsync(first.DataDirectory, "export");
        var path = Path.Combine(_directory, "exported.json");
        await System.IO.File.WriteAllTextAsync(path, export.Output);

        await using var second = await RunningSignal.StartAsync(new Dictionary<string, string> { ["SIGNAL_CONFIGURATION"] = path, ["SIGNAL_SECRET_INT_MATOMO_TOKEN_AUTH"] = Token });

        (await Verb.RunAsync(second.DataDirectory, "export")).Output.ShouldBe(export.Output);
        JsonNode.Parse(export.Output)!["integrations"]![0]!["config"]!.AsObject().Select(p => p.Key).ShouldBe(["matomo_url", "site_id", "token_auth"]);
    }

    [Fact]
    public async Task Alerts_OfTheFile_AreInForceAtTheStart_AndGoRoundUnchanged()
    {
        var path = Path.Combine(_directory, "alerts.json");
        await System.IO.File.WriteAllTextAsync(path, AlertFile);
        var environment = new Dictionary<string, string> { ["SIGNAL_CONFIGURATION"] = path, ["MATOMO_TOKEN"] = Token, ["OPS_HOOK"] = "http://127.0.0.1:9/a-secret-path", ["OPS_SECRET"] = "an-hmac-secret" };
        await using var first = await RunningSignal.StartAsync(environment);

        (await first.GetAdminAsync("alert-channels/chn_ops")).GetProperty("host").GetString().ShouldBe("127.0.0.1:9");
        (await first.GetAdminAsync("alert-rules/rule_disk")).GetProperty("days").GetInt32().ShouldBe(7);
        (await first.GetAdminAsync("alert-rules/rule_silent_shop")).GetProperty("enabled").GetBoolean().ShouldBeFalse();
        (await Verb.RunAsync(first.DataDirectory, "check", ("SIGNAL_CONFIGURATION", path))).Exit.ShouldBe(0, "references that are not set keep what is stored");
        await first.StopAsync();
        await first.RestartAsync();
        (await first.GetAdminAsync("alert-channels/chn_ops")).GetProperty("revision").GetInt32().ShouldBe(1, "a start that finds everything in place changes nothing");

        var export = await Verb.RunAsync(first.DataDirectory, "export");
        export.Output.ShouldNotContain("a-secret-path");
        export.Output.ShouldNotContain("an-hmac-secret");
        await System.IO.File.WriteAllTextAsync(path, export.Output);
        await using var second = await RunningSignal.StartAsync(new Dictionary<string, string>
        {
            ["SIGNAL_CONFIGURATION"] = path,
            ["SIGNAL_SECRET_INT_MATOMO_TOKEN_AUTH"] = Token,
            ["SIGNAL_SECRET_CHN_OPS_URL"] = "http://127.0.0.1:9/a-secret-path",
            ["SIGNAL_SECRET_CHN_OPS_SECRET"] = "an-hmac-secret",
        });
        (await Verb.RunAsync(second.DataDirectory, "export")).Output.ShouldBe(export.Output);

        await WriteAsync("""{"alert_channels": [{"id": "chn_ops", "type": "webhook", "url": "${NOT_SET}", "colour": "red"}], "alert_rules": [{"id": "rule_disk", "kind": "disk", "days": 999}]}""");
        var check = await Verb.RunAsync(_directory, "check", ("SIGNAL_CONFIGURATION", Path.Combine(_directory, "signal-config.json")));
        check.Exit.ShouldBe(1);
        foreach (var field in new[] { "alert_channels[0].name", "alert_channels[0].colour", "alert_rules[0].days" }) check.Output.ShouldContain(field);
        foreach (var signal in new[] { first, second }) signal.Output.ShouldNotContain("a-secret-path");
    }

    private async Task<RunningSignal> StartAsync(string file, params (string Key, string Value)[] more)
    {
        var environment = new Dictionary<string, string> { ["SIGNAL_CONFIGURATION"] = await WriteAsync(file), ["MATOMO_TOKEN"] = Token };
        foreach (var (key, value) in more) environment[key] = value;
        return await RunningSignal.StartAsync(environment);
    }

    private async Task<string> WriteAsync(string file)
    {
        var path = Path.Combine(_directory, "signal-config.json");
        await System.IO.File.WriteAllTextAsync(path, file);
        return path;
    }
}
