using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Console.Parts;
using Signal.Manage.Changes;
using Signal.Record;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>The chart accounts for every event that was received.</summary>
public class ThroughputTests : BunitContext
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public ThroughputTests()
    {
        Services.AddLogging().AddLocalization();
        Services.AddScoped<Reader>();
    }

    [Fact]
    public void Received_IsWhatTheOthersAddUpTo()
    {
        var drawn = Draw(
            new() { ["received"] = 22, ["accepted"] = 12, ["delivered"] = 11, ["dropped"] = 1, ["duplicate"] = 7, ["rejected"] = 2, ["dead_letter"] = 1 },
            new() { ["bot"] = 1 });

        drawn.FindAll(".keys > span").Select(k => k.TextContent.Trim()).ShouldBe(
            ["Received 22", "Delivered 11", "Dead letters 1", "Rejected 2", "Dropped: Bot 1", "Dropped: Duplicate 7"]);
    }

    [Fact]
    public void Outcome_ThatDidNotHappen_IsNotNamed() =>
        Draw(new() { ["received"] = 3, ["delivered"] = 3 }, []).FindAll(".keys > span").Select(k => k.TextContent.Trim()).ShouldBe(["Received 3", "Delivered 3"]);

    private IRenderedComponent<Throughput> Draw(Dictionary<string, long> counts, Dictionary<string, long> dropped) => Render<Throughput>(p => p.Add(c => c.View, new OverviewView(
        Start, Start.AddMinutes(1), 60, counts, new Dictionary<string, IReadOnlyDictionary<string, long>> { ["dropped"] = dropped },
        new Backlog(0, 0), [new SeriesPoint(Start, counts, dropped)], [], [], null, [])));
}
