using System.Text.Json.Nodes;
using MatomoSandbox;
using Shouldly;
using Signal.Tests.Sandbox;
using Signal.Tests.Scenarios.Twins;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>A story told to Signal leaves Matomo with what Matomo's own tracker leaves it with.</summary>
public sealed class TwinStoryTests(SharedSignal shared) : IClassFixture<SharedSignal>
{
    // Far enough in the past for the longest story to be over, and no visit crosses midnight.
    private static readonly DateTimeOffset Start = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-3).AddHours(8), TimeSpan.Zero);

    public static TheoryData<string> Told => [.. Tellings.All.Keys];

    [Fact]
    public void Tellings_EveryRecordedStory_IsTold() =>
        Tellings.All.Keys.Select(name => name.Split(' ')[0]).Distinct().Order().ShouldBe(Story.Names);

    [Theory]
    [MemberData(nameof(Told))]
    public async Task Story_ToldToSignal_LeavesWhatTheTrackerLeaves(string name)
    {
        var story = await Story.ReadAsync(name.Split(' ')[0]);
        var telling = Tellings.All[name];
        await using var shop = await Shop.OpenAsync(shared.Signal, telling.Source, telling.Config, telling.Integration);
        var teller = new Teller(shop, story, Start);
        await telling.TellAsync(teller);
        await teller.DeliveredAsync();

        var expected = story.Stored;
        if (Deviations.All.TryGetValue(name, out var deviation)) deviation.Apply(expected);
        var held = Held(shop.Sandbox.Matomo.State());
        held.Count.ShouldBe(expected.Count, held.ToJsonString());
        foreach (var (wanted, found) in expected.Zip(held)) Difference.Of(Parts(wanted!.AsObject()), Parts(found!.AsObject())).ShouldBeEmpty();
    }

    private static JsonArray Held(SandboxState state) =>
    [
        .. state.Visits.OrderBy(v => v.First).Select(visit =>
        {
            var row = RecordedChanges.Read(RowJson.Of(visit));
            row["last"] = visit.Last - Start.ToUnixTimeSeconds();
            row["action_list"] = List(state.Actions.Where(a => a.VisitId == visit.Id).Select(Action));
            row["conversions"] = List(state.Conversions.Where(c => c.VisitId == visit.Id).Select(RowJson.Of));
            row["items"] = List(state.Items.Where(i => i.VisitId == visit.Id).Select(RowJson.Of));
            return row;
        }),
    ];

    private static JsonObject Action(VisitAction action)
    {
        var row = RowJson.Of(action);
        row["at"] = action.At - Start.ToUnixTimeSeconds();
        row.Remove("type_name");
        return row;
    }

    private static JsonArray List(IEnumerable<JsonObject> rows) => [.. rows.Select(RecordedChanges.Read)];

    // The four kinds of rows of a visit. The stories leave out what is 0 by default.
    private static JsonObject Parts(JsonObject visit)
    {
        var rest = visit.DeepClone().AsObject();
        foreach (var name in new[] { "searches", "events", "goal_converted", "buyer" }) rest.TryAdd(name, 0);
        var parts = new JsonObject { ["actions"] = rest["action_list"]!.DeepClone(), ["conversions"] = rest["conversions"]!.DeepClone(), ["items"] = rest["items"]!.DeepClone() };
        foreach (var item in parts["items"]!.AsArray()) item!.AsObject().TryAdd("deleted", 0);
        foreach (var name in new[] { "action_list", "conversions", "items" }) rest.Remove(name);
        parts["visits"] = new JsonArray(rest);
        return parts;
    }
}
