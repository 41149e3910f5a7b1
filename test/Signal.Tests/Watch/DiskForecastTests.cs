using Shouldly;
using Signal.State;
using Signal.Watch;
using Xunit;

namespace Signal.Tests.Watch;

public class DiskForecastTests
{
    private const long Gigabyte = 1_000_000_000;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(14);

    [Fact]
    public void Growing_IsFullWhenTheLineSays()
    {
        var forecast = Of(hours: 24, perDay: 10 * Gigabyte, free: 25 * Gigabyte, oldestDays: 1);

        ((double)forecast.BytesPerDay!.Value).ShouldBe(10 * Gigabyte, Gigabyte / 100);
        forecast.FullInDays!.Value.ShouldBe(2.5, 0.01);
        forecast.LevelsOff.ShouldBeFalse();
    }

    [Fact]
    public void Growing_RetentionEndsItBefore_LevelsOff()
    {
        var forecast = Of(hours: 24, perDay: 10 * Gigabyte, free: 25 * Gigabyte, oldestDays: 12);

        (forecast.FullInDays, forecast.LevelsOff).ShouldBe((null, true), "in two days as much goes as comes");
    }

    [Fact]
    public void Growing_ThoughRetentionWorksAlready_IsForecastAllTheSame() =>
        Of(hours: 24, perDay: 10 * Gigabyte, free: 25 * Gigabyte, oldestDays: 14).FullInDays!.Value.ShouldBe(2.5, 0.01);

    [Theory]
    [InlineData(20, true)]
    [InlineData(30, false)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    public void Growing_TheLogsGreatestSizeEndsItBefore_LevelsOff(int roomGigabytes, bool levels)
    {
        var samples = Samples(24, 10 * Gigabyte).ToList();

        var forecast = DiskForecast.Of(samples, Sample(0, 50 * Gigabyte, 25 * Gigabyte), Noon.AddDays(-1), Retention, roomGigabytes * Gigabyte);

        (forecast.LevelsOff, forecast.FullInDays is null).ShouldBe((levels, levels), "a log that has reached its size is not what grows");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void NotGrowing_IsNeverFull(long perDay) =>
        Of(hours: 24, perDay: perDay * Gigabyte, free: Gigabyte, oldestDays: 1).ShouldBe(new DiskForecast(0, null, false));

    [Fact]
    public void TooLittleSeen_SaysNothing()
    {
        Of(hours: 0.9, perDay: 10 * Gigabyte, free: Gigabyte, oldestDays: 0).ShouldBe(DiskForecast.Unknown);
        DiskForecast.Of([], Sample(0, 0, Gigabyte), null, Retention).ShouldBe(DiskForecast.Unknown);
    }

    [Fact]
    public void OneSampleOffTheLine_HardlyMovesIt()
    {
        var samples = Samples(24, 10 * Gigabyte).ToList();
        samples[40] = samples[40] with { UsedBytes = samples[40].UsedBytes + Gigabyte };

        DiskForecast.Of(samples, Sample(0, 50 * Gigabyte, 25 * Gigabyte), Noon.AddDays(-1), Retention).FullInDays!.Value.ShouldBe(2.5, 0.1);
    }

    private static DiskForecast Of(double hours, long perDay, long free, double oldestDays) =>
        DiskForecast.Of([.. Samples(hours, perDay)], Sample(0, 50 * Gigabyte, free), Noon.AddDays(-oldestDays), Retention);

    private static IEnumerable<DiskSample> Samples(double hours, long perDay) =>
        Enumerable.Range(1, (int)(hours * 6)).Reverse().Select(i => Sample(i / 6.0, (50 * Gigabyte) - (long)(perDay * (i / 144.0)), Gigabyte));

    private static DiskSample Sample(double hoursAgo, long used, long free) => new(Noon.AddHours(-hoursAgo), used, free, 1000 * Gigabyte);
}
