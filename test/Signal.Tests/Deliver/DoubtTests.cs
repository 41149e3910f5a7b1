using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>What a server may have refused is noted before it is asked, kept when it did, and forgotten when it did not.</summary>
public class DoubtTests
{
    private static readonly Verdict Refused = new Verdict.Stop("token_refused", "Wrong.", Credentials: true);
    private readonly FakeRefusalStore _store = new();
    private readonly FakeTimeProvider _time = new(Bench.Start);
    private readonly RefusalBudget _budget;

    public DoubtTests() => _budget = new RefusalBudget("matomo.example.com", _store, _time);

    [Fact]
    public async Task Begin_UpToTheLimitOfAllIntegrations_ThenWaitsForTheOldestToCountNoMore()
    {
        for (var i = 0; i < 3; i++)
        {
            using var doubt = Doubt();
            (await doubt.BeginAsync(3, 1, default)).ShouldBeNull();
            await doubt.EndAsync(Refused, default);
            _time.Advance(TimeSpan.FromMinutes(10));
        }

        var room = await BeginAsync(3);
        room.ShouldBe(Bench.Start + RefusalBudget.Window);
        _time.SetUtcNow(room!.Value);
        (await BeginAsync(3)).ShouldBeNull();
    }

    [Fact]
    public async Task Begin_AChain_NeedsRoomForAllOfIt()
    {
        (await BeginAsync(3)).ShouldBeNull();

        (await BeginAsync(3, chain: 3)).ShouldNotBeNull();
        (await BeginAsync(4, chain: 3)).ShouldBeNull();
    }

    [Fact]
    public async Task Crash_BeforeTheAnswer_StillCounts()
    {
        await BeginAsync(1);
        using (var doubt = Doubt()) await doubt.CoverAsync(2, default);

        _store.Notes.Count.ShouldBe(3);
        (await BeginAsync(3)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Begin_WhileAnotherIsInDoubt_WaitsUntilThatIsOver()
    {
        var first = Doubt();
        await first.BeginAsync(1, 1, default);
        using var second = Doubt();
        var waiting = second.BeginAsync(1, 1, default);
        waiting.IsCompleted.ShouldBeFalse();

        await first.EndAsync(new Verdict.Settled([]), default);
        first.Dispose();

        (await waiting).ShouldBeNull("the first was not refused");
    }

    [Fact]
    public async Task End_NotRefusedForCredentials_CountsNothing()
    {
        foreach (var verdict in new Verdict[] { new Verdict.Settled([]), new Verdict.Retry("maintenance", "Later."), new Verdict.Stop("site_unknown", "No site.") })
        {
            using var doubt = Doubt();
            await doubt.BeginAsync(1, 1, default);
            await doubt.CoverAsync(3, default);
            await doubt.EndAsync(verdict, default);
        }

        _store.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task End_SomeRefusedOnTheWay_CountsThose()
    {
        using var doubt = Doubt();
        await doubt.CoverAsync(4, default);
        doubt.Keep(2);
        await doubt.EndAsync(new Verdict.Divide("refused_400", "Who knows."), default);

        _store.Notes.Count.ShouldBe(2);
    }

    private Doubt Doubt() => _budget.Doubt();

    private async Task<DateTimeOffset?> BeginAsync(int limit, int chain = 1)
    {
        using var doubt = Doubt();
        return await doubt.BeginAsync(limit, chain, default);
    }
}
