using System.Net;
using System.Text.Json;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>Events that Matomo says yes to and does not record: the doctor says why, and leaves no trace.</summary>
public sealed class DoctorScenarioTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    private const string Superuser = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task ExcludedBySite_DeliveredAndNotRecorded_TheDoctorNamesTheRule()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, sandbox: SandboxOptions.Recorded with
        {
            Sites = [new(1, "Shop", "https://shop.example.com") { Ecommerce = true, ExcludedIps = ["198.51.100.*"], ExcludedUserAgents = ["HealthCheck"] }],
        });
        var page = new { properties = new { url = "https://shop.example.com/" } };

        await shop.SendAsync("/v1/p", Some.Visitor(), page, headers: new Dictionary<string, string> { ["X-Forwarded-For"] = "198.51.100.7" });
        await shop.SendAsync("/v1/p", Some.Visitor(), page, userAgent: "HealthCheck/2.0");

        (await shop.SettledAsync(2)).ShouldAllBe(r => r.GetProperty("outcome").GetString() == "delivered");
        shop.State.Visits.ShouldBeEmpty();
        var exclusions = await ExclusionsAsync(shop);
        exclusions.GetProperty("status").GetString().ShouldBe("warn");
        exclusions.GetProperty("finding").GetString()!.ShouldContain("addresses 198.51.100.*");
        exclusions.GetProperty("finding").GetString()!.ShouldContain("user agents HealthCheck");
        exclusions.GetProperty("finding").GetString()!.ShouldContain("only an administrator's token may read");
        exclusions.GetProperty("remedy").GetString()!.ShouldContain("Administration > Websites");
        shop.State.Visits.ShouldBeEmpty("the doctor leaves no trace");
    }

    [Fact]
    public async Task ExcludedForAllSites_AnAdministratorsTokenReadsThem()
    {
        await using var shop = await Shop.OpenAsync(
            shared.Signal, config: new { token_auth = Superuser }, sandbox: SandboxOptions.Recorded with { ExcludedIps = ["198.51.100.0/24"], ExcludedUserAgents = ["Nagios"] });

        await shop.SendAsync("/v1/p", Some.Visitor(), new { properties = new { url = "https://shop.example.com/" } }, userAgent: "Nagios/4");

        await shop.SettledAsync(1);
        shop.State.Visits.ShouldBeEmpty();
        var finding = (await ExclusionsAsync(shop)).GetProperty("finding").GetString()!;
        finding.ShouldContain("addresses 198.51.100.0/24 (all sites)");
        finding.ShouldContain("user agents Nagios (all sites)");
        finding.ShouldNotContain("Not seen");
    }

    [Fact]
    public async Task DoNotTrack_HonouredByMatomo_TheDoctorSaysSo_AndNotWhenItIsOff()
    {
        await using var shop = await Shop.OpenAsync(shared.Signal, config: new { token_auth = Superuser });
        var page = new { properties = new { url = "https://shop.example.com/" } };
        var asks = new Dictionary<string, string> { ["DNT"] = "1" };

        await shop.SendAsync("/v1/p", Some.Visitor(), page, headers: asks);
        await shop.RecordedAsync(1);
        var off = await ExclusionsAsync(shop);
        shop.Faults = new SandboxFaults { Dnt = true };
        await shop.SendAsync("/v1/p", Some.Visitor(), page, headers: asks);
        await shop.SettledAsync(2);
        var on = await ExclusionsAsync(shop);

        shop.State.Actions.Count.ShouldBe(1, "the second visitor asked Matomo not to be tracked");
        (off.GetProperty("status").GetString(), on.GetProperty("status").GetString()).ShouldBe(("pass", "warn"));
        off.GetProperty("finding").GetString()!.ShouldContain("Do Not Track is not honoured");
        on.GetProperty("finding").GetString()!.ShouldContain("visitors whose browser asks not to be tracked (Do Not Track)");
        on.GetProperty("remedy").GetString()!.ShouldContain("Users opt-out");
    }

    private static async Task<JsonElement> ExclusionsAsync(Shop shop)
    {
        var report = await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/test", new { }, HttpStatusCode.OK);
        return report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("id").GetString() == "exclusions");
    }
}
