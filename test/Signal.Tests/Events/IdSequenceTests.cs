using Shouldly;
using Signal.Events;
using Xunit;

namespace Signal.Tests.Events;

public class IdSequenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_WithinOneMillisecond_SortsInTheOrderMade()
    {
        var sequence = new IdSequence();

        var ids = Enumerable.Range(0, 10_000).Select(_ => sequence.Next(Now)).ToList();

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.Distinct().Count().ShouldBe(10_000);
    }

    [Fact]
    public void Next_ClockSetBack_GoesOnFromThere()
    {
        var sequence = new IdSequence();
        sequence.Next(Now);

        var id = sequence.Next(Now.AddHours(-1));

        Convert.ToInt64(id[..12], 16).ShouldBe(Now.AddHours(-1).ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Next_IsAUuidOfThatTime()
    {
        var id = Guid.ParseExact(new IdSequence().Next(Now), "N");

        id.Version.ShouldBe(7);
        id.Variant.ShouldBeInRange(8, 11);
        Convert.ToInt64(id.ToString("N")[..12], 16).ShouldBe(Now.ToUnixTimeMilliseconds());
    }
}
