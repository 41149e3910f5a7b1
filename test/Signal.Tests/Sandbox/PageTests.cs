using System.Text.Json.Nodes;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>The page and the state show what arrived, and nothing that was sent can act on the page.</summary>
public sealed class PageTests : SandboxFixture
{
    protected override SandboxOptions Options => SandboxOptions.Recorded with { ClockOffset = TimeSpan.FromHours(3) };

    [Fact]
    public async Task Page_HostileTexts_AreShownAsTexts()
    {
        const string evil = "<img src=x onerror=alert(1)>\"'{0}";
        var sent = Uri.EscapeDataString(evil);
        await TrackAsync($"cid=00000000000000a1&uid={sent}&action_name={sent}&dimension1={sent}&_pks={sent}&_pkn={sent}");
        await TrackAsync($"cid=00000000000000a1&uid={sent}&e_c={sent}&e_a={sent}");
        await TrackAsync($"cid=00000000000000a1&uid={sent}&idgoal=0&ec_id={sent}&revenue=1&ec_items=" +
            Uri.EscapeDataString(new JsonArray(new JsonArray(evil, evil, evil, 1, 1)).ToJsonString()));

        var page = await Client.GetStringAsync(new Uri("", UriKind.Relative));

        page.ShouldNotContain("<img");
        page.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
    }

    [Fact]
    public async Task Page_Answer_ForbidsForeignCode()
    {
        using var response = await Client.GetAsync(new Uri("", UriKind.Relative));

        response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        (await response.Content.ReadAsStringAsync()).ShouldContain("<title>Matomo sandbox</title>");
    }

    [Fact]
    public async Task Page_OrderAndCart_AreShownWithTheirSums()
    {
        await TrackAsync("cid=00000000000000a1&idgoal=0&ec_id=A-77&revenue=1234.5&ec_items=%5B%5B%22SHOE%22%2C%22Red+shoe%22%2C%22c%22%2C10%2C2%5D%5D");

        var fragment = await Client.GetStringAsync(new Uri("sandbox/page", UriKind.Relative));

        fragment.ShouldContain("Order <b>A-77</b>");
        fragment.ShouldContain("1,234.50 EUR");
        fragment.ShouldContain("Red shoe");
    }

    [Fact]
    public async Task State_AfterAVisit_HasItWithActionsConversionsAndItems()
    {
        await TrackAsync("cid=00000000000000a1&action_name=Shop");
        await TrackAsync("cid=00000000000000a1&idgoal=0&revenue=20&ec_items=%5B%5B%22A%22%2C%22a%22%2C%22c%22%2C10%2C2%5D%5D");

        var state = JsonNode.Parse(await Client.GetStringAsync(new Uri("sandbox/state", UriKind.Relative)))!;

        var visit = state["visits"]![0]!;
        visit["visitor"]!.GetValue<string>().ShouldBe("00000000000000a1");
        visit["action_list"]![0]!["name"]!.GetValue<string>().ShouldBe("Shop");
        visit["conversions"]![0]!["goal"]!.GetValue<int>().ShouldBe(-1);
        visit["items"]![0]!["quantity"]!.GetValue<int>().ShouldBe(2);
        state["requests"]!.AsArray().Count.ShouldBe(2);
        state["counters"]!["concurrent_visitor_violations"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Answer_ClockOffset_ShowsInTheDateHeader()
    {
        using var response = await TrackAsync("cid=00000000000000a1");

        response.Headers.Date.ShouldBe(Clock.GetUtcNow().AddHours(3));
    }

    [Fact]
    public async Task Controls_UnknownPath_Is404()
    {
        using var response = await Client.GetAsync(new Uri("nothing/here", UriKind.Relative));

        ((int)response.StatusCode).ShouldBe(404);
    }
}
