using System.Text.Json.Nodes;
using MatomoSandbox;
using Shouldly;
using Signal.Configure;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using Signal.Tests.Fakes;
using Signal.Tests.Sandbox;
using Xunit;

namespace Signal.Tests.Destinations;

/// <summary>The doctor against the sandbox: each row of the troubleshooting table, found by its own cause, with no trace in the reports.</summary>
public sealed class DoctorTests : SandboxFixture
{
    private const string ViewToken = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string SecureToken = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Elsewhere = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

    public static TheoryData<string, string, string, string> Tokens => new()
    {
        { WriteToken, "auto", "token:pass token_scope:pass ip_override:pass site:pass", "may write" },
        { Superuser, "auto", "token:pass token_scope:warn ip_override:pass", "superuser's" },
        { SecureToken, "auto", "token:pass token_scope:fail", "bulk ones are refused" },
        { SecureToken, "single", "token:pass token_scope:warn", "a backlog drains slowly" },
        { ViewToken, "auto", "token:pass token_scope:fail ip_override:fail", "not write" },
        { Nobody, "auto", "token:fail token_scope:skip ip_override:fail", "" },
        { Elsewhere, "auto", "token:pass token_scope:fail site:pass ip_override:fail", "no access to site 1" },
    };

    private FakeRefusalStore Refusals { get; } = new();

    protected override SandboxOptions Options => SandboxOptions.Recorded with
    {
        BruteForceProtection = true,
        LocationDatabase = true,
        Tokens = [.. SandboxOptions.Recorded.Tokens, new(Elsewhere, TokenKind.Write) { Sites = [2] }],
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Examine_Token_IsJudged(string token, string mode, string statuses, string scope)
    {
        var findings = await ExamineAsync(token, new JsonObject { ["request_mode"] = mode });

        foreach (var status in statuses.Split(' ')) Statuses(findings).ShouldContain(status);
        findings.Single(f => f.Id == "token_scope").Text.ShouldContain(scope);
    }

    [Fact]
    public async Task Examine_GoodIntegration_PassesAndLeavesNoTrace()
    {
        var findings = await ExamineAsync(WriteToken, new JsonObject { ["currency"] = "EUR" }, mappings: [Goal(3), Dimension(3)]);

        findings.Where(f => f.Status is FindingStatus.Fail or FindingStatus.Warn).ShouldBeEmpty();
        findings.Select(f => f.Id).ShouldBe(
            ["address", "tls", "tracker", "token", "token_scope", "site", "ip_override", "ecommerce", "geolocation", "exclusions", "visitor_id", "dimensions", "goals", "clock", "queued_tracking", "maintenance"]);
        State.Visits.ShouldBeEmpty();
        State.Counters.TokensInUrls.ShouldBe(0);
    }

    [Fact]
    public async Task Examine_WrongToken_IsRefusedAtMostThreeTimes()
    {
        await ExamineAsync(Nobody);

        State.Counters.RefusedTokens.ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task Examine_WrongTokenWhereBulksMustAuthenticate_BlamesTheToken()
    {
        await FaultAsync("""{"bulk_requires_authentication":true}""");

        var findings = await ExamineAsync(Nobody);

        Statuses(findings).ShouldContain("token:fail");
        Statuses(findings).ShouldContain("tracker:pass");
        Statuses(findings).ShouldContain("maintenance:skip");
        State.Counters.RefusedTokens.ShouldBeInRange(1, 3);
        Refusals.Notes.Count.ShouldBe(State.Counters.RefusedTokens);
    }

    [Fact]
    public async Task Examine_NoDatabaseOfPlaces_IsWarnedOfThoughLanguagesGiveCountries()
    {
        await using var bare = await SandboxServer.StartAsync(SandboxOptions.Recorded with { TimeProvider = Clock }, TestContext.Current.CancellationToken);
        bare.Matomo.Track(TrackerRequest.Form("idsite=1&rec=1&url=https://shop.example.com/&cid=00000000000000a1&lang=de-DE")).Status.ShouldBe(200);

        var findings = await ExamineAsync(WriteToken, new JsonObject { ["matomo_url"] = bare.BaseAddress.ToString() });

        bare.Matomo.State().Visits.ShouldHaveSingleItem().Country.ShouldBe("de");
        Statuses(findings).ShouldContain("geolocation:warn");
    }

    [Fact]
    public async Task Examine_MappingOfUnknownGoalAndDimension_NamesThem()
    {
        var findings = await ExamineAsync(WriteToken, mappings: [Goal(3), Goal(4711), Dimension(99)]);

        findings.Single(f => f.Id == "goals").Text.ShouldContain("4711");
        findings.Single(f => f.Id == "dimensions").Text.ShouldContain("99");
        findings.Where(f => f.Id is "goals" or "dimensions").ShouldAllBe(f => f.Status == FindingStatus.Fail && f.Remedy != null);
    }

    [Theory]
    [InlineData("""{"maintenance":true}""", "maintenance:fail")]
    [InlineData("""{"queued_tracking":true}""", "queued_tracking:warn")]
    [InlineData("""{"database_down":true}""", "tracker:fail")]
    [InlineData("""{"html":{}}""", "address:fail")]
    [InlineData("""{"status":{"code":301}}""", "address:fail")]
    [InlineData("""{"status":{"code":404}}""", "address:fail")]
    [InlineData("""{"status":{"code":403}}""", "address:fail")]
    public async Task Examine_Fault_IsFound(string fault, string status)
    {
        await FaultAsync(fault);

        Statuses(await ExamineAsync(WriteToken)).ShouldContain(status);
    }

    [Fact]
    public async Task Examine_UnknownSite_BlamesTheSiteAndNotTheToken()
    {
        var findings = await ExamineAsync(Superuser, new JsonObject { ["site_id"] = 77 });

        Statuses(findings).ShouldContain("site:fail");
        Statuses(findings).ShouldContain("token:pass");
    }

    [Fact]
    public async Task Examine_SiteWithExclusions_SaysWhich()
    {
        var findings = await ExamineAsync(Superuser, new JsonObject { ["site_id"] = 3 });

        findings.Single(f => f.Id == "exclusions").Text.ShouldContain("strict.example.com");
        findings.Single(f => f.Id == "ecommerce").Status.ShouldBe(FindingStatus.Warn);
    }

    [Fact]
    public async Task Examine_CurrencyNotSet_WarnsAndNamesTheSites()
    {
        var ecommerce = (await ExamineAsync(WriteToken)).Single(f => f.Id == "ecommerce");

        ecommerce.Status.ShouldBe(FindingStatus.Warn);
        ecommerce.Text.ShouldContain("EUR");
        ecommerce.Text.ShouldContain("counted as they are");
        ecommerce.Remedy.ShouldNotBeNull().ShouldContain("currency to EUR");
    }

    [Fact]
    public async Task Examine_DoNotTrackHonoured_IsWarnedOfAndLeavesNoTrace()
    {
        await FaultAsync("""{"dnt":true}""");

        var exclusions = (await ExamineAsync(WriteToken)).Single(f => f.Id == "exclusions");

        exclusions.Status.ShouldBe(FindingStatus.Warn);
        exclusions.Text.ShouldContain("Do Not Track");
        State.Visits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Examine_ListsForAllSites_AreShownToAnAdministratorAndElseSaidToBeUnseen()
    {
        await using var strict = await SandboxServer.StartAsync(
            SandboxOptions.Recorded with { TimeProvider = Clock, ExcludedIps = ["198.51.100.7"], ExcludedUserAgents = ["Nagios"] }, TestContext.Current.CancellationToken);
        var address = strict.BaseAddress.ToString();

        var seen = (await ExamineAsync(Superuser, new JsonObject { ["matomo_url"] = address })).Single(f => f.Id == "exclusions");
        var unseen = (await ExamineAsync(WriteToken, new JsonObject { ["matomo_url"] = address })).Single(f => f.Id == "exclusions");

        seen.Status.ShouldBe(FindingStatus.Warn);
        seen.Text.ShouldContain("198.51.100.7 (all sites)");
        seen.Text.ShouldContain("Nagios (all sites)");
        seen.Text.ShouldNotContain("Not seen");
        unseen.Status.ShouldBe(FindingStatus.Pass);
        unseen.Text.ShouldContain("The site itself excludes nobody");
        unseen.Text.ShouldContain("which only an administrator's token may read");
    }

    [Fact]
    public async Task Examine_NobodyExcluded_SaysSoToAnAdministrator()
    {
        var exclusions = (await ExamineAsync(Superuser)).Single(f => f.Id == "exclusions");

        exclusions.Status.ShouldBe(FindingStatus.Pass);
        exclusions.Text.ShouldStartWith("Nobody is excluded, and Do Not Track is not honoured.");
    }

    [Theory]
    [InlineData(Nobody)]
    [InlineData(ViewToken)]
    [InlineData(WriteToken)]
    [InlineData(Superuser)]
    public async Task Examine_RefusedTokens_AreNotedAsOftenAsMatomoCountsThem(string token)
    {
        await ExamineAsync(token);

        Refusals.Notes.Count.ShouldBe(State.Counters.RefusedTokens);
        Refusals.Notes.ShouldAllBe(n => n.Server == Server.BaseAddress.Authority);
    }

    [Fact]
    public async Task Examine_BlockedSender_IsToldFromAWrongToken()
    {
        for (var i = 0; i < 21; i++) await TrackAsync($"cip=203.0.113.9&token_auth={Nobody}");

        var findings = await ExamineAsync(WriteToken);

        var token = findings.Single(f => f.Id == "token");

        token.Status.ShouldBe(FindingStatus.Fail);
        token.Text.ShouldContain("too many wrong tokens");
        findings.Single(f => f.Id == "maintenance").Status.ShouldBe(FindingStatus.Skip);
        findings.Single(f => f.Id == "tracker").Text.ShouldContain("refuses bulks");
    }

    [Fact]
    public async Task Examine_NobodyListens_FailsTheAddressAndSkipsTheRest()
    {
        var findings = await ExamineAsync(WriteToken, new JsonObject { ["matomo_url"] = "http://127.0.0.1:1" });

        Statuses(findings).ShouldContain("address:fail");
        findings.Where(f => f.Id is "token" or "site" or "ecommerce" or "maintenance").ShouldAllBe(f => f.Status == FindingStatus.Skip);
    }

    [Fact]
    public async Task Examine_ClockApart_IsWarnedOf()
    {
        Clock.Advance(TimeSpan.FromMinutes(5));

        var findings = await ExamineAsync(WriteToken, clock: TimeProvider.System);

        Statuses(findings).ShouldContain("clock:warn");
    }

    private static FieldMapping Goal(int id) => new() { Event = "Signed Up", Target = "idgoal", Value = System.Text.Json.JsonSerializer.SerializeToElement(id) };

    private static FieldMapping Dimension(int id) => new() { Event = "*", Target = $"dimension{id}", Source = "traits.plan" };

    private static List<string> Statuses(IReadOnlyList<Finding> findings) => [.. findings.Select(f => $"{f.Id}:{f.Status.ToString().ToLowerInvariant()}")];

    private async Task<IReadOnlyList<Finding>> ExamineAsync(string token, JsonObject? config = null, IReadOnlyList<FieldMapping>? mappings = null, TimeProvider? clock = null)
    {
        var settings = config ?? [];
        if (!settings.ContainsKey("matomo_url")) settings["matomo_url"] = Server.BaseAddress.ToString();
        var integration = EncodeCase.Integration(settings, mappings: mappings) with { Secrets = new Dictionary<string, string> { ["token_auth"] = token } };
        using var sender = new HttpSender(new DeliverOptions(), TimeProvider.System);
        var destination = new MatomoDestination();
        var findings = await new Doctor(sender, Refusals, clock ?? Clock).ExamineAsync(destination, destination.Check(integration).Integration, TestContext.Current.CancellationToken);
        string.Concat(findings).ShouldNotContain(token);
        return findings;
    }
}
