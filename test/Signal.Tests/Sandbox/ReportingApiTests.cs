using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>The reporting API gives back what a sender needs to check its set-up, and only to those who may read it.</summary>
public sealed class ReportingApiTests : SandboxFixture
{
    private const string SecureSuperuser = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string View = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    [Fact]
    public async Task GetSite_WriteToken_TellsTheSite()
    {
        var (status, site) = await ReportAsync("SitesManager.getSiteFromId", WriteToken);

        status.ShouldBe(HttpStatusCode.OK);
        site["currency"]!.GetValue<string>().ShouldBe("EUR");
        site["timezone"]!.GetValue<string>().ShouldBe("UTC");
        site["ecommerce"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(Nobody, 1)]
    [InlineData(WriteToken, 2)]
    [InlineData(WriteToken, 99)]
    public async Task GetSite_WithoutAccess_Is401(string token, int site)
    {
        var (status, error) = await ReportAsync("SitesManager.getSiteFromId", token, site);

        status.ShouldBe(HttpStatusCode.Unauthorized);
        error["result"]!.GetValue<string>().ShouldBe("error");
    }

    [Fact]
    public async Task Goals_AndDimensions_TellTheirNumbers()
    {
        var (_, goals) = await ReportAsync("Goals.getGoals", View);
        var (_, dimensions) = await ReportAsync("CustomDimensions.getConfiguredCustomDimensions", View);

        goals.AsArray().Select(goal => goal!["idgoal"]!.GetValue<int>()).ShouldBe([1, 2, 3]);
        dimensions.AsArray().Select(dimension => $"{dimension!["idcustomdimension"]} {dimension["scope"]} {dimension["index"]}")
            .ShouldBe(["1 visit 1", "2 visit 2", "3 action 1", "4 action 2"]);
    }

    [Fact]
    public async Task SecureOnlyToken_InTheAddress_Is401()
    {
        using var get = await Client.GetAsync(new Uri($"index.php?module=API&method=API.getMatomoVersion&token_auth={SecureSuperuser}", UriKind.Relative));
        var (posted, _) = await ReportAsync("API.getMatomoVersion", SecureSuperuser);

        get.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        posted.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("visitorId==65d03d36c848ff29", 0)]
    [InlineData("visitorId==00000000000000a2", 1)]
    [InlineData("userId==ann%40example.com", 1)]
    [InlineData("orderId==A%261", 1)]
    [InlineData("orderId==a%261", 1)]
    [InlineData("orderId==B", 0)]
    [InlineData("", 2)]
    public async Task LiveVisits_Segment_FindsThoseThatFit(string segment, int found)
    {
        await TrackAsync("cid=00000000000000a1&uid=ann%40example.com&action_name=Tom+%26+Co");
        Client.DefaultRequestHeaders.Add("Accept-Language", "de-DE");
        await TrackAsync("cid=00000000000000a2&idgoal=0&ec_id=A%261&revenue=10&ec_items=%5B%5B%22A%22%2C%22a%22%2C%22c%22%2C10%2C1%5D%5D");

        var (_, visits) = await ReportAsync("Live.getLastVisitsDetails", WriteToken, more: $"&segment={Uri.EscapeDataString(segment)}");

        visits.AsArray().Count.ShouldBe(found);
    }

    [Fact]
    public async Task LiveVisits_EscapedTexts_ComeBackPlain()
    {
        await TrackAsync("cid=00000000000000a1&action_name=Tom+%26+Co");

        var (_, visits) = await ReportAsync("Live.getLastVisitsDetails", WriteToken);

        visits[0]!["actionDetails"]![0]!["pageTitle"]!.GetValue<string>().ShouldBe("Tom & Co");
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> ReportAsync(string method, string token, int site = 1, string more = "")
    {
        using var response = await PostAsync(
            $"index.php?module=API&format=JSON&method={method}&idSite={site}{more}", $"token_auth={token}", "application/x-www-form-urlencoded");
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
