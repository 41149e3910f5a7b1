using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IReplayStore"/> must do, together with the settlements that advance its replays.</summary>
public abstract class ReplayStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private IReplayStore Store => Stores.Replays;

    [Fact]
    public async Task Add_EveryField_ComesBack()
    {
        var replay = Replay("rpl_1") with { Message = "Why", Sent = 3, Failed = 2, FinishedAt = Noon.AddMinutes(5), Status = "failed" };
        await Store.AddAsync(replay, Stop);
        Reopen();

        (await Store.FindAsync("rpl_1", Stop)).ShouldBe(replay);
        (await Store.FindAsync("rpl_2", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task List_NewestFirst_OfOneOrAll()
    {
        await Store.AddAsync(Replay("rpl_1"), Stop);
        await Store.AddAsync(Replay("rpl_2") with { IntegrationId = "int_2" }, Stop);
        await Store.AddAsync(Replay("rpl_3") with { Status = "done" }, Stop);

        (await Store.ListAsync("int_1", false, Stop)).Select(r => r.Id).ShouldBe(["rpl_3", "rpl_1"]);
        (await Store.ListAsync(null, true, Stop)).Select(r => r.Id).ShouldBe(["rpl_2", "rpl_1"]);
    }

    [Fact]
    public async Task Settle_AdvancesTheCountsAndRemovesTheDeadLetters_InOneTransaction()
    {
        await Store.AddAsync(Replay("rpl_1"), Stop);
        await Stores.Deliveries.SettleAsync(
            DeliveryStoreConformance.Settlement(null, new Cursor(1, 0, [])) with { DeadLetters = [DeliveryStoreConformance.Letter("dl_1"), DeliveryStoreConformance.Letter("dl_2")] }, Stop);
        (await Stores.Deliveries.SettleAsync(Step(null, 1), Stop)).ShouldBeTrue();
        (await Stores.Deliveries.SettleAsync(Step(null, 2), Stop)).ShouldBeFalse();
        (await Stores.Deliveries.SettleAsync(Step(new Cursor(1, 0, []), 2), Stop)).ShouldBeTrue();
        Reopen();

        var replay = (await Store.FindAsync("rpl_1", Stop))!;
        (replay.Sent, replay.Failed, replay.Matched).ShouldBe((4, 2, 7), "the fenced settlement counted nothing");
        (await Stores.Deliveries.DeadLettersAsync(new DeadLetterFilter("int_1"), Stop)).ShouldHaveSingleItem().Id.ShouldBe("dl_2");
    }

    [Fact]
    public async Task End_OnlyOnce_KeepsTheCounts()
    {
        await Store.AddAsync(Replay("rpl_1") with { Sent = 5 }, Stop);

        (await Store.EndAsync("rpl_1", "cancelled", null, Noon, Stop)).ShouldBeTrue();
        (await Store.EndAsync("rpl_1", "done", "late", Noon, Stop)).ShouldBeFalse();
        (await Store.EndAsync("rpl_2", "done", null, Noon, Stop)).ShouldBeFalse();

        (await Store.FindAsync("rpl_1", Stop)).ShouldBe(Replay("rpl_1") with { Sent = 5, Status = "cancelled", FinishedAt = Noon });
    }

    [Fact]
    public async Task Trim_RemovesWhatEndedBefore_WithItsCursors()
    {
        await Store.AddAsync(Replay("rpl_1"), Stop);
        await Store.AddAsync(Replay("rpl_2"), Stop);
        await Stores.Deliveries.SettleAsync(DeliveryStoreConformance.Settlement(null, new Cursor(9, 0, [])) with { Lane = "rpl_1" }, Stop);
        await Store.EndAsync("rpl_1", "done", null, Noon, Stop);

        (await Store.TrimAsync(Noon, Stop)).ShouldBe(0);
        (await Store.TrimAsync(Noon.AddSeconds(1), Stop)).ShouldBe(1);

        (await Store.ListAsync(null, false, Stop)).ShouldHaveSingleItem().Id.ShouldBe("rpl_2");
        (await Stores.Deliveries.CursorAsync("rpl_1", 3, Stop)).ShouldBeNull();
    }

    private static Settlement Step(Cursor? expected, long next) => DeliveryStoreConformance.Settlement(expected, new Cursor(next, 0, [])) with
    {
        Lane = "rpl_1",
        Replay = new ReplayStep("rpl_1", 2, 1),
        Resolved = ["dl_1"],
    };

    private static Replay Replay(string id) => new() { Id = id, IntegrationId = "int_1", Status = "running", Work = "{}", Matched = 7, CreatedAt = Noon };
}
