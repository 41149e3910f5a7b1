using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>Settlements, cursors, visitors, orders, counts and health of every <see cref="IDeliveryStore"/>.</summary>
public abstract class DeliveryStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private IDeliveryStore Store => Stores.Deliveries;

    private static Settlement Express(Cursor? expected, long next, long[] overtaken) => Settlement(expected, new Cursor(next, 0, [])) with
    {
        Lane = ExpressLanes.Of("int_1"),
        Within = new ExpressFence("int_1", 9),
        Overtaken = overtaken,
    };

    [Fact]
    public async Task Cursor_NeverRead_IsNull() => (await Store.CursorAsync("int_1", 0, Stop)).ShouldBeNull();

    [Fact]
    public async Task Settle_First_StoresEverything()
    {
        var next = new Cursor(5, 2, [7, 9]) { Failed = [new FailedHit(0, "refused", "Not \"wanted\"."), new FailedHit(1, null, null)] };
        var settlement = Settlement(null, next) with
        {
            Records = [Record("evt_1")],
            DeadLetters = [Letter("dl_1")],
            Visitors = [new VisitorRow("anon", "user", "{\"cart\":1}", Noon)],
            Orders = [new OrderRow("o1", "evt_1", "anon", Noon)],
            Counts = [new CountDelta("int_1", "delivered", Noon, 3)],
            Receipts = [Audit(7)],
        };
        (await Store.SettleAsync(settlement, Stop)).ShouldBeTrue();
        Reopen();

        (await Store.CursorAsync("int_1", 3, Stop)).ShouldBe(next);
        (await Store.SettleAsync(Settlement(next, new Cursor(6, 0, [])), Stop)).ShouldBeTrue();
        (await Store.CursorAsync("int_1", 3, Stop)).ShouldBe(new Cursor(6, 0, []));
        (await Store.CursorAsync("int_1", 4, Stop)).ShouldBeNull();
        (await Store.RecordsAsync(new RecordFilter("int_1"), Stop)).ShouldHaveSingleItem().ShouldBeEquivalentTo(Record("evt_1"));
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1"), Stop)).ShouldHaveSingleItem().ShouldBeEquivalentTo(Letter("dl_1"));
        (await Store.VisitorsAsync("int_1", ["anon", "nobody"], Stop)).ShouldBe(new Dictionary<string, string> { ["anon"] = "{\"cart\":1}" });
        (await Store.OrdersAsync("int_1", ["o1", "o2"], Stop)).ShouldBe(new Dictionary<string, string> { ["o1"] = "evt_1" });
        (await Store.AnonymousIdsOfAsync(["int_1"], "user", Stop)).ShouldBe(["anon"]);
        (await Store.CountsAsync("int_1", Noon, Noon.AddMinutes(1), TimeSpan.FromMinutes(1), Stop)).ShouldBe([new CountRow("int_1", "delivered", Noon, 3)]);
        (await Stores.Audit.ListAsync(new AuditFilter(), Stop)).ShouldHaveSingleItem().Id.ShouldBe(Audit(7).Id);
    }

    [Fact]
    public async Task Settle_AnotherCursorStored_WritesNothing()
    {
        await Store.SettleAsync(Settlement(null, new Cursor(5, 0, [])), Stop);
        foreach (var expected in new[] { null, Cursor.Start, new Cursor(4, 0, []), new Cursor(5, 1, []), new Cursor(5, 0, [8]) })
        {
            var late = Settlement(expected, new Cursor(6, 0, [])) with
            {
                Records = [Record("evt_late")],
                DeadLetters = [Letter("dl_late")],
                Visitors = [new VisitorRow("late", null, "{}", Noon)],
                Orders = [new OrderRow("late", "evt_late", "late", Noon)],
                Counts = [new CountDelta("int_1", "delivered", Noon, 1)],
                Receipts = [Audit(8)],
            };
            (await Store.SettleAsync(late, Stop)).ShouldBeFalse($"expected {expected}");
        }

        (await Store.CursorAsync("int_1", 3, Stop)).ShouldBe(new Cursor(5, 0, []));
        (await Store.RecordsAsync(new RecordFilter("int_1"), Stop)).ShouldBeEmpty();
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1"), Stop)).ShouldBeEmpty();
        (await Store.VisitorsAsync("int_1", ["late"], Stop)).ShouldBeEmpty();
        (await Store.OrdersAsync("int_1", ["late"], Stop)).ShouldBeEmpty();
        (await Store.CountsAsync(null, Noon.AddDays(-1), Noon.AddDays(1), TimeSpan.FromDays(1), Stop)).ShouldBeEmpty();
        (await Stores.Audit.ListAsync(new AuditFilter(), Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_FromStart_IsTheFirstSettlement() =>
        (await Store.SettleAsync(Settlement(Cursor.Start, new Cursor(5, 0, [])), Stop)).ShouldBeTrue();

    [Fact]
    public async Task Settle_ChainOfCursors_Moves()
    {
        Cursor? at = null;
        for (var i = 1; i <= 20; i++)
        {
            var next = new Cursor(i, i % 3, [i + 2, i + 4]);
            (await Store.SettleAsync(Settlement(at, next), Stop)).ShouldBeTrue();
            at = await Store.CursorAsync("int_1", 3, Stop);
            at.ShouldBe(next);
        }
    }

    [Fact]
    public async Task Settle_TwoProcessesOnOneLane_ExactlyOneWins()
    {
        for (var round = 0; round < 20; round++)
        {
            Cursor? expected = round == 0 ? null : new Cursor(round, 0, []);
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Store.SettleAsync(Settlement(expected, new Cursor(round + 1, 0, [])), Stop))));
            won.Count(w => w).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Settle_ExpressLane_NotesWhatIsOvertakenUntilTheLanePassesIt()
    {
        var open = new Cursor(5, 0, []) { Express = 9 };
        await Store.SettleAsync(Settlement(null, open), Stop);
        (await Store.SettleAsync(Express(null, 12, [10, 12]), Stop)).ShouldBeTrue();
        (await Store.SettleAsync(Express(new Cursor(12, 0, []), 14, [13, 13, 14]), Stop)).ShouldBeTrue();
        Reopen();

        (await Store.CursorAsync("int_1", 3, Stop)).ShouldBe(open);
        (await Store.OvertakenAsync("int_1", 3, 0, 99, Stop)).ShouldBe([10, 12, 13, 14]);
        (await Store.OvertakenAsync("int_1", 3, 10, 13, Stop)).ShouldBe([12, 13]);
        (await Store.OvertakenAsync("int_1", 4, 0, 99, Stop)).ShouldBeEmpty();
        (await Store.OvertakenAsync("int_2", 3, 0, 99, Stop)).ShouldBeEmpty();
        (await Store.OvertakenExtentAsync("int_1", 3, Stop)).ShouldBe(new OvertakenExtent(4, 14));
        (await Store.OvertakenExtentAsync("int_1", 4, Stop)).ShouldBe(default);

        var passed = open with { Offset = 12 };
        (await Store.SettleAsync(Settlement(open, passed), Stop)).ShouldBeTrue();
        (await Store.OvertakenAsync("int_1", 3, 0, 99, Stop)).ShouldBe([13, 14]);
    }

    [Fact]
    public async Task Settle_ExpressLaneThatIsNoneAnyMore_WritesNothing()
    {
        var open = new Cursor(5, 0, []) { Express = 9 };
        await Store.SettleAsync(Settlement(null, open), Stop);
        await Store.SettleAsync(Express(null, 12, [10, 12]), Stop);
        (await Store.SettleAsync(Settlement(open with { Express = null }, new Cursor(6, 0, [])), Stop)).ShouldBeFalse("another process gave it an express lane");
        (await Store.SettleAsync(Settlement(open, open with { Express = null }) with { Ends = new Cursor(11, 0, []) }, Stop)).ShouldBeFalse("it stands elsewhere");
        (await Store.SettleAsync(Settlement(new Cursor(4, 0, []) { Express = 9 }, open with { Express = null }) with { Ends = new Cursor(12, 0, []) }, Stop)).ShouldBeFalse("the lane stands elsewhere");
        (await Store.CursorAsync("int_1+", 3, Stop)).ShouldBe(new Cursor(12, 0, []));

        (await Store.SettleAsync(Settlement(open, open with { Express = null }) with { Ends = new Cursor(12, 0, []) }, Stop)).ShouldBeTrue();

        (await Store.CursorAsync("int_1+", 3, Stop)).ShouldBeNull();
        (await Store.CursorAsync("int_1", 3, Stop)).ShouldBe(new Cursor(5, 0, []));
        foreach (var expected in new[] { null, new Cursor(12, 0, []) })
            (await Store.SettleAsync(Express(expected, 20, [20]) with { Records = [Record("evt_late")] }, Stop)).ShouldBeFalse($"expected {expected}");
        (await Store.CursorAsync("int_1+", 3, Stop)).ShouldBeNull();
        (await Store.OvertakenAsync("int_1", 3, 0, 99, Stop)).ShouldBe([10, 12]);
        (await Store.RecordsAsync(new RecordFilter("int_1"), Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_ManyLanesAtOnce_ConservesEveryRecordAndCount()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(lane => Task.Run(async () =>
        {
            Cursor? at = null;
            for (var i = 1; i <= 20; i++)
            {
                var next = new Cursor(i, 0, []);
                (await Store.SettleAsync(
                    Settlement(at, next) with
                    {
                        Partition = lane,
                        Records = [Record($"evt_{lane:D2}_{i:D2}")],
                        Counts = [new CountDelta("int_1", "delivered", Noon, 1)],
                    },
                    Stop)).ShouldBeTrue();
                at = next;
            }
        })));
        (await Store.RecordsAsync(new RecordFilter("int_1", Limit: 1000), Stop)).Count.ShouldBe(320);
        (await Store.CountsAsync("int_1", Noon, Noon.AddMinutes(1), TimeSpan.FromMinutes(1), Stop)).ShouldHaveSingleItem().Count.ShouldBe(320);
    }

    [Fact]
    public async Task Settle_OneThatCannotBeWritten_TakesNoOtherAlong()
    {
        var settlements = Enumerable.Range(0, 20).Select(i => Settlement(null, new Cursor(1, 0, [])) with
        {
            Partition = i,
            // An event id that is missing breaks the row.
            Records = [Record($"evt_{i}") with { EventId = i == 10 ? null! : $"evt_{i}" }],
        });
        var done = settlements.Select(s => Store.SettleAsync(s, Stop)).ToList();
        for (var i = 0; i < done.Count; i++)
        {
            var settled = done[i];
            if (i == 10) await Should.ThrowAsync<Exception>(() => settled);
            else (await settled).ShouldBeTrue();
        }

        (await Store.CursorAsync("int_1", 10, Stop)).ShouldBeNull();
        (await Store.RecordsAsync(new RecordFilter("int_1", Limit: 100), Stop)).Count.ShouldBe(19);
    }

    [Fact]
    public async Task Settle_RecordAgain_ReplacesIt()
    {
        await SettleAsync(Record("evt_1") with { Outcome = DeliveryOutcome.Retrying, DeliveredAt = null, Reason = "unreachable", Attempts = 1 });
        await SettleAsync(Record("evt_1") with { Attempts = 2 }, 1);
        var record = (await Store.RecordsAsync(new RecordFilter("int_1"), Stop)).ShouldHaveSingleItem();
        record.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        record.Attempts.ShouldBe(2);
        record.Reason.ShouldBeNull();
    }

    [Fact]
    public async Task Outcomes_OfManyEvents_AreTheIntegrationsOwn()
    {
        var records = Enumerable.Range(0, 300).Select(i => Record($"evt_{i:D3}") with { Outcome = i % 2 == 0 ? DeliveryOutcome.Delivered : DeliveryOutcome.DeadLetter });
        await Store.SettleAsync(Settlement(null, new Cursor(1, 0, [])) with { Records = [.. records] }, Stop);

        var outcomes = await Store.OutcomesAsync("int_1", [.. Enumerable.Range(0, 300).Select(i => $"evt_{i:D3}"), "evt_unknown"], Stop);

        outcomes.Count.ShouldBe(300);
        outcomes["evt_001"].ShouldBe(DeliveryOutcome.DeadLetter);
        outcomes["evt_298"].ShouldBe(DeliveryOutcome.Delivered);
        (await Store.OutcomesAsync("int_2", ["evt_001"], Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_OrderAgain_KeepsTheFirstOwner()
    {
        await Store.SettleAsync(Settlement(null, new Cursor(1, 0, [])) with { Orders = [new OrderRow("o1", "evt_1", "anon", Noon)] }, Stop);
        await Store.SettleAsync(Settlement(new Cursor(1, 0, []), new Cursor(2, 0, [])) with { Orders = [new OrderRow("o1", "evt_2", "anon", Noon)] }, Stop);
        (await Store.OrdersAsync("int_1", ["o1"], Stop))["o1"].ShouldBe("evt_1");
        (await Store.OrdersAsync("int_2", ["o1"], Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Visitors_ManyIds_AreAllFound()
    {
        var rows = Enumerable.Range(0, 700).Select(i => new VisitorRow($"a{i}", $"u{i % 100}", $"{{\"n\":{i}}}", Noon)).ToList();
        await Store.SettleAsync(Settlement(null, new Cursor(1, 0, [])) with { Visitors = rows }, Stop);
        var found = await Store.VisitorsAsync("int_1", [.. rows.Select(r => r.AnonymousId), "a1", "nobody"], Stop);
        found.Count.ShouldBe(700);
        found["a699"].ShouldBe("{\"n\":699}");
        (await Store.VisitorsAsync("int_1", [], Stop)).ShouldBeEmpty();
        (await Store.AnonymousIdsOfAsync(["int_1", "int_2"], "u7", Stop)).ShouldBe(Enumerable.Range(0, 7).Select(i => $"a{(i * 100) + 7}"), ignoreOrder: true);
    }

    [Fact]
    public async Task AnonymousIdsOf_AfterAnotherUserSignedIn_StillKnowsTheFirst()
    {
        await Store.SettleAsync(Settlement(null, new Cursor(1, 0, [])) with { Visitors = [new VisitorRow("shared", "ada", "{}", Noon)] }, Stop);
        await Store.SettleAsync(Settlement(new Cursor(1, 0, []), new Cursor(2, 0, [])) with { Visitors = [new VisitorRow("shared", "bob", "{}", Noon)] }, Stop);
        (await Store.AnonymousIdsOfAsync(["int_1"], "ada", Stop)).ShouldBe(["shared"]);
        (await Store.AnonymousIdsOfAsync(["int_1"], "bob", Stop)).ShouldBe(["shared"]);
    }

    [Fact]
    public async Task Counts_AreSummedByStep()
    {
        await Store.CountAsync([new("s", "a", Noon, 1), new("s", "a", Noon.AddSeconds(59), 2), new("s", "b", Noon, 5), new("t", "a", Noon, 7)], Stop);
        await Store.CountAsync([new("s", "a", Noon.AddMinutes(1), 10), new("s", "a", Noon, 1), new("s", "a", Noon.AddMinutes(6), 100)], Stop);

        (await Store.CountsAsync("s", Noon, Noon.AddMinutes(10), TimeSpan.FromMinutes(5), Stop)).ShouldBe(
            [new("s", "a", Noon, 14), new("s", "b", Noon, 5), new("s", "a", Noon.AddMinutes(5), 100)]);
        (await Store.CountsAsync(null, Noon, Noon.AddMinutes(1), TimeSpan.FromMinutes(1), Stop)).ShouldBe(
            [new("s", "a", Noon, 4), new("s", "b", Noon, 5), new("t", "a", Noon, 7)]);
        (await Store.CountsAsync("s", Noon.AddMinutes(2), Noon.AddMinutes(6), TimeSpan.FromMinutes(1), Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Health_IsRemembered()
    {
        (await Store.HealthAsync(Stop)).ShouldBeEmpty();
        await Store.SetHealthAsync("int_1", new IntegrationHealth("retrying", Noon, "unreachable", "No answer."), Stop);
        await Store.SetHealthAsync("int_1", new IntegrationHealth("active", Noon.AddMinutes(1), null, null), Stop);
        Reopen();
        (await Store.HealthAsync(Stop)).ShouldBe(new Dictionary<string, IntegrationHealth> { ["int_1"] = new("active", Noon.AddMinutes(1), null, null) });
    }

    [Fact]
    public async Task DeadLetters_FiltersCountsAndRemoval()
    {
        var letters = Enumerable.Range(0, 30).Select(i => Letter($"dl_{i:D2}") with
        {
            Reason = i % 2 == 0 ? "poison" : "too_old",
            Event = i % 3 == 0 ? "Order Completed" : null,
            AnonymousId = $"a{i % 5}",
            FailedAt = Noon.AddMinutes(i),
        }).ToList();
        await Store.SettleAsync(Settlement(null, new Cursor(1, 0, [])) with { DeadLetters = letters }, Stop);

        var page = await Store.DeadLettersAsync(new DeadLetterFilter("int_1", Limit: 10), Stop);
        page.Select(d => d.Id).ShouldBe(Enumerable.Range(0, 10).Select(i => $"dl_{29 - i:D2}"));
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1", Before: page[^1].Id, Limit: 100), Stop)).Count.ShouldBe(20);
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1", Reason: "poison", Limit: 100), Stop)).Count.ShouldBe(15);
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1", Event: "Order Completed", Limit: 100), Stop)).Count.ShouldBe(10);
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1", Visitor: "a1", Reason: "poison", Limit: 100), Stop)).Count.ShouldBe(3);
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1", Ids: ["dl_03", "dl_07", "dl_xx"]), Stop)).Select(d => d.Id).ShouldBe(["dl_07", "dl_03"]);
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1", From: Noon.AddMinutes(10), To: Noon.AddMinutes(12)), Stop)).Select(d => d.Id).ShouldBe(["dl_11", "dl_10"]);
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_2"), Stop)).ShouldBeEmpty();
        foreach (var filter in (DeadLetterFilter[])[new("int_1", Reason: "poison", Before: "dl_20", Limit: 5), new("int_1", ["dl_03", "dl_07", "dl_xx"], From: Noon.AddMinutes(5))])
            (await Store.DeadLetterKeysAsync(filter, Stop)).ShouldBe((await Store.DeadLettersAsync(filter, Stop)).Select(d => new DeadLetterKey(d.Id, d.EventId, d.AnonymousId)));
        (await Store.DeadLetterKeysAsync(new DeadLetterFilter("int_1", ["dl_03", "dl_07"], From: Noon.AddMinutes(5)), Stop)).ShouldHaveSingleItem().Id.ShouldBe("dl_07");
        (await Store.DeadLetterCountsAsync("int_1", Stop)).ShouldBe(new Dictionary<string, long> { ["poison"] = 15, ["too_old"] = 15 }, ignoreOrder: true);

        (await Store.DeleteDeadLettersAsync("int_1", ["dl_03", "dl_xx"], Stop)).ShouldBe(1);
        (await Store.DeleteDeadLettersAsync("int_2", ["dl_04"], Stop)).ShouldBe(0);
        (await Store.DropDeadLettersAsync("int_1", "a0", n => Audit(n), Stop)).ShouldBe(6);
        (await Store.DropDeadLettersAsync("int_1", "a0", n => Audit(n), Stop)).ShouldBe(0);
        (await Stores.Audit.ListAsync(new AuditFilter(), Stop)).ShouldHaveSingleItem().Id.ShouldBe(Audit(6).Id, "a receipt for what was dropped, none for nothing");
        (await Store.DeadLettersAsync(new DeadLetterFilter("int_1", Limit: 100), Stop)).Count.ShouldBe(23);
    }

    [Fact]
    public async Task Trim_RemovesTheOldOnly()
    {
        var settlement = Settlement(null, new Cursor(1, 0, [])) with
        {
            Records = [.. Enumerable.Range(0, 1300).Select(i => Record($"evt_{i:D4}") with { ReceivedAt = Noon.AddMinutes(i) })],
            Orders = [.. Enumerable.Range(0, 10).Select(i => new OrderRow($"o{i}", $"evt_{i:D4}", "anon", Noon.AddMinutes(i)))],
            Visitors = [.. Enumerable.Range(0, 10).Select(i => new VisitorRow($"a{i}", "u", "{}", Noon.AddMinutes(i)))],
            Counts = [.. Enumerable.Range(0, 10).Select(i => new CountDelta("int_1", "delivered", Noon.AddMinutes(i), 1))],
        };
        await Store.SettleAsync(settlement, Stop);

        (await Store.TrimAsync(Noon.AddMinutes(1200), Noon.AddMinutes(3), Noon.AddMinutes(4), Noon.AddMinutes(5), Stop)).ShouldBe(1200 + 3 + 4 + 5);
        (await Store.RecordsAsync(new RecordFilter("int_1", Limit: 2000), Stop)).Count.ShouldBe(100);
        (await Store.OrdersAsync("int_1", [.. settlement.Orders.Select(o => o.Key)], Stop)).Count.ShouldBe(7);
        (await Store.VisitorsAsync("int_1", [.. settlement.Visitors.Select(v => v.AnonymousId)], Stop)).Count.ShouldBe(6);
        (await Store.AnonymousIdsOfAsync(["int_1"], "u", Stop)).Count.ShouldBe(6);
        (await Store.CountsAsync(null, Noon, Noon.AddDays(1), TimeSpan.FromDays(1), Stop)).Sum(c => c.Count).ShouldBe(5);
    }

    [Fact]
    public async Task Visitor_ExportAndErase_CoverEverything()
    {
        await Store.SettleAsync(
            Settlement(null, new Cursor(1, 0, [])) with
            {
                Records = [Record("evt_1") with { AnonymousId = "ada" }, Record("evt_2") with { AnonymousId = "bob" }],
                DeadLetters = [Letter("dl_1") with { AnonymousId = "ada" }],
                Visitors = [new("ada", "user-ada", "{\"cart\":[]}", Noon), new("bob", null, "{}", Noon)],
                Orders = [new("o1", "evt_1", "ada", Noon), new("o2", "evt_2", "bob", Noon)],
            },
            Stop);
        await Stores.Consents.SetAsync("src_1", "ada", new Dictionary<string, bool> { ["analytics"] = true, ["marketing"] = false }, Noon, null, Stop);

        var held = await Store.ExportVisitorAsync(["int_1", "int_2"], "src_1", "ada", Stop);
        held.Keys.ShouldBe(["records", "dead_letters", "orders", "users", "visitors", "consent"], ignoreOrder: true);
        held["records"].ShouldHaveSingleItem().ShouldContain("evt_1");
        held["visitors"].ShouldHaveSingleItem().ShouldContain("cart");
        held["consent"].Count.ShouldBe(2);

        (await Store.EraseVisitorAsync(["int_1", "int_2"], "src_1", "ada", Noon, Stop)).ShouldBe(
            new Dictionary<string, int> { ["records"] = 1, ["dead_letters"] = 1, ["visitors"] = 1, ["users"] = 1, ["orders"] = 1, ["consent"] = 1 }, ignoreOrder: true);
        (await Store.EraseVisitorAsync(["int_1", "int_2"], "src_1", "ada", Noon, Stop)).ShouldBeEmpty();

        // A refusal outlives the erasure; everybody else is untouched.
        (await Stores.Consents.GetAsync("src_1", "ada", Stop)).ShouldBe(new Dictionary<string, bool> { ["marketing"] = false });
        (await Store.ExportVisitorAsync(["int_1"], "src_1", "ada", Stop)).Keys.ShouldBe(["consent"]);
        (await Store.RecordsAsync(new RecordFilter("int_1"), Stop)).ShouldHaveSingleItem().AnonymousId.ShouldBe("bob");

        // Counted orders stay counted, with nobody's name on them.
        (await Store.OrdersAsync("int_1", ["o1", "o2", "o3"], Stop)).ShouldBe(new Dictionary<string, string> { ["o1"] = "", ["o2"] = "evt_2" }, ignoreOrder: true);
        (await Store.OrdersAsync("int_2", ["o1"], Stop)).ShouldBeEmpty();
    }

    internal static Settlement Settlement(Cursor? expected, Cursor next) =>
        new() { IntegrationId = "int_1", Lane = "int_1", Partition = 3, Expected = expected, Next = next };

    internal static DeliveryRecord Record(string id) => new()
    {
        IntegrationId = "int_1",
        EventId = id,
        MessageId = $"m-{id}",
        Type = "track",
        Event = "Order Completed",
        AnonymousId = "anon",
        ReceivedAt = Noon,
        DeliveredAt = Noon.AddSeconds(1),
        Outcome = DeliveryOutcome.Delivered,
        StatusCode = 200,
        Attempts = 1,
        LatencyMs = 12,
        Warnings = new[] { "url was cut" },
        Revision = 4,
        Request = "idsite=1&rec=1&token_auth=***",
        Response = "GIF89a",
    };

    internal static DeadLetter Letter(string id) => new()
    {
        Id = id,
        IntegrationId = "int_1",
        EventId = $"evt_{id}",
        MessageId = $"m-{id}",
        Type = "track",
        Event = "Order Completed",
        AnonymousId = "anon",
        Reason = "poison",
        Message = "Matomo fails on it.",
        Attempts = 5,
        FailedAt = Noon,
        Request = "idsite=1",
        Response = "500",
        Payload = [1, 2, 0, 255],
    };

    private async Task SettleAsync(DeliveryRecord record, int from = 0) =>
        (await Store.SettleAsync(Settlement(from == 0 ? null : new Cursor(from, 0, []), new Cursor(from + 1, 0, [])) with { Records = [record] }, Stop)).ShouldBeTrue();
}
