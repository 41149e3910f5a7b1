using Shouldly;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>The pure machines, each given its clock.</summary>
public class MachineTests
{
    private static readonly DateTimeOffset T = Bench.Start;
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(int.MaxValue, 300)]
    public void Backoff_Ceiling_DoublesUpToTheLongest(int failures, double seconds) =>
        Backoff.Ceiling(failures).TotalSeconds.ShouldBe(seconds);

    [Fact]
    public void Backoff_After_JittersFullyAndRetryAfterWins()
    {
        Backoff.After(5, 0.5).TotalSeconds.ShouldBe(8);
        Backoff.After(5, 0).ShouldBeGreaterThan(TimeSpan.Zero);
        Backoff.After(1, 0.5, TimeSpan.FromHours(2)).ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public void Circuit_Trial_LetsOneInUntilTheFirstSuccess()
    {
        var circuit = Circuit();
        circuit.Ask(T).ShouldBe(new Pass(Permission.Send, Alone: true, MostRefusals: RefusalBudget.Start));
        circuit.Ask(T).Permission.ShouldBe(Permission.Wait);
        circuit.Succeeded();
        circuit.Leave();
        circuit.Ask(T).ShouldBe(new Pass(Permission.Send));
        circuit.Ask(T).ShouldBe(new Pass(Permission.Send));
    }

    [Fact]
    public void Circuit_RepeatedFailures_OpensProbesOnceAndCloses()
    {
        var circuit = Circuit();
        circuit.Succeeded();
        for (var i = 0; i < 5; i++) circuit.Failed(T);
        var pass = circuit.Ask(T);
        pass.Permission.ShouldBe(Permission.Wait);
        var later = pass.Until!.Value;
        circuit.Ask(later).ShouldBe(new Pass(Permission.Probe, Alone: true));
        circuit.Ask(later).Permission.ShouldBe(Permission.Wait);
        circuit.Probed();
        circuit.Leave();
        circuit.Ask(later).Permission.ShouldBe(Permission.Send);
    }

    [Fact]
    public void Circuit_ProbesFail_WaitLongerEachTime()
    {
        var circuit = Circuit();
        circuit.Succeeded();
        for (var i = 0; i < 5; i++) circuit.Failed(T);
        var now = T;
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            var until = circuit.Ask(now).Until!.Value;
            waits.Add((until - now).TotalSeconds);
            now = until;
            circuit.Ask(now).Permission.ShouldBe(Permission.Probe);
            circuit.ProbeFailed(now);
            circuit.Leave();
        }

        waits.ShouldBeInOrder();
        waits[0].ShouldBe(1);
        waits[^1].ShouldBe(300);
    }

    [Fact]
    public void Circuit_RetryAfter_HoldsEverybody()
    {
        var circuit = Circuit();
        circuit.Succeeded();
        circuit.Failed(T, TimeSpan.FromMinutes(10));
        circuit.Ask(T).Until.ShouldBe(T.AddMinutes(10));
    }

    [Fact]
    public void Circuit_Holds_APassUntilNobodyMaySend()
    {
        var circuit = Circuit();
        var alone = circuit.Ask(T);
        circuit.Holds(alone).ShouldBeTrue();
        circuit.Holds(new Pass(Permission.Send)).ShouldBeFalse("one at a time after a start");
        circuit.Succeeded();
        circuit.Leave();
        var together = circuit.Ask(T);
        circuit.Holds(alone).ShouldBeTrue();
        circuit.Holds(together).ShouldBeTrue();
        circuit.Stop(T.AddMinutes(10));
        circuit.Holds(together).ShouldBeFalse();
        circuit.Reset();
        circuit.Probed();
        circuit.Holds(together).ShouldBeFalse("one at a time after a probe");
    }

    [Fact]
    public void Circuit_Stopped_IsEndedByAChangeOnly()
    {
        var circuit = Circuit();
        circuit.Stop(T.AddMinutes(10));
        circuit.Succeeded();
        circuit.Ask(T).Until.ShouldBe(T.AddMinutes(10));
        circuit.Reset();
        circuit.Ask(T).ShouldBe(new Pass(Permission.Probe, Alone: true, MostRefusals: RefusalBudget.Most, Resets: 1), "a probe is refused once, a hit up to three times");
        circuit.Probed();
        circuit.Leave();
        circuit.Ask(T).ShouldBe(new Pass(Permission.Send, Alone: true, Resets: 1), "the credentials were good a moment ago");
    }

    [Fact]
    public void Circuit_Stopped_ProbesOfItsOwnAccordWithTheSmallestShare()
    {
        var circuit = Circuit();
        circuit.Stop(T.AddMinutes(10));
        var pass = circuit.Ask(T.AddMinutes(10));
        pass.ShouldBe(new Pass(Permission.Probe, Alone: true, MostRefusals: RefusalBudget.Own));
        circuit.Postpone(pass, T.AddMinutes(30));
        circuit.Leave();
        circuit.Ask(T.AddMinutes(10)).ShouldBe(new Pass(Permission.Wait, T.AddMinutes(30)));
    }

    [Fact]
    public void Circuit_PostponedForAnEarlierConfiguration_TriesTheNewOneAtOnce()
    {
        var circuit = Circuit();
        var pass = circuit.Ask(T);
        circuit.Reset();
        circuit.Postpone(pass, T.AddHours(1));
        circuit.Leave();

        circuit.Ask(T).Permission.ShouldBe(Permission.Send);
    }

    [Fact]
    public void BatchSize_FastAnswers_GrowToTheMostAndSlowOnesHalve()
    {
        var size = new BatchSize();
        for (var i = 0; i < 20; i++) size.Answered(size.Current(200, T), TimeSpan.FromMilliseconds(100), 200);
        size.Current(200, T).ShouldBe(200);
        size.Answered(200, TimeSpan.FromSeconds(6), 200);
        size.Current(200, T).ShouldBe(100);
        size.Failed(100);
        size.Current(200, T).ShouldBe(50);
        for (var i = 0; i < 20; i++) size.Failed(size.Current(200, T));
        size.Current(200, T).ShouldBe(1);
        size.Answered(1, TimeSpan.FromMilliseconds(100), 200);
        size.Current(200, T).ShouldBe(2);
    }

    [Fact]
    public void BatchSize_HalfFullBulk_ProvesNothing()
    {
        var size = new BatchSize();
        var before = size.Current(200, T);
        size.Answered(before / 2, TimeSpan.FromMilliseconds(100), 200);
        size.Current(200, T).ShouldBe(before);
        size.Current(10, T).ShouldBe(10);
    }

    [Fact]
    public void BatchSize_TooLargeOnce_NeverReachesThatAgain()
    {
        var size = new BatchSize();
        size.TooLarge(50);
        size.Current(200, T).ShouldBe(25);
        for (var i = 0; i < 20; i++) size.Answered(size.Current(200, T), TimeSpan.FromMilliseconds(100), 200);
        size.Current(200, T).ShouldBe(25);
        size.TooLarge(25);
        size.Current(200, T).ShouldBe(12);
    }

    [Fact]
    public void BatchSize_VagueAnswer_OneByOneUntilNoneIsRefusedForAWhile()
    {
        var size = new BatchSize();
        size.RefusedAlone(T);
        size.Current(200, T).ShouldBe(50, "an order that is refused is nothing to worry about");
        size.Vague(T);
        size.Current(200, T).ShouldBe(1);
        size.RefusedAlone(T.AddSeconds(50));
        size.Current(200, T.AddSeconds(90)).ShouldBe(1);
        size.Current(200, T.AddSeconds(110)).ShouldBe(50);
    }

    [Fact]
    public void Divider_SecondFailure_HalvesDownToTheCulprit()
    {
        var divider = new Divider();
        int? cap = null;
        var sizes = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            var hits = cap ?? 16;
            sizes.Add(hits);
            divider.Failed(new Place(1, 0), new Place(hits, 0), hits);
            cap = divider.Cap(new Place(1, 0));
        }

        sizes.ShouldBe([16, 16, 8, 4, 2, 1]);
        divider.Alone.ShouldBe(1);
        divider.Passed();
        divider.Cap(new Place(2, 0)).ShouldBe(2);
        divider.Cap(new Place(17, 0)).ShouldBeNull();
    }

    [Fact]
    public void Divider_AnotherSuspect_IsJudgedAnew()
    {
        var divider = new Divider();
        for (var i = 1; i <= 5; i++) divider.Failed(new Place(1, 0), new Place(1, 0), 1).ShouldBe(i);

        divider.Failed(new Place(2, 0), new Place(2, 0), 1).ShouldBe(1);
    }

    [Fact]
    public void Jury_OthersRecordedSince_GivesUpAtOnce()
    {
        var jury = new PoisonJury();
        jury.GivesUp(5, T, T.AddSeconds(5)).ShouldBeFalse();
        jury.Recorded(T.AddSeconds(6));
        jury.GivesUp(4, T, T.AddSeconds(7)).ShouldBeFalse();
        jury.GivesUp(5, T, T.AddSeconds(7)).ShouldBeTrue();
    }

    [Fact]
    public void Jury_NothingRecorded_GivesUpEverMoreRarely()
    {
        var jury = new PoisonJury();
        var givenUp = Enumerable.Range(0, 24 * 60).Count(minute => jury.GivesUp(9, T, T.AddMinutes(minute)));
        givenUp.ShouldBeInRange(5, 20);
    }

    [Fact]
    public void TokenBucket_Take_KeepsTheRate()
    {
        var bucket = new TokenBucket();
        bucket.Take(1000, T).ShouldBe(TimeSpan.Zero);
        bucket.Limit(10);
        bucket.Take(10, T).ShouldBe(TimeSpan.Zero);
        bucket.Take(1, T).TotalSeconds.ShouldBe(0.1, 0.01);
        bucket.Take(30, T.AddSeconds(1)).ShouldBe(TimeSpan.Zero);
        bucket.Take(1, T.AddSeconds(1)).TotalSeconds.ShouldBe(2.1, 0.01);
    }

    [Fact]
    public void Clock_Learn_SmoothsNoiseAndFollowsJumps()
    {
        var clock = new DestinationClock();
        clock.Now(T).ShouldBe(T);
        clock.Learn(T.AddSeconds(-5), T);
        clock.Offset.ShouldBe(TimeSpan.FromSeconds(-5));
        clock.Learn(T.AddSeconds(-6), T);
        clock.Offset!.Value.TotalSeconds.ShouldBe(-5.2, 0.001);
        clock.Learn(T.AddMinutes(10), T);
        clock.Offset.ShouldBe(TimeSpan.FromMinutes(10));
        clock.Learn(null, T);
        clock.Now(T).ShouldBe(T.AddMinutes(10));
    }

    [Fact]
    public void FormChoice_FewHits_AreLiveAndManyABacklog()
    {
        var limits = new RequestLimits(RequestForm.Single, RequestForm.Bulk, 200, 4, null, null);
        FormChoice.Of(limits, 1).ShouldBe(RequestForm.Single);
        FormChoice.Of(limits, 10).ShouldBe(RequestForm.Bulk);
    }

    [Fact]
    public void Cut_LargeHits_StopsBeforeServersDo()
    {
        var bench = new Bench();
        var planned = new PlannedEvent(1, 0, Part.Send, bench.Event("a"), default);
        var hit = new Hit { Fields = [new("url", new string('x', 100_000))], VisitorKey = "a", Time = T };
        var hits = Enumerable.Range(0, 10).Select(i => new PlannedHit(planned, i, hit)).ToList();

        FormChoice.Cut(hits, 0, RequestForm.Bulk, 200).ShouldBe(3);
        FormChoice.Cut(hits, 0, RequestForm.Single, 200).ShouldBe(1);
        FormChoice.Cut([.. hits.Select(h => h with { Hit = hit with { Fields = [], MayBeRefused = h.Index == 2 } })], 0, RequestForm.Bulk, 200).ShouldBe(2);
    }

    private static Circuit Circuit() => new(5, Backoff, () => 1);
}
