using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Log;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IEventLog"/> must do. A subclass names one implementation.</summary>
public abstract class EventLogConformance : IAsyncLifetime
{
    protected const int Partitions = 4;

    private static readonly CancellationToken Stop = CancellationToken.None;

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 23, 50, 0, TimeSpan.Zero));

    private IEventLog Log { get; set; } = null!;

    /// <summary>Opens the log; what an earlier one of this test wrote must be there.</summary>
    protected abstract IEventLog Open();

    /// <summary>Closes a log in good order.</summary>
    protected abstract void Close(IEventLog log);

    public ValueTask InitializeAsync()
    {
        Log = Open();
        return default;
    }

    public virtual ValueTask DisposeAsync()
    {
        Close(Log);
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task Append_ManyEntries_AreReadInOrderPerPartition()
    {
        var appended = await Log.AppendAsync([.. Enumerable.Range(0, 100).Select(i => Entry(i % Partitions, $"e{i}"))], Stop);

        appended.ShouldAllBe(a => a);
        for (var p = 0; p < Partitions; p++)
        {
            var partition = p;
            var records = await Log.ReadAsync(p, 0, 1000, Stop);
            records.Select(Text).ShouldBe(Enumerable.Range(0, 100).Where(i => i % Partitions == partition).Select(i => $"e{i}"));
            records.Select(r => r.Offset).ShouldBeInOrder();
            records.Select(r => r.Offset).ShouldBeUnique();
            records[0].Offset.ShouldBeGreaterThan(0);
            records.ShouldAllBe(r => r.ReceivedAt == Time.GetUtcNow());
        }
    }

    [Fact]
    public async Task Append_Nothing_AnswersNothing() => (await Log.AppendAsync([], Stop)).ShouldBeEmpty();

    [Fact]
    public async Task Append_UnknownPartition_IsRefused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Log.AppendAsync([Entry(Partitions, "x")], Stop));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Log.AppendAsync([Entry(-1, "x")], Stop));
    }

    [Fact]
    public async Task Append_ConcurrentCalls_KeepEachCallTogether()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(call => Task.Run(async () =>
            (await Log.AppendAsync([.. Enumerable.Range(0, 7).Select(i => Entry(call % Partitions, $"{call}:{i}"))], Stop)).ShouldAllBe(a => a))));

        for (var p = 0; p < Partitions; p++)
        {
            foreach (var call in (await Log.ReadAsync(p, 0, 1000, Stop)).Select(Text).Chunk(7))
                call.ShouldBe(Enumerable.Range(0, 7).Select(i => $"{call[0].Split(':')[0]}:{i}"));
        }
    }

    [Fact]
    public async Task Append_ManyAppendersWithResends_ConservesEveryEntryOnce()
    {
        var accepted = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                // Each message is sent by two workers.
                var message = $"m{((worker / 2) * 40) + i}";
                var appended = await Log.AppendAsync([Entry(i % Partitions, message)], Stop);
                if (appended[0]) Interlocked.Increment(ref accepted);
            }
        })));

        accepted.ShouldBe(16 * 40);
        (await AllAsync()).ShouldBe(Enumerable.Range(0, 16 * 40).Select(i => $"m{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Append_SameKeyInOneCall_IsADuplicate() =>
        (await Log.AppendAsync([Entry(0, "a"), Entry(1, "a"), Entry(0, "b"), Entry(0, "a")], Stop)).ShouldBe([true, false, true, false]);

    [Fact]
    public async Task Append_SameKeyAfterReopening_IsADuplicate()
    {
        await Log.AppendAsync([Entry(0, "a")], Stop);
        Reopen();

        (await Log.AppendAsync([Entry(0, "a"), Entry(0, "b")], Stop)).ShouldBe([false, true]);
        (await AllAsync()).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    [InlineData(43_200)]
    [InlineData(86_399)]
    public async Task Append_SameKeyJustBefore24Hours_IsADuplicate(int startSeconds)
    {
        Time.Advance(TimeSpan.FromSeconds(startSeconds));
        await Log.AppendAsync([Entry(0, "a")], Stop);
        Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        (await Log.AppendAsync([Entry(0, "a")], Stop)).ShouldBe([false]);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await Log.AppendAsync([Entry(0, "a")], Stop)).ShouldBe([true]);
        (await Log.AppendAsync([Entry(0, "a")], Stop)).ShouldBe([false]);
    }

    [Fact]
    public async Task Append_SameKeyDaysLater_IsAppendedAgainAlsoAfterTrims()
    {
        for (var day = 0; day < 5; day++)
        {
            (await Log.AppendAsync([Entry(0, "a")], Stop)).ShouldBe([true]);
            await Log.TrimAsync(DateTimeOffset.MinValue.AddYears(1970), null, Stop);
            (await Log.AppendAsync([Entry(0, "a")], Stop)).ShouldBe([false]);
            Time.Advance(TimeSpan.FromHours(25));
        }

        (await AllAsync()).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Append_ClockSetBack_StillKnowsTheKeys()
    {
        await Log.AppendAsync([Entry(0, "a")], Stop);
        Time.AdjustTime(Time.GetUtcNow().AddDays(-3));
        (await Log.AppendAsync([Entry(0, "a"), Entry(0, "b")], Stop)).ShouldBe([false, true]);
        (await Log.AppendAsync([Entry(0, "b")], Stop)).ShouldBe([false]);
    }

    [Fact]
    public async Task Append_AfterCancellation_StaysUsable()
    {
        using var cancelled = new CancellationTokenSource();
        var appends = Enumerable.Range(0, 50).Select(i => Log.AppendAsync([Entry(0, $"c{i}")], cancelled.Token).AsTask()).ToList();
        await cancelled.CancelAsync();
        var answered = new List<string>();
        for (var i = 0; i < appends.Count; i++)
        {
            await Task.WhenAny(appends[i]);
            if (appends[i].IsCompletedSuccessfully) answered.Add($"c{i}");
        }

        (await Log.AppendAsync([Entry(0, "after")], Stop)).ShouldBe([true]);
        answered.Except(await AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_AfterAnOffset_ContinuesThere()
    {
        await Log.AppendAsync([.. Enumerable.Range(0, 10).Select(i => Entry(2, $"e{i}"))], Stop);
        var first = await Log.ReadAsync(2, 0, 4, Stop);
        first.Count.ShouldBe(4);
        var rest = await Log.ReadAsync(2, first[^1].Offset, 100, Stop);
        rest.Select(Text).ShouldBe(Enumerable.Range(4, 6).Select(i => $"e{i}"));
        (await Log.ReadAsync(2, rest[^1].Offset, 100, Stop)).ShouldBeEmpty();
        (await Log.ReadAsync(1, 0, 100, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_LargeAndEmptyPayloads_ComeBackAsTheyWere()
    {
        var large = new byte[300_000];
        Random.Shared.NextBytes(large);
        await Log.AppendAsync([new LogAppend(0, 1, Time.GetUtcNow(), large), new LogAppend(0, 2, Time.GetUtcNow(), ReadOnlyMemory<byte>.Empty)], Stop);
        var records = await Log.ReadAsync(0, 0, 10, Stop);
        records[0].Payload.ToArray().ShouldBe(large);
        records[1].Payload.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Wait_NothingYet_CompletesWithTheAppend()
    {
        var waits = Enumerable.Range(0, 5).Select(_ => Log.WaitAsync(1, 0, Stop)).ToList();
        await Log.AppendAsync([Entry(0, "elsewhere")], Stop);
        waits.ShouldAllBe(w => !w.IsCompleted);
        await Log.AppendAsync([Entry(1, "here")], Stop);
        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(60));
        var last = (await Log.ReadAsync(1, 0, 10, Stop))[^1].Offset;
        Log.WaitAsync(1, last, Stop).IsCompleted.ShouldBeFalse();
        Log.WaitAsync(1, last - 1, Stop).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Wait_Cancelled_Ends()
    {
        using var stop = new CancellationTokenSource();
        var wait = Log.WaitAsync(0, 0, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Extent_TellsFirstLastWaitingAndOldest()
    {
        (await Log.ExtentAsync(0, 0, Stop)).ShouldBe(new LogExtent(0, 0, 0, null));
        var start = Time.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            await Log.AppendAsync([Entry(0, $"e{i}")], Stop);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var records = await Log.ReadAsync(0, 0, 10, Stop);
        (await Log.ExtentAsync(0, 0, Stop)).ShouldBe(new LogExtent(records[0].Offset, records[4].Offset, 5, start));
        (await Log.ExtentAsync(0, records[1].Offset, Stop)).ShouldBe(new LogExtent(records[0].Offset, records[4].Offset, 3, start.AddSeconds(2)));
        (await Log.ExtentAsync(0, records[4].Offset, Stop)).ShouldBe(new LogExtent(records[0].Offset, records[4].Offset, 0, null));
    }

    [Fact]
    public async Task OffsetBefore_FindsTheLastReceivedBefore()
    {
        var start = Time.GetUtcNow();
        (await Log.OffsetBeforeAsync(0, start, Stop)).ShouldBe(0);
        // Concurrent calls stamp before they queue: neighbours may stand out of order.
        int[] seconds = [0, 1, 3, 2, 4, 6, 5, 7, 8, 9];
        await Log.AppendAsync([.. seconds.Select(s => Entry(0, $"s{s}") with { ReceivedAt = start.AddSeconds(s) })], Stop);
        var records = await Log.ReadAsync(0, 0, 100, Stop);
        for (var s = 0; s <= 11; s++)
        {
            var before = start.AddSeconds(s);
            var expected = records.Where(r => r.ReceivedAt < before).Select(r => r.Offset).DefaultIfEmpty(0).Max();
            (await Log.OffsetBeforeAsync(0, before, Stop)).ShouldBe(expected, $"before second {s}");
        }
    }

    [Fact]
    public async Task Trim_ByAge_RemovesTheOldAndNothingElse()
    {
        var start = Time.GetUtcNow();
        await Log.AppendAsync([.. Enumerable.Range(0, 2000).Select(i => Entry(i % Partitions, $"e{i}") with { ReceivedAt = start.AddSeconds(i) })], Stop);
        (await Log.TrimAsync(start.AddSeconds(1500), null, Stop)).ShouldBe(1500);
        (await AllAsync()).ShouldBe(Enumerable.Range(1500, 500).Select(i => $"e{i}"), ignoreOrder: true);
        var extent = await Log.ExtentAsync(0, 0, Stop);
        extent.Waiting.ShouldBe(125);
        extent.OldestWaiting.ShouldBe(start.AddSeconds(1500));
        (await Log.TrimAsync(start.AddSeconds(1500), null, Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task Trim_Everything_NeverGivesAnOffsetTwice()
    {
        await Log.AppendAsync([Entry(0, "a"), Entry(0, "b")], Stop);
        var last = (await Log.ReadAsync(0, 0, 10, Stop))[^1].Offset;
        await Log.TrimAsync(Time.GetUtcNow().AddDays(1), null, Stop);
        (await Log.ExtentAsync(0, 0, Stop)).Waiting.ShouldBe(0);
        Log.WaitAsync(0, 0, Stop).IsCompleted.ShouldBeFalse();
        Reopen();
        Log.WaitAsync(0, 0, Stop).IsCompleted.ShouldBeFalse();
        await Log.AppendAsync([Entry(0, "c")], Stop);
        (await Log.ReadAsync(0, 0, 10, Stop)).ShouldHaveSingleItem().Offset.ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task Trim_BySize_RemovesTheOldestFirst()
    {
        var start = Time.GetUtcNow();
        var filler = new string('x', 1000);
        await Log.AppendAsync([.. Enumerable.Range(0, 3000).Select(i => Entry(i % Partitions, $"{i}:{filler}") with { ReceivedAt = start.AddSeconds(i) })], Stop);
        var removed = await Log.TrimAsync(DateTimeOffset.UnixEpoch, 1_500_000, Stop);
        removed.ShouldBeInRange(1000, 2500);
        var left = (await AllAsync()).Select(t => int.Parse(t.Split(':')[0])).Order().ToList();
        left.Count.ShouldBe(3000 - (int)removed);
        // By age across partitions, within one step.
        left[0].ShouldBeGreaterThan((int)removed - 300);
        left[^1].ShouldBe(2999);
    }

    [Fact]
    public async Task Trim_BesideAppends_LosesNothingNew()
    {
        var start = Time.GetUtcNow();
        await Log.AppendAsync([.. Enumerable.Range(0, 2000).Select(i => Entry(i % Partitions, $"old{i}") with { ReceivedAt = start.AddDays(-1) })], Stop);
        var trim = Log.TrimAsync(start, null, Stop).AsTask();
        for (var i = 0; i < 100; i++) await Log.AppendAsync([Entry(i % Partitions, $"new{i}")], Stop);
        (await trim).ShouldBe(2000);
        (await AllAsync()).ShouldBe(Enumerable.Range(0, 100).Select(i => $"new{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Erase_SomebodysRecords_LeavesTombstones()
    {
        await Log.AppendAsync([.. Enumerable.Range(0, 1000).Select(i => Entry(i % Partitions, $"{(i % 3 == 0 ? "alice" : "bob")}:{i}"))], Stop);
        (await Log.EraseAsync(payload => Encoding.UTF8.GetString(payload.Span).StartsWith("alice", StringComparison.Ordinal), Stop)).ShouldBe(334);
        Reopen();
        var texts = new List<string>();
        for (var p = 0; p < Partitions; p++) texts.AddRange((await Log.ReadAsync(p, 0, 2000, Stop)).Select(Text));
        texts.Count.ShouldBe(1000);
        texts.Count(t => t.Length == 0).ShouldBe(334);
        texts.ShouldNotContain(t => t.StartsWith("alice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reopen_KeepsEverythingInOrder()
    {
        for (var i = 0; i < 20; i++) await Log.AppendAsync([Entry(i % Partitions, $"e{i}")], Stop);
        var before = await Log.ReadAsync(1, 0, 100, Stop);
        Reopen();
        (await Log.ReadAsync(1, 0, 100, Stop)).Select(r => (r.Offset, Text(r))).ShouldBe(before.Select(r => (r.Offset, Text(r))));
        await Log.WaitAsync(1, 0, Stop).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Unavailable_Healthy_IsNull() => Log.Unavailable.ShouldBeNull();

    protected LogAppend Entry(int partition, string text) =>
        new(partition, Partitioning.MessageKey("src_1", text), Time.GetUtcNow(), Encoding.UTF8.GetBytes(text));

    private static string Text(LogRecord record) => Encoding.UTF8.GetString(record.Payload.Span);

    private void Reopen()
    {
        Close(Log);
        Log = Open();
    }

    private async Task<List<string>> AllAsync()
    {
        var all = new List<string>();
        for (var p = 0; p < Partitions; p++) all.AddRange((await Log.ReadAsync(p, 0, 100_000, Stop)).Select(Text));
        return all;
    }
}
