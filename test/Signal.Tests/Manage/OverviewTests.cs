using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class OverviewTests : ManageTest
{
    [Fact]
    public async Task Overview_CountsByOutcomeReasonTimeAndIntegration()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        Host.Delivery.Counts.AddRange(
        [
            new CountDelta("src_abc123", "received", Some.Noon.AddMinutes(-5), 10),
            new CountDelta("src_abc123", "dropped:consent_denied", Some.Noon.AddMinutes(-5), 3),
            new CountDelta(id, "delivered", Some.Noon.AddMinutes(-4), 6),
            new CountDelta(id, "dropped:unmapped", Some.Noon.AddMinutes(-4), 1),
            new CountDelta(id, "delivered", Some.Noon.AddHours(-2), 99),
        ]);
        Host.Delivery.Letters.Add(Some.Letter(id, "dl_1"));

        var overview = await (await Admin.GetAsync("/v1/admin/overview?range=1h")).JsonAsync();

        overview.GetProperty("outcomes").GetRawText().ShouldBe("""{"received":10,"dropped":4,"delivered":6}""");
        overview.GetProperty("reasons").GetRawText().ShouldBe("""{"dropped":{"consent_denied":3,"unmapped":1}}""");
        overview.GetProperty("series").GetArrayLength().ShouldBe(60);
        overview.GetProperty("series")[55].GetRawText().ShouldBe("""{"at":"2026-03-01T11:55:00.000Z","counts":{"received":10,"dropped":3},"dropped":{"consent_denied":3}}""");
        var integration = overview.GetProperty("integrations")[0];
        integration.Text("status").ShouldBe("active");
        integration.Text("dead_letters").ShouldBe("1");
        integration.GetProperty("outcomes").Text("delivered").ShouldBe("6");
        (await (await Admin.GetAsync("/v1/admin/overview?source_id=src_abc123")).JsonAsync()).GetProperty("outcomes").TryGetProperty("delivered", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Overview_TellsHowFarBehindAnIntegrationIs()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        foreach (var n in Enumerable.Range(0, 20)) Host.Log.Add(Some.Event($"evt_{n}", $"visitor-{n}"));
        for (var partition = 0; partition < Host.Log.Partitions; partition++) Host.Delivery.Cursors[(id, partition)] = new Cursor(1, 0, []);
        Host.Time.Advance(TimeSpan.FromSeconds(90));

        var overview = await (await Admin.GetAsync("/v1/admin/overview")).JsonAsync();

        overview.GetProperty("lag").GetRawText().ShouldBe("""{"waiting":16,"lag_seconds":90}""");
    }

    [Theory]
    [InlineData("24h", 900)]
    [InlineData("7d", 10800)]
    [InlineData("30d", 43200)]
    public async Task Overview_LongerRange_TakesWiderSteps(string range, int step) =>
        (await (await Admin.GetAsync($"/v1/admin/overview?range={range}")).JsonAsync()).Text("step_seconds").ShouldBe($"{step}");

    [Theory]
    [InlineData("range=1y", "range format")]
    [InlineData("range=0h", "range range")]
    [InlineData("range=91d", "range range")]
    public async Task Overview_WrongRange_SaysSo(string query, string field) => (await (await Admin.GetAsync($"/v1/admin/overview?{query}")).FieldsAsync()).ShouldBe([field]);

    [Fact]
    public async Task Catalogue_ShowsTheManifest()
    {
        var matomo = await (await Admin.GetAsync("/v1/admin/integration-catalog/matomo")).JsonAsync();

        matomo.Text("default_preset").ShouldBe("retail");
        matomo.GetProperty("settings")[2].Text("type").ShouldBe("secret");
        (await (await Admin.GetAsync("/v1/admin/integration-catalog")).JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await Admin.GetAsync("/v1/admin/integration-catalog/none")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }
}
