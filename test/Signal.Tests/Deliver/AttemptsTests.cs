using Shouldly;
using Signal.Deliver;
using Signal.State;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

/// <summary>What is remembered of requests without an answer, over crashes.</summary>
public class AttemptsTests
{
    [Fact]
    public async Task CrashBetweenAnswerAndSettlement_TheNextRowSaysThatItMayCountTwice()
    {
        var bench = new Bench();
        var first = bench.Append("a");
        var second = bench.Append("a");
        await CrashBeforeSettlingAsync(bench);

        bench.UnderWay.Of(Bench.IntegrationId).ShouldBe([new UnderWay(1, 1, true)]);
        bench.Restart();
        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([first.Id, first.Id, second.Id]);
        var row = bench.Store.RecordOf(first.Id)!;
        row.Attempts.ShouldBe(2);
        row.Warnings.ShouldBe([Rows.MayCountTwice]);
        bench.Store.RecordOf(second.Id)!.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task CrashBetweenAnswerAndSettlement_AnOldOrderThatIsRefusedThenIsThere()
    {
        var bench = new Bench();
        bench.Destination.Limits = bench.Destination.Limits with { Remembers = TimeSpan.FromSeconds(1) };
        var order = bench.Append("a", "Order Completed", body: new { order = "O-1" });
        bench.Time.Advance(TimeSpan.FromHours(1));
        await CrashBeforeSettlingAsync(bench);
        bench.Restart();
        await bench.RunAsync();

        var row = bench.Store.RecordOf(order.Id)!;
        (row.Outcome, row.Reason).ShouldBe((DeliveryOutcome.Delivered, "already_recorded"));
        row.Warnings.ShouldBeEmpty("an order counts once");
        bench.Store.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoAnswer_ThenACrash_IsStillKnown()
    {
        var bench = new Bench();
        var e = bench.Append("a");
        var faults = new Queue<FakeFault?>([FakeFault.RecordedButNoAnswer, FakeFault.Unavailable]);
        bench.Sender.Fault = (_, _) => faults.TryDequeue(out var fault) ? fault : null;

        while (faults.Count > 0) await StepOnAsync(bench);
        bench.Restart();
        await bench.RunAsync();

        var row = bench.Store.RecordOf(e.Id)!;
        row.Attempts.ShouldBe(3);
        row.Warnings.ShouldBe([Rows.MayCountTwice]);
    }

    [Fact]
    public async Task FailedPlainly_ThenACrash_IsNotSaidToCountTwice()
    {
        var bench = new Bench();
        var e = bench.Append("a");
        var faults = new Queue<FakeFault?>([FakeFault.Unavailable]);
        bench.Sender.Fault = (_, _) => faults.TryDequeue(out var fault) ? fault : null;

        while (faults.Count > 0) await StepOnAsync(bench);
        bench.Restart();
        await bench.RunAsync();

        var row = bench.Store.RecordOf(e.Id)!;
        row.Attempts.ShouldBe(2);
        row.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task NotesCannotBeWritten_DeliveryGoesOn()
    {
        var bench = new Bench();
        bench.UnderWay.Broken = true;
        var e = bench.Append("a");

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([e.Id]);
        bench.Store.RecordOf(e.Id)!.Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    private static async Task StepOnAsync(Bench bench)
    {
        if ((await bench.StepAsync()).Wait == LaneWait.Time) bench.Time.Advance(TimeSpan.FromSeconds(30));
    }

    private static async Task CrashBeforeSettlingAsync(Bench bench)
    {
        var crashed = false;
        bench.Store.BeforeSettle = s =>
        {
            if (s.Records.Count == 0 || crashed) return;
            crashed = true;
            throw new InvalidOperationException("Killed.");
        };
        while (!crashed)
        {
            try
            {
                await bench.StepAsync();
            }
            catch (InvalidOperationException) when (crashed)
            {
                // The process is gone.
            }
        }
    }
}
