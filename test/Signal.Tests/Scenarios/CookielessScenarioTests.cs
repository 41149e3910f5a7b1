using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>Without a cookie a visitor is who comes from one address with one browser on one day.</summary>
public sealed class CookielessScenarioTests
{
    [Fact]
    public async Task Daily_IsOneVisitorOverPagesAndAKill_AndLeavesNothingWithThem()
    {
        await using var shop = await Shop.OpenAsync(source: new { cookie = new { enabled = false } });
        shop.Source.GetProperty("cookie").GetProperty("cookieless").GetString().ShouldBe("daily");
        using var answer = await shop.Signal.SendAsync(shop.Key, "/v1/p", new { anonymousId = "page one", properties = new { url = "https://shop.example.com/1" } });
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();

        await shop.Signal.KillAsync();
        await shop.Signal.RestartAsync();
        await shop.PageAsync("page two", "/2");
        await shop.SendAsync("/v1/p", "page three", new { properties = new { url = "https://shop.example.com/3" } }, userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

        var rows = await shop.SettledAsync(3);
        var visitors = rows.Select(r => r.GetProperty("anonymous_id").GetString()!).ToList();
        visitors[1].ShouldBe(visitors[0]);
        visitors[2].ShouldNotBe(visitors[0]);
        rows.Select(r => Shop.Fields(r)["_id"]).ShouldBe(visitors.Select(v => v[..16]));
    }

    [Fact]
    public async Task Page_IsWhatThePageSays()
    {
        await using var shop = await Shop.OpenAsync(source: new { cookie = new { enabled = false, cookieless = "page" } });

        await shop.PageAsync("page one", "/1");
        await shop.PageAsync("page two", "/2");

        (await shop.SettledAsync(2)).Select(r => r.GetProperty("anonymous_id").GetString()).ShouldBe(["page one", "page two"]);
    }
}
