using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Signal.Log;
using Signal.Log.Sqlite;
using Signal.Record;
using Signal.State;
using Signal.State.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>Rates of the embedded storage, run by hand in Release: <c>-class Signal.Tests.Store.StoreBench -explicit only -showLiveOutput</c>.</summary>
public sealed class StoreBench(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory(Explicit = true)]
    [InlineData(1, 1)]
    [InlineData(64, 1)]
    [InlineData(512, 1)]
    [InlineData(8, 100)]
    public async Task Append(int waiters, int entries)
    {
        using var log = new SqliteEventLog(new SqliteLogOptions(_directory.File("log.db")), TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
        var payload = new byte[800];
        Random.Shared.NextBytes(payload);
        var latencies = new List<double>[waiters];
        var end = Stopwatch.StartNew();
        long appended = 0;
        await Task.WhenAll(Enumerable.Range(0, waiters).Select(w => Task.Run(async () =>
        {
            latencies[w] = [];
            while (end.Elapsed < TimeSpan.FromSeconds(5))
            {
                var batch = new LogAppend[entries];
                for (var i = 0; i < entries; i++)
                {
                    var key = new UInt128((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64());
                    batch[i] = new LogAppend((int)(key % 16), key, TimeProvider.System.GetUtcNow(), payload);
                }

                var started = Stopwatch.GetTimestamp();
                await log.AppendAsync(batch, default);
                latencies[w].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Interlocked.Add(ref appended, entries);
            }
        })));
        var sorted = latencies.SelectMany(l => l).Order().ToList();
        output.WriteLine($"{waiters} waiters x {entries}: {appended / end.Elapsed.TotalSeconds:N0}/s, p50 {sorted[sorted.Count / 2]:0.00} ms, p99 {sorted[sorted.Count * 99 / 100]:0.00} ms, max {sorted[^1]:0} ms");

        var read = Stopwatch.StartNew();
        long count = 0;
        for (var p = 0; p < 16; p++)
        {
            IReadOnlyList<LogRecord> page;
            for (long after = 0; (page = await log.ReadAsync(p, after, 200, default)).Count > 0; after = page[^1].Offset) count += page.Count;
        }

        output.WriteLine($"read back in pages of 200: {count / read.Elapsed.TotalSeconds:N0}/s; file {new FileInfo(_directory.File("log.db")).Length / Math.Max(1, count)} bytes an event");
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(200)]
    public async Task NoteUnderWay(int events)
    {
        using var store = new SqliteUnderWayStore(_directory.File("sending.db"), TimeProvider.System);
        var latencies = new List<double>();
        for (var n = 0; n < 20_000; n++)
        {
            var note = Enumerable.Range(0, events).Select(i => new UnderWay(n + i, 1, true)).ToList();
            var started = Stopwatch.GetTimestamp();
            await store.NoteAsync("int_1", n % 16, note, default);
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        latencies.Sort();
        output.WriteLine($"a note of {events}: p50 {latencies[10_000]:0.000} ms, p99 {latencies[19_800]:0.000} ms, max {latencies[^1]:0.0} ms");
    }

    [Theory(Explicit = true)]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(64, 1)]
    [InlineData(4, 100)]
    public async Task Settle(int lanes, int records)
    {
        using var database = new SqliteStateDatabase(_directory.File("state.db"));
        var store = new State.Sql.SqlDeliveryStore(database, new State.Sql.ConsentCache());
        var end = Stopwatch.StartNew();
        long settled = 0;
        var at = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(async () =>
        {
            Cursor? cursor = null;
            while (end.Elapsed < TimeSpan.FromSeconds(5))
            {
                var next = new Cursor((cursor?.Offset ?? 0) + records, 0, []);
                await store.SettleAsync(
                    new Settlement
                    {
                        IntegrationId = "int_1",
                        Lane = "int_1",
                        Partition = lane,
                        Expected = cursor,
                        Next = next,
                        Records = [.. Enumerable.Range(0, records).Select(_ => Record(at.AddMilliseconds(end.ElapsedMilliseconds)))],
                        Visitors = [new VisitorRow($"visitor-{Random.Shared.Next(100_000)}", null, "{\"cart\":[],\"pv\":\"abc123\"}", at)],
                        Counts = [new CountDelta("int_1", "delivered", at, records)],
                    },
                    default);
                Interlocked.Increment(ref settled);
                cursor = next;
            }
        })));
        output.WriteLine($"{lanes} lanes x {records} records: {settled / end.Elapsed.TotalSeconds:N0} settlements/s, {settled * records / end.Elapsed.TotalSeconds:N0} records/s");
    }

    [Fact(Explicit = true)]
    public async Task RecordPages_OfAMillion()
    {
        using var database = new SqliteStateDatabase(_directory.File("state.db"));
        var store = new State.Sql.SqlDeliveryStore(database, new State.Sql.ConsentCache());
        var at = TimeProvider.System.GetUtcNow();
        var fill = Stopwatch.StartNew();
        Cursor? cursor = null;
        for (var i = 0; i < 1000; i++)
        {
            var batch = Enumerable.Range(i * 1000, 1000).Select(n => Record(at.AddSeconds(n)) with
            {
                IntegrationId = $"int_{n % 4}",
                Event = n % 100_000 == 7 ? "Rare" : n % 50 == 0 ? "Order Completed" : "Product Viewed",
                Outcome = n % 1000 == 3 ? DeliveryOutcome.Dropped : DeliveryOutcome.Delivered,
                Reason = n % 1000 == 3 ? "consent_denied" : null,
            });
            var next = new Cursor(i + 1, 0, []);
            await store.SettleAsync(new Settlement { IntegrationId = "int_0", Lane = "int_0", Partition = 0, Expected = cursor, Next = next, Records = [.. batch] }, default);
            cursor = next;
        }

        output.WriteLine($"filled in {fill.Elapsed.TotalSeconds:0} s, {1_000_000 / fill.Elapsed.TotalSeconds:N0}/s, file {new FileInfo(_directory.File("state.db")).Length >> 20} MiB");
        foreach (var filter in new[]
        {
            new RecordFilter("int_1"), new RecordFilter(), new RecordFilter("int_1", Before: new RecordPosition(at.AddSeconds(500_000), "evt")),
            new RecordFilter("int_3", DeliveryOutcome.Dropped), new RecordFilter("int_3", Reason: "consent_denied"), new RecordFilter("int_2", Event: "Order Completed"),
            new RecordFilter("int_3", Event: "Rare"), new RecordFilter("int_1", MessageId: "nothing"), new RecordFilter("int_1", Visitor: "visitor-17"),
            new RecordFilter("int_1", EventId: "evt_nothing"), new RecordFilter("int_1", Text: "not there"),
            new RecordFilter("int_1", From: at.AddSeconds(300_000), To: at.AddSeconds(300_100)),
        })
        {
            await store.RecordsAsync(filter, default);
            var started = Stopwatch.StartNew();
            var rows = await store.RecordsAsync(filter, default);
            output.WriteLine($"{started.Elapsed.TotalMilliseconds:0.0} ms, {rows.Count} rows: {filter}");
        }

        var search = Stopwatch.StartNew();
        var part = await store.PageAsync(new RecordFilter("int_1", Text: "not there"), default);
        output.WriteLine($"{search.Elapsed.TotalMilliseconds:0.0} ms for the first answer of a search by text, back to {part.Next}");
        var trim = Stopwatch.StartNew();
        var removed = await store.TrimAsync(at.AddSeconds(200_000), at, at, at, default);
        output.WriteLine($"trimmed {removed:N0} in {trim.Elapsed.TotalSeconds:0.0} s");
    }

    private static DeliveryRecord Record(DateTimeOffset at) => new()
    {
        IntegrationId = "int_1",
        EventId = Signal.Events.Ids.New("evt", at),
        MessageId = Guid.NewGuid().ToString(),
        Type = "track",
        Event = "Product Viewed",
        AnonymousId = $"visitor-{Random.Shared.Next(100_000)}",
        ReceivedAt = at,
        DeliveredAt = at,
        Outcome = DeliveryOutcome.Delivered,
        StatusCode = 200,
        Attempts = 1,
        LatencyMs = 20,
        Revision = 3,
        Request = "idsite=1&rec=1&apiv=1&token_auth=***&cip=198.51.100.17&_id=0123456789abcdef&cid=0123456789abcdef&url=https%3A%2F%2Fshop.example.com%2Fp%2F17%3Futm_source%3Dnews&urlref=https%3A%2F%2Fshop.example.com%2F&action_name=Espresso%20machine&cdt=1771846400&pv_id=abc123&ua=Mozilla%2F5.0%20(X11%3B%20Linux%20x86_64)%20AppleWebKit%2F537.36%20(KHTML%2C%20like%20Gecko)%20Chrome%2F126.0.0.0%20Safari%2F537.36&lang=en-GB&res=1920x1080&_pks=SKU-17&_pkn=Espresso%20machine&_pkc=Kitchen&_pkp=129.00",
        Response = "",
    };
}
