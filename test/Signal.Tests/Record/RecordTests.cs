using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Record;
using Signal.State;
using Signal.Tests.Deliver;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Record;

public class RecordTests
{
    private readonly FakeTimeProvider _time = new(Bench.Start);

    [Fact]
    public async Task Counters_ManyThreads_LoseNothing()
    {
        var counters = new Counters(_time);
        var store = new FakeDeliveryStore();
        var writer = new CounterWriter(counters, store, _time, NullLogger<CounterWriter>.Instance);
        var adding = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++) counters.Add("src_1", "received");
        })));
        while (!adding.IsCompleted) await writer.WriteAsync(default);
        await adding;
        await writer.WriteAsync(default);

        store.Count("src_1", "received").ShouldBe(200_000);
    }

    [Fact]
    public async Task CounterWriter_Stopped_WritesWhatIsLeft()
    {
        var counters = new Counters(_time);
        var store = new FakeDeliveryStore();
        using var writer = new CounterWriter(counters, store, _time, NullLogger<CounterWriter>.Instance);
        await writer.StartAsync(default);
        counters.Add("src_1", "rejected:MALFORMED", 3);

        await writer.StopAsync(default);

        store.Count("src_1", "rejected:MALFORMED").ShouldBe(3);
    }

    [Fact]
    public void Recent_MoreThanTheRingHolds_KeepsTheNewest()
    {
        var feed = new EventFeed(TimeProvider.System);
        for (var i = 0; i < 2500; i++) feed.Publish(Item(i));

        var recent = feed.Recent(5000);

        recent.Count.ShouldBe(1000);
        recent[0].EventId.ShouldBe("2499");
        recent[^1].EventId.ShouldBe("1500");
        feed.Recent(2, i => i.EventId!.EndsWith('7')).Select(i => i.EventId).ShouldBe(["2497", "2487"]);
    }

    [Fact]
    public async Task Subscribe_SlowReader_MissesTheOldestAndLeavesWhenDone()
    {
        var feed = new EventFeed(TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var reader = feed.Subscribe(i => i.EventId != "1998", stop.Token);
        for (var i = 0; i < 2000; i++) feed.Publish(Item(i));

        var seen = new List<string>();
        await foreach (var item in reader)
        {
            seen.Add(item.EventId!);
            if (item.EventId == "1999") break;
        }

        seen.Count.ShouldBe(499);
        seen[0].ShouldBe("1500");
        seen.ShouldNotContain("1998");
    }

    [Fact]
    public async Task Subscribe_AfterASequence_GetsWhatWasMissedAndThenTheRest()
    {
        var feed = new EventFeed(TimeProvider.System);
        for (var i = 0; i < 5; i++) feed.Publish(Item(i));
        var last = feed.Recent(1, i => i.EventId == "2")[0].Sequence;

        var reader = feed.Subscribe(null, default, last);
        feed.Publish(Item(5));

        var seen = new List<string>();
        await foreach (var item in reader)
        {
            seen.Add(item.EventId!);
            if (seen.Count == 3) break;
        }

        seen.ShouldBe(["3", "4", "5"]);
    }

    [Fact]
    public async Task Subscribe_Cancelled_Ends()
    {
        using var stop = new CancellationTokenSource();
        await using var reader = new EventFeed(TimeProvider.System).Subscribe(null, stop.Token).GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next);
    }

    [Fact]
    public async Task Expiry_EventsOfADisabledIntegration_AreCountedWhenTheyGo()
    {
        var bench = new Bench(partitions: 2);
        bench.Append("a");
        await bench.RunAsync();
        for (var i = 0; i < 7; i++) bench.Append($"v{i}");
        bench.Log.Append(bench.Event("other") with { SourceId = "src_2" });
        bench.Time.Advance(TimeSpan.FromDays(15));
        bench.Append("late");
        var counters = new FakeCounts();

        var gone = await new Expiry(bench.Log, bench.Store, bench.Feed, counters).TrimAsync(bench.Time.GetUtcNow().AddDays(-14), null, default);

        gone.ShouldBe(9);
        counters.Sum.ShouldBe(7);
        (await bench.Log.ExtentAsync(0, 0, default)).Waiting.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Expiry_LogTooLarge_CountsWhatGoes()
    {
        var bench = new Bench();
        await bench.RunAsync();
        for (var i = 0; i < 20; i++) bench.Append("a");
        var counters = new FakeCounts();

        var gone = await new Expiry(bench.Log, bench.Store, bench.Feed, counters).TrimAsync(Bench.Start.AddDays(-14), 2000, default);

        gone.ShouldBeGreaterThan(5);
        counters.Sum.ShouldBe(gone);
    }

    [Fact]
    public async Task Retention_OneStoreFails_TheOthersAreTrimmed()
    {
        var bench = new Bench();
        bench.Append("a");
        await bench.RunAsync();
        bench.Time.Advance(TimeSpan.FromDays(60.5));
        var audit = new FakeAudit();
        var expiry = new Expiry(bench.Log, bench.Store, bench.Feed, new FakeCounts());
        using var retention = new RetentionService(expiry, bench.Store, audit, new FakeReplayStore(), bench.Consents, new FakeDailySalts(), new RetentionOptions(), bench.Time, NullLogger<RetentionService>.Instance);

        await retention.TrimAsync(default);

        bench.Store.Records.ShouldBeEmpty();
        bench.Store.StateOf(Bench.IntegrationId, "a").ShouldBeNull();
        audit.Asked.ShouldBe(bench.Time.GetUtcNow().AddDays(-400));
        bench.Consents.TrimmedBefore.ShouldBe(bench.Time.GetUtcNow().AddDays(-14), "what they left in the log may still be asked about");
    }

    private FeedItem Item(int n) => new(_time.GetUtcNow(), "accepted", "src_1", null, n.ToString(), null, null, null, null, null, null);

    private sealed class FakeCounts : ICounters
    {
        public long Sum { get; private set; }

        public void Add(string scope, string name, long by = 1)
        {
            name.ShouldBe("dropped:expired");
            Sum += by;
        }
    }

    private sealed class FakeAudit : IAuditLog
    {
        public DateTimeOffset Asked { get; private set; }

        public Task AppendAsync(AuditEntry entry, CancellationToken stop) => Task.CompletedTask;

        public Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, CancellationToken stop) => Task.FromResult<IReadOnlyList<AuditEntry>>([]);

        public Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop)
        {
            Asked = before;
            throw new IOException("audit is away");
        }
    }
}
