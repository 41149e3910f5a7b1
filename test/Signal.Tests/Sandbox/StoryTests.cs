using System.Text.Json.Nodes;
using MatomoSandbox;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>The sandbox holds after each shopper's story what the real Matomo held.</summary>
public sealed class StoryTests
{
    // The browser that told the stories; its agent is not part of the recorded fields.
    private const string Agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cases", "matomo", "visits");

    public static TheoryData<string> Stories => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Track_Story_HoldsTheSame(string story)
    {
        var told = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, story + ".json")))!.AsObject();
        var clock = new FakeTimeProvider(Start);
        await using var server = await SandboxServer.StartAsync(SandboxOptions.Recorded with { TimeProvider = clock });
        using var client = new HttpClient { BaseAddress = server.BaseAddress };
        foreach (var hit in told["hits"]!.AsArray().Select(node => node!.AsObject()))
        {
            clock.SetUtcNow(Start.AddSeconds(hit["at"]!.GetValue<int>()));
            using var form = Form(hit, clock.GetUtcNow().ToUnixTimeSeconds());
            using var response = await client.PostAsync(new Uri("matomo.php", UriKind.Relative), form);
            ((int)response.StatusCode).ShouldBe(hit["answer"]!.GetValue<int>());
        }
        var held = Held(server.Matomo.State());
        var expected = told["stored"]!.AsArray().Select(node => Whole(node!.AsObject())).ToArray();
        held.Length.ShouldBe(expected.Length);
        foreach (var (wanted, found) in expected.Zip(held))
            Difference.Of(Parts(wanted), Parts(found)).ShouldBeEmpty();
    }

    private static FormUrlEncodedContent Form(JsonObject hit, long now)
    {
        var fields = hit["fields"]!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>());
        fields["cip"] = hit["address"]!.GetValue<string>();
        fields["ua"] = Agent;
        fields["lang"] = "en-GB,en;q=0.9";
        fields["cdt"] = now.ToString(System.Globalization.CultureInfo.InvariantCulture);
        fields["token_auth"] = new string('c', 32);
        return new FormUrlEncodedContent(fields);
    }

    private static JsonObject[] Held(SandboxState state) =>
    [
        .. state.Visits.Select(visit =>
        {
            var row = RecordedChanges.Read(RowJson.Of(visit));
            row["last"] = visit.Last - Start.ToUnixTimeSeconds();
            row["action_list"] = List(state.Actions.Where(action => action.VisitId == visit.Id).Select(Action));
            row["conversions"] = List(state.Conversions.Where(conversion => conversion.VisitId == visit.Id).Select(RowJson.Of));
            row["items"] = List(state.Items.Where(item => item.VisitId == visit.Id).Select(RowJson.Of));
            return Whole(row);
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

    // The stories leave out what is 0 by default.
    private static JsonObject Whole(JsonObject visit)
    {
        foreach (var name in new[] { "searches", "events", "goal_converted", "buyer" }.Where(name => !visit.ContainsKey(name)))
            visit[name] = 0;
        foreach (var item in visit["items"]!.AsArray().Select(node => node!.AsObject()).Where(item => !item.ContainsKey("deleted")))
            item["deleted"] = 0;
        return visit;
    }

    private static JsonObject Parts(JsonObject visit)
    {
        var rest = visit.DeepClone().AsObject();
        var parts = new JsonObject { ["actions"] = rest["action_list"]!.DeepClone(), ["conversions"] = rest["conversions"]!.DeepClone(), ["items"] = rest["items"]!.DeepClone() };
        foreach (var name in new[] { "action_list", "conversions", "items" })
            rest.Remove(name);
        parts["visits"] = new JsonArray(rest);
        return parts;
    }
}
