using System.Diagnostics;
using System.Net;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>Faults switched over HTTP strike as often as asked, and record what they should.</summary>
public sealed class FaultTests : SandboxFixture
{
    private const string ThreeEntries = """
        {"requests":[{"idsite":1,"rec":1,"cid":"00000000000000a1"},{"idsite":1,"rec":1,"cid":"00000000000000a2"},{"idsite":1,"rec":1,"cid":"00000000000000a3"}]}
        """;

    [Fact]
    public async Task Status_TwoTimes_AnswersItTwiceThenRecovers()
    {
        await FaultAsync("""{"status":{"code":429,"retry_after":7,"times":2}}""");

        using var first = await TrackAsync("cid=00000000000000a1");
        using var second = await TrackAsync("cid=00000000000000a1");
        State.Visits.ShouldBeEmpty();
        using var third = await TrackAsync("cid=00000000000000a1");

        first.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        first.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        third.StatusCode.ShouldBe(HttpStatusCode.OK);
        State.Visits.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Status_WithoutTimes_LastsUntilSwitchedOff()
    {
        await FaultAsync("""{"status":{"code":502}}""");
        for (var count = 0; count < 4; count++)
            (await TrackAsync("cid=00000000000000a1")).StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        await FaultAsync("""{"status":null}""");

        (await TrackAsync("cid=00000000000000a1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Status_After_RecordsBehindTheError()
    {
        await FaultAsync("""{"status":{"code":502,"times":1,"after":true}}""");

        using var response = await TrackAsync("cid=00000000000000a1");

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        State.Visits.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Html_Once_AnswersAPageAndRecordsNothing()
    {
        await FaultAsync("""{"html":{"times":1}}""");

        using var response = await TrackAsync("cid=00000000000000a1");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        State.Visits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Empty500_Once_AnswersNothing()
    {
        await FaultAsync("""{"empty_500":{"times":1}}""");

        using var response = await TrackAsync("cid=00000000000000a1");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("drop_before", 0)]
    [InlineData("drop_after", 1)]
    public async Task Drop_Once_HangsUpBeforeOrAfterRecording(string fault, int recorded)
    {
        await FaultAsync("{\"" + fault + "\":{\"times\":1}}");

        await Should.ThrowAsync<HttpRequestException>(() => TrackAsync("cid=00000000000000a1"));

        State.Visits.Count.ShouldBe(recorded);
        State.Requests[^1].Status.ShouldBe(0);
        State.Requests[^1].Fault.ShouldBe(fault);
        (await TrackAsync("cid=00000000000000a2")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delay_After_RecordsFirst()
    {
        await FaultAsync("""{"delay":{"ms":3000,"times":1,"after":true}}""");

        var held = TrackAsync("cid=00000000000000a1");
        var watch = Stopwatch.StartNew();
        while (State.Visits.Count == 0 && watch.ElapsedMilliseconds < 15_000) await Task.Delay(5, TestContext.Current.CancellationToken);

        State.Visits.Count.ShouldBe(1);
        held.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Delay_Once_HoldsTheAnswerBack()
    {
        await FaultAsync("""{"delay":{"ms":150,"times":1}}""");
        var watch = Stopwatch.StartNew();

        await TrackAsync("cid=00000000000000a1");

        watch.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(140);
    }

    [Fact]
    public async Task LockWait_OneEntry_IsNeitherTrackedNorInvalid()
    {
        await FaultAsync("""{"lock_wait":{"entry":1,"times":1}}""");

        var first = await BulkAsync(ThreeEntries);
        var second = await BulkAsync(ThreeEntries);

        first["tracked"]!.GetValue<int>().ShouldBe(2);
        first["invalid"]!.GetValue<int>().ShouldBe(0);
        second["tracked"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Poison_OneEntry_SinksTheBulkAndFailsAlone()
    {
        await FaultAsync("""{"poison":"0000a2"}""");

        using var bulk = await PostAsync("matomo.php", ThreeEntries, "application/json");
        using var alone = await TrackAsync("cid=00000000000000a2");
        using var neighbour = await TrackAsync("cid=00000000000000a1");

        bulk.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        alone.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        neighbour.StatusCode.ShouldBe(HttpStatusCode.OK);
        State.Visits.ShouldHaveSingleItem().Visitor.ShouldBe("00000000000000a1");
    }

    [Fact]
    public async Task RevokedTokens_KnownToken_IsRefused()
    {
        await FaultAsync($$"""{"revoked_tokens":["{{WriteToken}}"]}""");

        using var refused = await TrackAsync($"cid=00000000000000a1&cip=203.0.113.9&token_auth={WriteToken}");
        using var good = await TrackAsync($"cid=00000000000000a1&cip=203.0.113.9&token_auth={Superuser}");

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        good.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Dnt_RequestWithHeader_IsAnsweredAndNotRecorded()
    {
        await FaultAsync("""{"dnt":true}""");
        Client.DefaultRequestHeaders.Add("DNT", "1");

        using var response = await TrackAsync("cid=00000000000000a1");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Tk").ShouldBe(["N"]);
        State.Visits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("203.0.113.9", 0)]
    [InlineData("203.0.114.9", 1)]
    public async Task ExcludedIps_RangeAndWildcard_KeepThoseOut(string address, int recorded)
    {
        await FaultAsync("""{"excluded_ips":["203.0.113.*","192.0.2.0/24"]}""");

        await TrackAsync($"cid=00000000000000a1&cip={address}&token_auth={WriteToken}");
        await TrackAsync($"cid=00000000000000a2&cip=192.0.2.77&token_auth={WriteToken}");

        State.Visits.Count.ShouldBe(recorded);
    }

    [Theory]
    [InlineData("""{"maintenence":true}""", "maintenence")]
    [InlineData("""{"status":{"code":"much"}}""", "status.code")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    public async Task Faults_Nonsense_AreRefusedByName(string json, string field)
    {
        using var response = await PostAsync("sandbox/faults", json, "application/json");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        error["field"]!.GetValue<string>().ShouldBe(field);
    }

    [Fact]
    public async Task Faults_Deleted_AreGone()
    {
        await FaultAsync("""{"maintenance":true,"html":{}}""");

        using var response = await Client.DeleteAsync(new Uri("sandbox/faults", UriKind.Relative));

        Server.Matomo.Faults.Maintenance.ShouldBeFalse();
        Server.Matomo.Faults.Html.ShouldBeNull();
    }
}
