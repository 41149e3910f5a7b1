using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IDailySalts"/> must do.</summary>
public abstract class DailySaltsConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private static readonly DateOnly Today = new(2026, 3, 1);

    private IDailySalts Salts => Stores.Salts;

    [Fact]
    public async Task Of_ADay_IsTheSameUntilAndAfterReopening()
    {
        var salt = await Salts.OfAsync(Today, Stop);
        salt.Length.ShouldBe(32);
        (await Salts.OfAsync(Today, Stop)).ShouldBe(salt);
        Reopen();
        (await Salts.OfAsync(Today, Stop)).ShouldBe(salt);
    }

    [Fact]
    public async Task Of_EachDay_IsAnother() =>
        (await Salts.OfAsync(Today.AddDays(1), Stop)).ShouldNotBe(await Salts.OfAsync(Today, Stop));

    [Fact]
    public async Task Of_YesterdayAfterToday_IsStillKnown()
    {
        var yesterday = await Salts.OfAsync(Today, Stop);
        var today = await Salts.OfAsync(Today.AddDays(1), Stop);
        (await Salts.OfAsync(Today, Stop)).ShouldBe(yesterday);
        (await Salts.OfAsync(Today.AddDays(1), Stop)).ShouldBe(today);
    }

    [Fact]
    public async Task Of_TwoDaysLater_TheFirstIsForgottenForGood()
    {
        var first = await Salts.OfAsync(Today, Stop);
        await Salts.OfAsync(Today.AddDays(1), Stop);
        await Salts.OfAsync(Today.AddDays(2), Stop);
        (await Salts.OfAsync(Today, Stop)).ShouldNotBe(first);
    }

    [Fact]
    public async Task Forget_WithoutTraffic_ForgetsWhatIsHeldToo()
    {
        var first = await Salts.OfAsync(Today, Stop);
        (await Salts.ForgetAsync(Today, Stop)).ShouldBe(0);
        (await Salts.OfAsync(Today, Stop)).ShouldBe(first);
        (await Salts.ForgetAsync(Today.AddDays(1), Stop)).ShouldBe(1);
        (await Salts.OfAsync(Today, Stop)).ShouldNotBe(first);
    }

    [Fact]
    public async Task Of_ManyAtOnce_AreAllTheSame()
    {
        var salts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => Convert.ToHexString(await Salts.OfAsync(Today, Stop)))));
        salts.Distinct().ShouldHaveSingleItem();
    }
}
