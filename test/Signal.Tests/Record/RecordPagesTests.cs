using Shouldly;
using Signal.Record;
using Signal.State;
using Signal.Tests.Manage.Fakes;
using Xunit;
using Some = Signal.Tests.Manage.Some;

namespace Signal.Tests.Record;

/// <summary>Pages of recent deliveries, where a text is looked for part by part.</summary>
public class RecordPagesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeDeliveryStore _store = new();

    public RecordPagesTests()
    {
        for (var i = 0; i < RecordPages.Searched + 10; i++)
            _store.Records.Add(Some.Record("int_1", $"evt_{i:D6}") with { ReceivedAt = Noon.AddSeconds(i), Request = i == 3 ? "ec_id=needle" : "rec=1" });
    }

    [Fact]
    public async Task Text_InAnOlderPart_AnEmptyPageSaysWhereToGoOn_AndTheNextOneHasIt()
    {
        var filter = new RecordFilter("int_1", Text: "needle", Limit: 5);

        var first = await _store.PageAsync(filter, default);
        var second = await _store.PageAsync(filter with { Before = first.Next }, default);

        first.Rows.ShouldBeEmpty();
        first.Next.ShouldBe(new RecordPosition(Noon.AddSeconds(10), "evt_000010"), "so many were looked through");
        second.Rows.ShouldHaveSingleItem().EventId.ShouldBe("evt_000003");
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Text_FoundOftenEnough_ThePageEndsAtItsLastRow()
    {
        var page = await _store.PageAsync(new RecordFilter("int_1", Text: "rec=1", Limit: 5), default);

        page.Rows.Count.ShouldBe(5);
        page.Next.ShouldBe(RecordPosition.Of(page.Rows[4]));
    }

    [Fact]
    public async Task NoText_IsNotBounded_AndTheLastPageSaysSo()
    {
        var filter = new RecordFilter("int_1", Event: _store.Records[0].Event, To: Noon.AddSeconds(7), Limit: 5);

        var first = await _store.PageAsync(filter, default);
        var second = await _store.PageAsync(filter with { Before = first.Next }, default);

        (first.Rows.Count, second.Rows.Count, second.Next).ShouldBe((5, 2, null));
    }
}
