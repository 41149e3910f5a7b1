using System.Net;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>With brute-force protection on, more than twenty refused tokens within an hour block the sender.</summary>
public sealed class BruteForceTests : SandboxFixture
{
    protected override SandboxOptions Options => SandboxOptions.Recorded with { BruteForceProtection = true };

    [Fact]
    public async Task Track_TwentyOneRefusals_BlockWhatLooksUpTheToken()
    {
        await RefuseAsync(20);
        (await TopAsync(WriteToken))["status"]!.GetValue<string>().ShouldBe("success");

        await RefuseAsync(1);

        (await TopAsync(WriteToken))["status"]!.GetValue<string>().ShouldBe("error");
        (await SingleAsync(Superuser)).ShouldBe(HttpStatusCode.BadRequest);
        (await SingleAsync(WriteToken)).ShouldBe(HttpStatusCode.OK);
        var inEntry = await BulkAsync($$"""{"requests":[{"idsite":1,"rec":1,"cip":"203.0.113.9","token_auth":"{{WriteToken}}"}]}""");
        inEntry["tracked"]!.GetValue<int>().ShouldBe(1);
        (await ReportAsync(WriteToken)).ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Track_AnHourLater_IsFreeAgain()
    {
        await RefuseAsync(21);

        Clock.Advance(TimeSpan.FromHours(1));

        (await TopAsync(WriteToken))["status"]!.GetValue<string>().ShouldBe("success");
    }

    [Fact]
    public async Task Track_NoTokenOrNothingRestricted_DoesNotCount()
    {
        await TrackAsync("cip=203.0.113.9");
        await TrackAsync($"token_auth={Nobody}");
        await TrackAsync($"idsite=99&token_auth={Nobody}");

        State.Counters.RefusedTokens.ShouldBe(0);
    }

    [Fact]
    public async Task Track_BulkOfManyRefusedEntries_CountsOnce()
    {
        await BulkAsync($$"""{"requests":[{"idsite":1,"rec":1,"cip":"192.0.2.1"},{"idsite":1,"rec":1,"cip":"192.0.2.2"}],"token_auth":"{{Nobody}}"}""");

        State.Counters.RefusedTokens.ShouldBe(1);
    }

    private async Task RefuseAsync(int times)
    {
        for (var count = 0; count < times; count++)
            (await SingleAsync(Nobody)).ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<HttpStatusCode> SingleAsync(string token) =>
        (await TrackAsync($"cid=00000000000000a1&cip=203.0.113.9&token_auth={token}")).StatusCode;

    private Task<System.Text.Json.Nodes.JsonObject> TopAsync(string token) =>
        BulkAsync($$"""{"requests":[{"idsite":1,"rec":1}],"token_auth":"{{token}}"}""");

    private async Task<HttpStatusCode> ReportAsync(string token) =>
        (await PostAsync("index.php?module=API&method=API.getMatomoVersion", $"token_auth={token}", "application/x-www-form-urlencoded")).StatusCode;
}
