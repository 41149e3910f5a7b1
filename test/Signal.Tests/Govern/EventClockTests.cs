using System.Text;
using System.Text.Json;
using Shouldly;
using Signal.Govern;
using Signal.Tests.Collect;
using Xunit;

namespace Signal.Tests.Govern;

public class EventClockTests
{
    private static readonly long Now = Some.Now.ToUnixTimeMilliseconds();

    private static long? Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return EventClock.TryRead(ref reader, out var time) ? time : null;
    }

    [Theory]
    [InlineData("\"2026-03-01T12:00:00Z\"", 0)]
    [InlineData("\"2026-03-01T12:00:00.123Z\"", 123)]
    [InlineData("\"2026-03-01T12:00:00.123456789Z\"", 123)]
    [InlineData("\"2026-03-01T13:00:00+01:00\"", 0)]
    [InlineData("\"2026-03-01T13:00:00+0100\"", 0)]
    [InlineData("\"2026-03-01T12:00:00\"", 0)]
    [InlineData("\"2026-03-01 12:00:00\"", 0)]
    [InlineData("\"2026-03-01 12:00:00Z\"", 0)]
    [InlineData("\"Sun, 01 Mar 2026 12:00:00 GMT\"", 0)]
    [InlineData("1772366400000", 0)]
    [InlineData("1772366400", 0)]
    [InlineData("1772366400.5", 500)]
    [InlineData("\"1772366400000\"", 0)]
    [InlineData("1.7723664e12", 0)]
    public void TryRead_Time_IsUnixMilliseconds(string json, long beyond) => Read(json).ShouldBe(Now + beyond);

    [Theory]
    [InlineData("\"2026-03-01\"", 1772323200000)]
    [InlineData("0", 0)]
    public void TryRead_Edges_AreTaken(string json, long expected) => Read(json).ShouldBe(expected);

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("\"12:00\"")]
    [InlineData("\"\"")]
    [InlineData("\"2026-13-01T00:00:00Z\"")]
    [InlineData("\"1960-01-01T00:00:00Z\"")]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("true")]
    [InlineData("{}")]
    public void TryRead_NoTime_IsRefused(string json) => Read(json).ShouldBeNull();

    [Theory]
    [InlineData(null, null, null, 0)]
    [InlineData(-5000, null, null, -5000)]
    [InlineData(5000, null, null, 0)]
    [InlineData(null, -7000, null, -7000)]
    [InlineData(-1, -3_600_000, -3_597_000, -3000)]
    [InlineData(-1, 3_600_000, 3_603_000, -3000)]
    [InlineData(-1, 1000, 0, 0)]
    [InlineData(-5000, null, 0, -5000)]
    public void TimeOf_Fields_CancelTheSendersClock(int? timestamp, int? original, int? sent, int expected)
    {
        var e = new IncomingEvent { Timestamp = Now + timestamp, OriginalTimestamp = Now + original, SentAt = Now + sent };

        EventClock.TimeOf(e, null, Some.Now).ToUnixTimeMilliseconds().ShouldBe(Now + expected);
    }

    [Fact]
    public void TimeOf_BatchSentAt_CountsWhereTheEventHasNone()
    {
        var e = new IncomingEvent { OriginalTimestamp = Now - 9000 };

        EventClock.TimeOf(e, Now - 4000, Some.Now).ToUnixTimeMilliseconds().ShouldBe(Now - 5000);
    }

    [Fact]
    public void TimeOf_AbsurdDifference_IsNotBeforeTheEpoch() =>
        EventClock.TimeOf(new IncomingEvent { OriginalTimestamp = 0, SentAt = 253_402_300_799_999 }, null, Some.Now).ToUnixTimeMilliseconds().ShouldBe(0);
}
