using System.Buffers.Binary;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Signal.Log;
using Signal.Log.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>What is special to the embedded log: failures of the disk, its limits, its file.</summary>
public sealed class SqliteEventLogTests : IDisposable
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    private string LogPath => _directory.File("log.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Append_FileFull_IsRefusedAndRecoversWhenSpaceReturns()
    {
        using var log = Open(o => o with { MaxBytes = 400_000 });
        var stored = new List<string>();
        var refused = new List<string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var text = $"{worker}:{i}:{new string('x', 1000)}";
                try
                {
                    (await log.AppendAsync([Entry(text)], Stop)).ShouldBe([true]);
                    lock (stored) stored.Add(text);
                }
                catch (LogUnavailableException e)
                {
                    e.Message.ShouldContain("full");
                    lock (refused) refused.Add(text);
                }
            }
        })));
        stored.Count.ShouldBeGreaterThan(100);
        refused.Count.ShouldBeGreaterThan(100);
        // A small entry may still have found its place after the last refusal; a large one does not.
        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry(new string('y', 300_000))], Stop));
        log.Unavailable.ShouldNotBeNull().ShouldContain("full");
        (await TextsAsync(log)).ShouldBe(stored, ignoreOrder: true);

        (await log.TrimAsync(Noon.AddDays(1), null, Stop)).ShouldBe(stored.Count);

        // What was refused was not remembered as a duplicate either.
        var again = refused.Take(50).ToList();
        foreach (var text in again) (await log.AppendAsync([Entry(text)], Stop)).ShouldBe([true]);
        log.Unavailable.ShouldBeNull();
        (await TextsAsync(log)).ShouldBe(again);
    }

    [Fact]
    public async Task Append_DiskFull_IsRefusedAndRecoversWhenSpaceReturns()
    {
        using var disk = SmallDisk.TryMount(8);
        Assert.SkipWhen(disk is null, "Mounting a small file system takes root.");
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[4_000_000], Stop);
        using var log = Open(o => new SqliteLogOptions(Path.Combine(disk.Path, "log.db")) { Partitions = 2, CheckpointPages = 64 });
        var stored = new List<string>();
        LogUnavailableException? refused = null;
        for (var i = 0; refused is null && i < 10_000; i++)
        {
            var text = $"{i}:{new string('x', 2000)}";
            try
            {
                await log.AppendAsync([Entry(text)], Stop);
                stored.Add(text);
            }
            catch (LogUnavailableException e)
            {
                refused = e;
            }
        }

        refused.ShouldNotBeNull().Message.ShouldContain("full");
        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry("refused" + new string('x', 9000))], Stop));
        (await TextsAsync(log)).ShouldBe(stored);
        File.Delete(filler);
        var started = TimeProvider.System.GetTimestamp();
        while (log.Unavailable is not null && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60)) await Task.Delay(50, Stop);
        log.Unavailable.ShouldBeNull();
        await log.AppendAsync([Entry("after")], Stop);
        (await TextsAsync(log)).ShouldBe([.. stored, "after"]);
    }

    [Fact]
    public async Task Append_FileTakenAway_IsRefusedAndRecoversByItselfWhenItIsBack()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Noon);
        using var log = Open(o => o, time);
        await log.AppendAsync([Entry("before")], Stop);
        Directory.CreateDirectory(_directory.File("away"));
        Move(_directory.Path, _directory.File("away"));

        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry("lost")], Stop));
        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry("lost")], Stop));
        log.Unavailable.ShouldNotBeNull().ShouldContain("gone");

        Move(_directory.File("away"), _directory.Path);
        for (var deadline = 0; log.Unavailable is not null && deadline < 200; deadline++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Stop);
        }

        log.Unavailable.ShouldBeNull();
        await log.AppendAsync([Entry("after")], Stop);
        (await TextsAsync(log)).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task Append_FileReplacedByAnother_IsRefused()
    {
        using var log = Open();
        await log.AppendAsync([Entry("before")], Stop);
        foreach (var file in Directory.GetFiles(_directory.Path, "log.db*")) File.Delete(file);
        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry("a")], Stop));
        using (Open())
        {
        }

        var e = await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry("b")], Stop));
        e.Message.ShouldContain("replaced by another log");
    }

    [Fact]
    public async Task Append_DiskHangs_IsRefusedInTimeAndRecovers()
    {
        // Made beforehand: on a busy machine that alone may take longer than the log is about to wait.
        using (var calm = Open()) await calm.AppendAsync([Entry("before")], Stop);
        using var log = Open(o => o with { MaxWait = TimeSpan.FromMilliseconds(200), MaxWaitingCalls = 3 });
        List<Task<LogUnavailableException>> refused;
        using (var other = new SqliteConnection($"Data Source={LogPath};Pooling=False"))
        {
            other.Open();
            other.Run("BEGIN IMMEDIATE");
            refused = [.. Enumerable.Range(0, 10).Select(i => Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry($"hang{i}")], Stop)))];
            await Task.WhenAll(refused);
            log.Unavailable.ShouldNotBeNull();
            other.Run("ROLLBACK");
        }

        // Of ten, the writer holds at most the three that waited first, and three more wait.
        refused.Count(r => r.Result.Message.Contains("too many", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(4);
        refused.Count(r => r.Result.Message.Contains("not answered", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        var deadline = TimeProvider.System.GetTimestamp();
        while (log.Unavailable is not null && TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(60))
            await Task.WhenAny(log.AppendAsync([Entry("after")], Stop).AsTask());
        log.Unavailable.ShouldBeNull();
    }

    [Fact]
    public async Task Append_TooManyBytesWaiting_IsRefused()
    {
        using var log = Open(o => o with { MaxWaitingBytes = 1000 });
        var e = await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry(new string('x', 1001))], Stop));
        e.Message.ShouldContain("too many");
        (await log.AppendAsync([Entry(new string('x', 1000))], Stop)).ShouldBe([true]);
    }

    [Fact]
    public void Open_AnotherPartitionCount_FailsLoud()
    {
        Open().Dispose();
        Should.Throw<StorageException>(() => Open(o => o with { Partitions = 3 })).Message.ShouldContain("has 2 partitions and 3 are configured");
    }

    [Fact]
    public void Open_NewerFormat_FailsLoud()
    {
        Open().Dispose();
        Change("PRAGMA user_version=9");
        Should.Throw<StorageException>(() => Open()).Message.ShouldContain("newer Signal");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_SomethingElse_FailsLoud(bool database)
    {
        if (database) Change("CREATE TABLE t(a)");
        else File.WriteAllText(LogPath, "This is no database at all, but it is long enough to be looked at as one.");
        Should.Throw<StorageException>(() => Open()).Message.ShouldContain(LogPath);
    }

    [Fact]
    public void Open_DirectoryMissing_FailsLoud() =>
        Should.Throw<StorageException>(() => new SqliteEventLog(new SqliteLogOptions(_directory.File("no/log.db")), TimeProvider.System, NullLogger<SqliteEventLog>.Instance));

    [Fact]
    public async Task NewLog_InPlaceOfALostOne_GivesGreaterOffsets()
    {
        long last;
        using (var lost = Open())
        {
            await lost.AppendAsync([.. Enumerable.Range(0, 100).Select(i => Entry($"e{i}"))], Stop);
            last = (await lost.ReadAsync(0, 0, 1000, Stop))[^1].Offset;
        }

        foreach (var file in Directory.GetFiles(_directory.Path, "log.db*")) File.Delete(file);
        await Task.Delay(2, Stop);
        using var log = Open();
        await log.AppendAsync([Entry("new")], Stop);
        (await log.ReadAsync(0, 0, 10, Stop))[0].Offset.ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task Erase_LeavesNoTraceInTheFiles()
    {
        const string secret = "ada.lovelace@example.com";
        using var log = Open();
        for (var i = 0; i < 50; i++) await log.AppendAsync([Entry($"{i}:{secret}:{new string('y', i * 200)}"), Entry($"{i}:other")], Stop);
        Files().ShouldContain(secret);
        (await log.EraseAsync(p => Encoding.UTF8.GetString(p.Span).Contains(secret, StringComparison.Ordinal), Stop)).ShouldBe(50);
        Files().ShouldNotContain(secret);
    }

    [Fact]
    public async Task WriteAheadLog_UnderConstantReading_StaysSmall()
    {
        using var log = Open(o => o with { CheckpointPages = 64, Readers = 2 });
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) await log.ReadAsync(0, 0, 50, Stop);
        })).ToList();
        long largest = 0;
        for (var i = 0; i < 300; i++)
        {
            await log.AppendAsync([.. Enumerable.Range(0, 20).Select(n => Entry($"{i}:{n}:{new string('x', 2000)}"))], Stop);
            largest = Math.Max(largest, new FileInfo(LogPath + "-wal").Length);
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        // 12 MB went through; four times 64 pages and one group are allowed.
        largest.ShouldBeLessThan(3_000_000);
    }

    [Fact]
    public async Task Trim_OfMuch_GivesSpaceBack()
    {
        using var log = Open();
        for (var i = 0; i < 40; i++)
            await log.AppendAsync([.. Enumerable.Range(0, 100).Select(n => Entry($"{i}:{n}:{new string('x', 8000)}"))], Stop);
        await log.TrimAsync(Noon.AddDays(1), null, Stop);
        await log.EraseAsync(_ => false, Stop);
        log.Dispose();
        new FileInfo(LogPath).Length.ShouldBeLessThan(20_000_000);
    }

    [Fact]
    public async Task Dispose_WithCallsWaiting_WritesThem()
    {
        var log = Open();
        var calls = Enumerable.Range(0, 200).Select(i => log.AppendAsync([Entry($"e{i}")], Stop).AsTask()).ToList();
        log.Dispose();
        (await Task.WhenAll(calls)).ShouldAllBe(a => a[0]);
        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync([Entry("late")], Stop));
        using var again = Open();
        (await TextsAsync(again)).Count.ShouldBe(200);
    }

    [Fact]
    public async Task Append_ManyAtOnce_ShareCommits()
    {
        const int Callers = 16;
        const int Each = 6;
        using var log = Open(o => o with { CheckpointPages = 1_000_000 });
        await log.AppendAsync([Entry("first")], Stop);
        var before = CommitsInTheWal();

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) (await log.AppendAsync([Entry($"{caller}:{i}")], Stop)).ShouldBe([true]);
        })));

        (CommitsInTheWal() - before).ShouldBeInRange(Each, Callers * Each / 2, "each caller waits for its own; callers share");
        (await TextsAsync(log)).Count.ShouldBe((Callers * Each) + 1);
    }

    // A frame that ends a transaction tells the size of the database after it (https://sqlite.org/fileformat2.html#walformat).
    private int CommitsInTheWal()
    {
        const int Header = 32;
        const int FrameHeader = 24;
        using var wal = new FileStream(LogPath + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[wal.Length];
        wal.ReadExactly(bytes);
        var frame = FrameHeader + (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8));
        return Enumerable.Range(0, (bytes.Length - Header) / frame)
            .Select(i => bytes.AsSpan(Header + (i * frame), FrameHeader).ToArray())
            .TakeWhile(f => f.AsSpan(8, 8).SequenceEqual(bytes.AsSpan(16, 8)))
            .Count(f => BinaryPrimitives.ReadUInt32BigEndian(f.AsSpan(4)) != 0);
    }

    private SqliteEventLog Open(Func<SqliteLogOptions, SqliteLogOptions>? change = null, TimeProvider? time = null) =>
        new((change ?? (o => o))(new SqliteLogOptions(LogPath) { Partitions = 2 }), time ?? TimeProvider.System, NullLogger<SqliteEventLog>.Instance);

    private static LogAppend Entry(string text) => new(0, Partitioning.MessageKey("src_1", text), Noon, Encoding.UTF8.GetBytes(text));

    private static async Task<List<string>> TextsAsync(SqliteEventLog log) =>
        [.. (await log.ReadAsync(0, 0, 100_000, Stop)).Select(r => Encoding.UTF8.GetString(r.Payload.Span))];

    private static void Move(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "log.db*")) File.Move(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={LogPath};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }

    private string Files() => string.Concat(Directory.GetFiles(_directory.Path, "log.db*").Select(path =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }));
}
