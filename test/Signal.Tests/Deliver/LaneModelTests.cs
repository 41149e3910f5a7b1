using Shouldly;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>
/// Random traffic, faults, crashes, rebalances (processes that own one partition at once, each going on while another waits for an
/// answer) and configuration changes against a destination that remembers everything.
/// The laws: nothing lost, nothing reordered for a visitor, an order once, every repetition explained by an unknown outcome and told,
/// no event applied twice to its visitor's state.
/// </summary>
public class LaneModelTests
{
    /// <summary>More of them, one after another: <c>SIGNAL_TEST_SEEDS=1000</c>, beginning with another than the first: <c>SIGNAL_TEST_SEED=753</c>.</summary>
    private static readonly int Seeds = Number("SIGNAL_TEST_SEEDS", 30);

    private static readonly int First = Number("SIGNAL_TEST_SEED", 1);

    [Fact]
    public async Task Lanes_UnderRandomFaults_KeepTheLaws()
    {
        for (var seed = First; seed < First + Seeds; seed++) await RunAsync(seed);
    }

    [Theory]
    [InlineData(StoreFlaw.NoFence)]
    [InlineData(StoreFlaw.CursorStays)]
    [InlineData(StoreFlaw.StatesAreLost)]
    [InlineData(StoreFlaw.OrdersAreLost)]
    [InlineData(StoreFlaw.RecordsAreLost)]
    [InlineData(StoreFlaw.DeadLettersAreLost)]
    [InlineData(StoreFlaw.OvertakenIsLost)]
    [InlineData(StoreFlaw.UnderWayIsLost)]
    public async Task Laws_OverAStoreWithAFlaw_AreBroken(object flaw)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var broken = await Xunit.Record.ExceptionAsync(() => RunAsync(seed, (StoreFlaw)flaw));
            if (broken is not null) return;
        }

        Assert.Fail($"No law of {Seeds} stories notices that {flaw}.");
    }

    private static int Number(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : otherwise;

    private static async Task RunAsync(int seed, StoreFlaw? flaw = null)
    {
        var model = new LaneModel(seed, flaw);
        try
        {
            await model.RunAsync();
            model.NothingIsLost();
            model.NothingIsReordered();
            model.OrdersAreCountedOnce();
            model.RepetitionsAreExplained();
            model.RepetitionsAreTold();
            model.StatesAreAppliedOnce();
        }
        catch (Exception e)
        {
            throw new ShouldAssertException($"Seed {seed} broke a law: {e.Message}", e);
        }
    }
}
