using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Log;
using Signal.Log.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>The log against a model of a few lines: any run of appends, resends, waits, trims, erasures and reopenings leaves both alike.</summary>
public sealed class SqliteEventLogModelTests
{
    private const int Partitions = 3;

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Gen.Select(Gen.Int[0, Partitions - 1], Gen.Int[0, 12]).Array[1, 6].Select(Step (entries) => new Append(entries))),
        (3, Gen.Int[1, 30 * 60].Select(Step (minutes) => new Advance(TimeSpan.FromMinutes(minutes)))),
        (1, Gen.Int[0, 72].Select(Step (hours) => new Trim(TimeSpan.FromHours(hours)))),
        (1, Gen.Int[0, 12].Select(Step (message) => new Erase(message))),
        (1, Gen.Const((Step)new Reopen())));

    [Fact]
    public void AnyRun_LeavesLogAndModelAlike() => Steps.Array[1, 40].Sample(steps => RunAsync(steps).GetAwaiter().GetResult(), iter: 60, threads: 1);

    private static async Task RunAsync(Step[] steps)
    {
        using var directory = new TemporaryDirectory();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        SqliteEventLog Open() => new(new SqliteLogOptions(directory.File("log.db")) { Partitions = Partitions, KeysOfRun = 5 }, time, NullLogger<SqliteEventLog>.Instance);
        var log = Open();
        var model = new Model();
        try
        {
            foreach (var step in steps)
            {
                var now = time.GetUtcNow();
                switch (step)
                {
                    case Append a:
                        (await log.AppendAsync([.. a.Entries.Select(e => Entry(e.Partition, e.Message, now))], default))
                            .ShouldBe(a.Entries.Select(e => model.Append(e.Partition, e.Message, now)));
                        break;
                    case Advance a:
                        time.Advance(a.By);
                        break;
                    case Trim t:
                        (await log.TrimAsync(now - t.Age, null, default)).ShouldBe(model.Trim(now - t.Age));
                        break;
                    case Erase e:
                        (await log.EraseAsync(p => Encoding.UTF8.GetString(p.Span) == $"m{e.Message}", default)).ShouldBe(model.Erase(e.Message));
                        break;
                    case Reopen:
                        log.Dispose();
                        log = Open();
                        break;
                }

                await CompareAsync(log, model);
            }
        }
        finally
        {
            log.Dispose();
        }
    }

    private static async Task CompareAsync(SqliteEventLog log, Model model)
    {
        for (var p = 0; p < Partitions; p++)
        {
            var records = await log.ReadAsync(p, 0, 1_000_000, default);
            records.Select(r => (Encoding.UTF8.GetString(r.Payload.Span), r.ReceivedAt)).ShouldBe(model.Records[p].Select(r => (r.Text, r.At)));
            var extent = await log.ExtentAsync(p, 0, default);
            extent.Waiting.ShouldBe(records.Count);
            (extent.First, extent.Last).ShouldBe(records.Count == 0 ? (0, 0) : (records[0].Offset, records[^1].Offset));
            model.Offsets(p, records.Select(r => r.Offset));
            log.WaitAsync(p, 0, default).IsCompleted.ShouldBe(records.Count > 0);
        }
    }

    private static LogAppend Entry(int partition, int message, DateTimeOffset now) =>
        new(partition, Partitioning.MessageKey("src", $"m{message}"), now, Encoding.UTF8.GetBytes($"m{message}"));

    private abstract record Step;

    private sealed record Append((int Partition, int Message)[] Entries) : Step
    {
        public override string ToString() => "Append " + string.Join(' ', Entries);
    }

    private sealed record Advance(TimeSpan By) : Step;

    private sealed record Trim(TimeSpan Age) : Step;

    private sealed record Erase(int Message) : Step;

    private sealed record Reopen : Step;

    private sealed class Model
    {
        private readonly Dictionary<int, DateTimeOffset> _keys = [];
        private readonly long[] _newest = new long[Partitions];

        public List<(string Text, DateTimeOffset At)>[] Records { get; } = [.. Enumerable.Range(0, Partitions).Select(_ => new List<(string, DateTimeOffset)>())];

        public bool Append(int partition, int message, DateTimeOffset now)
        {
            if (_keys.TryGetValue(message, out var at) && now - at < TimeSpan.FromHours(24)) return false;
            _keys[message] = now;
            Records[partition].Add(($"m{message}", now));
            return true;
        }

        public long Trim(DateTimeOffset before) => Records.Sum(r => (long)r.RemoveAll(e => e.At < before));

        public int Erase(int message) => Records.Sum(records =>
        {
            var theirs = records.Index().Where(r => r.Item.Text == $"m{message}").Select(r => r.Index).ToList();
            foreach (var i in theirs) records[i] = ("", records[i].At);
            return theirs.Count;
        });

        // Offsets grow, and one that was given is never given to another record.
        public void Offsets(int partition, IEnumerable<long> offsets)
        {
            var list = offsets.ToList();
            list.ShouldBeInOrder();
            list.ShouldBeUnique();
            if (list.Count == 0) return;
            list[^1].ShouldBeGreaterThanOrEqualTo(_newest[partition]);
            _newest[partition] = list[^1];
        }
    }
}
