using Shouldly;
using Signal.Console.Data;
using Signal.State;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>What a text in the search box is taken for.</summary>
public class RecordSearchTests
{
    private static readonly RecordFilter All = new("int_1");

    [Fact]
    public void Readings_OfAnOrder_AskTheIndexesBeforeEveryRequestIsSearched() =>
        RecordSearch.Readings(All, " ORD-001 ").ShouldBe([All with { Event = "ORD-001" }, All with { MessageId = "ORD-001" }, All with { Text = "ORD-001" }]);

    [Fact]
    public void Readings_OfAVisitor_AskForThatVisitorFirst() =>
        RecordSearch.Readings(All, "a1b2c3d4-e5f6-4718-9abc-def012345678").First().Visitor.ShouldBe("a1b2c3d4-e5f6-4718-9abc-def012345678");

    [Fact]
    public void Readings_OfAnEventId_AskForThatEventFirst() => RecordSearch.Readings(All, "evt_1").First().EventId.ShouldBe("evt_1");

    [Fact]
    public void Readings_BesideOtherFilters_LeaveThoseAsTheyAre()
    {
        var filter = All with { Event = "Order Completed", Visitor = "visitor-a" };

        RecordSearch.Readings(filter, "a1b2c3d4-e5f6-4718-9abc-def012345678").ShouldAllBe(r => r.Event == "Order Completed" && r.Visitor == "visitor-a");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public void Readings_OfNothing_LeaveTheFilterAsItIs(string? text) => RecordSearch.Readings(All, text).ShouldBe([All]);
}
