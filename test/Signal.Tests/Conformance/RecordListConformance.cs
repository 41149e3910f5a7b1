using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>The list of recent deliveries of every <see cref="IDeliveryStore"/>: order, pages and every filter, checked against LINQ over the same rows.</summary>
public abstract class RecordListConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private static readonly List<DeliveryRecord> Rows = [.. Enumerable.Range(0, 200).Select(Row)];

    public static TheoryData<RecordFilter> Filters =>
    [
        new RecordFilter(),
        new RecordFilter("int_1"),
        new RecordFilter("int_9"),
        new RecordFilter("int_1", Outcome: DeliveryOutcome.Delivered),
        new RecordFilter("int_1", Outcome: DeliveryOutcome.Dropped),
        new RecordFilter(Outcome: DeliveryOutcome.DeadLetter),
        new RecordFilter("int_2", Event: "Product Added"),
        new RecordFilter("int_2", Visitor: "visitor-3"),
        new RecordFilter(Visitor: "visitor-3"),
        new RecordFilter("int_1", MessageId: "m-7"),
        new RecordFilter(EventId: "evt_007"),
        new RecordFilter("int_1", Reason: "consent_denied"),
        new RecordFilter("int_1", Text: "PRODUCT"),
        new RecordFilter("int_1", Text: "ec_id=17"),
        new RecordFilter("int_1", Text: "100%"),
        new RecordFilter("int_1", Text: "a_b"),
        new RecordFilter("int_1", From: Noon.AddMinutes(10), To: Noon.AddMinutes(20)),
        new RecordFilter("int_1", DeliveryOutcome.Dropped, Reason: "consent_denied", Visitor: "visitor-0", From: Noon.AddMinutes(3)),
    ];

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Records_EveryFilter_PageByPage_IsWhatLinqSays(RecordFilter filter)
    {
        await Stores.Deliveries.SettleAsync(
            new Settlement { IntegrationId = "int_1", Lane = "int_1", Partition = 0, Expected = null, Next = new Cursor(1, 0, []), Records = Rows }, Stop);
        var found = new List<DeliveryRecord>();
        IReadOnlyList<DeliveryRecord> page;
        RecordPosition? before = null;
        do
        {
            page = await Stores.Deliveries.RecordsAsync(filter with { Before = before, Limit = 7 }, Stop);
            page.Count.ShouldBeLessThanOrEqualTo(7);
            found.AddRange(page);
            before = page.Count == 0 ? null : RecordPosition.Of(page[^1]);
        }
        while (page.Count > 0);

        found.Select(Key).ShouldBe(Rows.Where(r => Matches(filter, r))
            .OrderByDescending(r => r.ReceivedAt).ThenByDescending(r => r.EventId, StringComparer.Ordinal).Select(Key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Records_OfEventsThatSeveralIntegrationsDeliver_AreNotLostBetweenPages(int limit)
    {
        await DeliveredBySeveralAsync(9);

        var found = new List<(string, string)>();
        RecordPosition? before = null;
        while (await Stores.Deliveries.RecordsAsync(new RecordFilter(Before: before, Limit: limit), Stop) is { Count: > 0 } page)
        {
            found.AddRange(page.Select(r => (r.EventId, r.IntegrationId)));
            before = RecordPosition.Of(page[^1]);
        }

        found.Count.ShouldBe(27);
        found.ShouldBeUnique();
    }

    [Theory]
    [InlineData("Grüße an alle", 1)]
    [InlineData("gr%c3%bc%c3%9fe%20an", 1)]
    [InlineData("100% wool_x", 1)]
    [InlineData("100x wool", 0)]
    [InlineData("https://shop.example.com/p", 1)]
    public async Task Records_ByAText_AreFoundAsPeopleReadIt_AndAsItWasSent(string text, int found)
    {
        var request = $"idsite=1&action_name={Uri.EscapeDataString("Grüße an alle")}&search={Uri.EscapeDataString("100% wool_x")}&url={Uri.EscapeDataString("https://shop.example.com/p?a=b")}";
        await Stores.Deliveries.SettleAsync(
            new Settlement { IntegrationId = "int_1", Lane = "int_1", Partition = 0, Expected = null, Next = new Cursor(1, 0, []), Records = [Rows[0] with { IntegrationId = "int_1", Request = request }] }, Stop);

        (await Stores.Deliveries.RecordsAsync(new RecordFilter("int_1", Text: text), Stop)).Count.ShouldBe(found);
    }

    [Fact]
    public async Task Records_AmongSomeIntegrations_AreTheirsOnly()
    {
        await DeliveredBySeveralAsync(3);

        var some = new RecordFilter { Among = ["int_c", "int_a", "int_none"] };

        (await Stores.Deliveries.RecordsAsync(some with { Limit = 100 }, Stop)).Select(r => r.IntegrationId).Distinct().Order().ShouldBe(["int_a", "int_c"]);
        (await Stores.Deliveries.RecordsAsync(some with { Limit = 100 }, Stop)).Count.ShouldBe(6);
        (await Stores.Deliveries.RecordsAsync(some with { IntegrationId = "int_b" }, Stop)).Count.ShouldBe(3, "one integration is one integration");
        (await Stores.Deliveries.RecordsAsync(new RecordFilter { Among = [] }, Stop)).ShouldBeEmpty();
        (await Stores.Deliveries.PlaceAsync(new RecordFilter { Among = [] }, 10, Stop)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Place_OfEveryFilter_IsTheRowThatFarDown_TextLeftAside_AndUntilEndsThere(RecordFilter filter)
    {
        await Stores.Deliveries.SettleAsync(
            new Settlement { IntegrationId = "int_1", Lane = "int_1", Partition = 0, Expected = null, Next = new Cursor(1, 0, []), Records = Rows }, Stop);
        var all = await Stores.Deliveries.RecordsAsync(filter with { Text = null, Limit = 1000 }, Stop);
        (await Stores.Deliveries.PlaceAsync(filter, 1000, Stop)).ShouldBeNull();

        var found = new List<DeliveryRecord>();
        RecordPosition? before = null;
        do
        {
            var until = await Stores.Deliveries.PlaceAsync(filter with { Before = before }, 10, Stop);
            var part = await Stores.Deliveries.RecordsAsync(filter with { Before = before, Until = until, Limit = 1000 }, Stop);
            if (until is not null) part.ShouldAllBe(r => r.ReceivedAt >= until.ReceivedAt);
            found.AddRange(part);
            before = until;
        }
        while (before is not null);

        found.Select(Key).ShouldBe((await Stores.Deliveries.RecordsAsync(filter with { Limit = 1000 }, Stop)).Select(Key));
        if (filter.IntegrationId is not null && all.Count >= 3) (await Stores.Deliveries.PlaceAsync(filter, 3, Stop))!.EventId.ShouldBe(all[2].EventId);
    }

    private static string Key(DeliveryRecord r) => $"{r.IntegrationId}/{r.EventId}";

    private static bool Matches(RecordFilter f, DeliveryRecord r) =>
        (f.IntegrationId ?? r.IntegrationId) == r.IntegrationId
        && (f.Outcome ?? r.Outcome) == r.Outcome
        && (f.Event is null || f.Event == r.Event)
        && (f.Visitor ?? r.AnonymousId) == r.AnonymousId
        && (f.MessageId ?? r.MessageId) == r.MessageId
        && (f.EventId ?? r.EventId) == r.EventId
        && (f.Reason is null || f.Reason == r.Reason)
        && (f.From is null || r.ReceivedAt >= f.From)
        && (f.To is null || r.ReceivedAt < f.To)
        && (f.Text is null || new[] { r.Event, r.MessageId, r.EventId, r.AnonymousId, r.Reason, r.Request, r.Response }
            .Any(t => t?.Contains(f.Text, StringComparison.OrdinalIgnoreCase) == true));

    // Several rows share a time, and ids do not follow it.
    private static DeliveryRecord Row(int i) => DeliveryStoreConformance.Record($"evt_{i * 7 % 200:D3}") with
    {
        IntegrationId = i % 3 == 0 ? "int_2" : "int_1",
        MessageId = $"m-{i}",
        Event = i % 4 == 0 ? null : i % 4 == 1 ? "Product Added" : "Order Completed",
        AnonymousId = $"visitor-{i % 6}",
        ReceivedAt = Noon.AddMinutes(i / 4),
        Outcome = (DeliveryOutcome)(i % 4),
        Reason = i % 4 == 3 ? "consent_denied" : null,
        Request = $"ec_id={i}&rate={(i % 50 == 1 ? "100%" : "5")}&k={(i % 40 == 2 ? "a_b" : "aXb")}",
        Response = null,
        Warnings = [],
    };

    private async Task DeliveredBySeveralAsync(int events)
    {
        foreach (var integration in new[] { "int_b", "int_a", "int_c" })
        {
            await Stores.Deliveries.SettleAsync(
                new Settlement
                {
                    IntegrationId = integration,
                    Lane = integration,
                    Partition = 0,
                    Expected = null,
                    Next = new Cursor(1, 0, []),
                    Records = [.. Rows.Where(r => r.IntegrationId == "int_1").Take(events).Select(r => r with { IntegrationId = integration })],
                },
                Stop);
        }
    }
}
