using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IConsentStore"/> must do.</summary>
public abstract class ConsentStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private IConsentStore Store => Stores.Consents;

    [Fact]
    public async Task Get_NothingSaid_IsEmpty() => (await Store.GetAsync("src_1", "ada", Stop)).ShouldBeEmpty();

    [Fact]
    public async Task Set_IsRememberedAcrossReopening()
    {
        await Store.GetAsync("src_1", "ada", Stop);
        await SetAsync("ada", Noon, ("analytics", false), ("marketing", true));
        (await Store.GetAsync("src_1", "ada", Stop)).ShouldBe(Said(("analytics", false), ("marketing", true)), ignoreOrder: true);
        Reopen();
        (await Store.GetAsync("src_1", "ada", Stop)).ShouldBe(Said(("analytics", false), ("marketing", true)), ignoreOrder: true);
        (await Store.GetAsync("src_2", "ada", Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Set_AnswersWhatWasRefusedNow()
    {
        (await SetAsync("ada", Noon, ("analytics", true), ("marketing", false))).ShouldBe(["marketing"]);
        (await SetAsync("ada", Noon.AddSeconds(1), ("analytics", false), ("marketing", false))).ShouldBe(["analytics"]);
        (await SetAsync("ada", Noon.AddSeconds(2), ("analytics", false))).ShouldBeEmpty();
        (await SetAsync("ada", Noon.AddSeconds(3), ("analytics", true))).ShouldBeEmpty();
        (await SetAsync("ada", Noon.AddSeconds(4), ("analytics", false))).ShouldBe(["analytics"]);
    }

    [Fact]
    public async Task Set_OtherCategories_KeepsTheRest()
    {
        await SetAsync("ada", Noon, ("analytics", false));
        await SetAsync("ada", Noon.AddSeconds(1), ("marketing", true));
        (await Store.GetAsync("src_1", "ada", Stop)).ShouldBe(Said(("analytics", false), ("marketing", true)), ignoreOrder: true);
    }

    [Fact]
    public async Task Set_AnOlderWord_ChangesNothing()
    {
        await SetAsync("ada", Noon, ("analytics", false));
        (await SetAsync("ada", Noon.AddMinutes(-5), ("analytics", true), ("marketing", true))).ShouldBeEmpty();
        (await Store.GetAsync("src_1", "ada", Stop)).ShouldBe(Said(("analytics", false), ("marketing", true)), ignoreOrder: true);
    }

    [Fact]
    public async Task GetMany_AGrantAfterARefusal_KeepsWhenItWasRefused()
    {
        await SetAsync("ada", Noon, ("analytics", true), ("marketing", true));
        await SetAsync("ada", Noon.AddSeconds(1), ("analytics", false));
        await SetAsync("ada", Noon.AddSeconds(2), ("analytics", true));
        await SetAsync("ada", Noon.AddSeconds(3), ("analytics", true), ("personalization", false));
        for (var round = 0; round < 3; round++)
        {
            if (round == 2) Reopen();
            var ada = (await Store.GetManyAsync("src_1", ["ada"], Stop))["ada"];
            ada.Granted.ShouldBe(Said(("analytics", true), ("marketing", true), ("personalization", false)), ignoreOrder: true);
            ada.RefusedAt.ShouldBe(Refused(("analytics", 1), ("personalization", 3)), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task GetMany_ARefusalKnownAfterALaterGrant_IsKept()
    {
        await SetAsync("ada", Noon.AddSeconds(5), ("analytics", true));
        (await SetAsync("ada", Noon.AddSeconds(3), ("analytics", false))).ShouldBeEmpty();
        await SetAsync("ada", Noon.AddSeconds(1), ("analytics", false));
        (await Store.GetAsync("src_1", "ada", Stop)).ShouldBe(Said(("analytics", true)));
        (await Store.GetManyAsync("src_1", ["ada"], Stop))["ada"].RefusedAt.ShouldBe(Refused(("analytics", 3)));
    }

    [Fact]
    public async Task GetMany_LeavesOutTheUnknown()
    {
        for (var i = 0; i < 300; i += 2) await SetAsync($"v{i}", Noon, ("analytics", i % 4 == 0));
        Reopen();
        await Store.GetAsync("src_1", "v2", Stop);
        await Store.GetAsync("src_1", "v3", Stop);
        var ids = Enumerable.Range(0, 300).Select(i => $"v{i}").ToList();
        for (var round = 0; round < 2; round++)
        {
            var many = await Store.GetManyAsync("src_1", ids, Stop);
            many.Count.ShouldBe(150);
            many["v2"].Granted["analytics"].ShouldBeFalse();
            many["v4"].Granted["analytics"].ShouldBeTrue();
        }
    }

    [Fact]
    public async Task GetAndSet_AtOnce_NeverAnswerWhatWasOvertaken()
    {
        for (var round = 0; round < 50; round++)
        {
            var id = $"v{round}";
            using var done = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                while (!done.IsCancellationRequested) await Store.GetAsync("src_1", id, Stop);
            })).ToList();
            await SetAsync(id, Noon, ("analytics", false));
            (await Store.GetAsync("src_1", id, Stop))["analytics"].ShouldBeFalse();
            await done.CancelAsync();
            await Task.WhenAll(readers);
            (await Store.GetAsync("src_1", id, Stop))["analytics"].ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Trim_ForgetsIdsThatHaveEnded_AndNobodyElse()
    {
        for (var i = 0; i < 450; i++) await SetForADayAsync($"ended {i}", Noon.AddMilliseconds(-1), ("analytics", false));
        await SetForADayAsync("of today", Noon, ("analytics", false));
        await SetAsync("for ever", Noon.AddDays(-1000), ("analytics", false));

        (await Store.TrimAsync(Noon, Stop)).ShouldBe(450);
        (await Store.TrimAsync(Noon, Stop)).ShouldBe(0);

        for (var round = 0; round < 2; round++)
        {
            if (round == 1) Reopen();
            (await Store.GetManyAsync("src_1", ["ended 0", "ended 449", "of today", "for ever"], Stop)).Keys.ShouldBe(["of today", "for ever"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Trim_AnotherWordOfTheSameDay_StillEndsWithIt()
    {
        await SetForADayAsync("ada", Noon, ("analytics", true));
        await SetAsync("ada", Noon.AddSeconds(1), ("analytics", false));

        (await Store.TrimAsync(Noon.AddMilliseconds(1), Stop)).ShouldBe(1);
    }

    [Fact]
    public async Task Trim_WhileADeadLetterRests_KeepsWhatItsVisitorSaid()
    {
        await SetForADayAsync("ada", Noon, ("marketing", false));
        await Stores.Deliveries.SettleAsync(
            DeliveryStoreConformance.Settlement(null, new Cursor(1, 0, [])) with { DeadLetters = [DeliveryStoreConformance.Letter("dl_1") with { AnonymousId = "ada" }] }, Stop);

        (await Store.TrimAsync(Noon.AddDays(30), Stop)).ShouldBe(0);
        (await Stores.Deliveries.DeleteDeadLettersAsync("int_1", ["dl_1"], Stop)).ShouldBe(1);
        (await Store.TrimAsync(Noon.AddDays(30), Stop)).ShouldBe(1);
    }

    private static Dictionary<string, DateTimeOffset> Refused(params (string, int Second)[] words) => words.ToDictionary(w => w.Item1, w => Noon.AddSeconds(w.Second));

    private static Dictionary<string, bool> Said(params (string, bool)[] words) => words.ToDictionary(w => w.Item1, w => w.Item2);

    private async Task<IReadOnlyList<string>> SetAsync(string id, DateTimeOffset at, params (string, bool)[] words) =>
        await Store.SetAsync("src_1", id, Said(words), at, null, Stop);

    private async Task SetForADayAsync(string id, DateTimeOffset until, params (string, bool)[] words) =>
        await Store.SetAsync("src_1", id, Said(words), Noon, until, Stop);
}
