using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Log;
using Signal.Log.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>How the embedded log knows what was sent again: fresh keys, runs, their filters, and files of the format before.</summary>
public sealed class MessageKeyTests : IDisposable
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private string LogPath => _directory.File("log.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Filter_HoldsEveryKeyAndFewOthers()
    {
        var keys = Enumerable.Range(0, 20_000).Select(i => Key($"m{i}")).ToList();
        var filter = new KeyFilter(keys.Count);
        foreach (var key in keys) filter.Add(key);

        var again = new KeyFilter(filter.Stored);
        keys.ShouldAllBe(k => filter.MayHold(k) && again.MayHold(k));
        Enumerable.Range(0, 20_000).Count(i => again.MayHold(Key($"other{i}"))).ShouldBeLessThan(200);
        new KeyFilter(0).MayHold(keys[0]).ShouldBeFalse();
    }

    [Fact]
    public async Task Append_KeysInManyRuns_AreKnownWithinACallAcrossCallsAndAfterReopening()
    {
        var texts = Enumerable.Range(0, 1_000).Select(i => $"m{i}").ToList();
        using (var log = Open())
        {
            foreach (var call in texts.Chunk(7)) (await log.AppendAsync([.. call.Select(Entry)], Stop)).ShouldAllBe(a => a);
            (await log.AppendAsync([.. texts.Select(Entry)], Stop)).ShouldAllBe(a => !a);
        }

        Number("SELECT count(*) FROM key_runs").ShouldBeGreaterThan(5);
        using var again = Open();
        (await again.AppendAsync([.. texts.Select(Entry), Entry("new"), Entry("new")], Stop)).Count(a => a).ShouldBe(1);
    }

    [Fact]
    public async Task Append_MoreKeysThanOneRowOfARunHolds_AreAllFound()
    {
        using var log = Open(keysOfRun: 3_000);
        var entries = Enumerable.Range(0, 3_000).Select(i => Entry($"m{i}")).ToList();
        await log.AppendAsync(entries, Stop);
        Number("SELECT count(*) FROM key_rows").ShouldBe(12);
        (await log.AppendAsync(entries, Stop)).ShouldAllBe(a => !a);
    }

    [Fact]
    public async Task Append_FewKeysADay_ArePutAwayAndExpire()
    {
        using var log = Open();
        for (var hour = 0; hour < 100; hour++)
        {
            (await log.AppendAsync([Entry($"m{hour}")], Stop)).ShouldBe([true]);
            (await log.AppendAsync([Entry($"m{Math.Max(0, hour - 23)}")], Stop)).ShouldBe([false]);
            _time.Advance(TimeSpan.FromHours(1));
        }

        Number("SELECT count(*) FROM fresh_keys").ShouldBeLessThanOrEqualTo(25);
        await log.TrimAsync(DateTimeOffset.UnixEpoch, null, Stop);
        Number("SELECT count(*) FROM key_runs").ShouldBeLessThanOrEqualTo(2);
        (await log.AppendAsync([Entry("m90"), Entry("m10")], Stop)).ShouldBe([false, true]);
    }

    [Fact]
    public async Task Trim_KeysOfYesterday_LeavesNoneInTheFile()
    {
        using var log = Open();
        await log.AppendAsync([.. Enumerable.Range(0, 1_000).Select(i => Entry($"m{i}"))], Stop);
        _time.Advance(TimeSpan.FromHours(24));
        await log.TrimAsync(DateTimeOffset.UnixEpoch, null, Stop);
        Number("SELECT (SELECT count(*) FROM key_runs) + (SELECT count(*) FROM key_rows)").ShouldBe(0);
    }

    [Fact]
    public async Task Open_FileOfFormatOne_StillKnowsItsKeys()
    {
        var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
        using (var log = Open()) await log.AppendAsync([Entry("record")], Stop);
        Run("DROP TABLE fresh_keys; DROP TABLE key_runs; DROP TABLE key_rows; PRAGMA user_version=1");
        foreach (var day in new[] { 20512, 20513 }) Run($"CREATE TABLE keys_{day}(key BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID");
        Run($"INSERT INTO keys_20513 VALUES(x'{Key("today"):x32}',{at - 1000}); INSERT INTO keys_20512 VALUES(x'{Key("yesterday"):x32}',{at - 80_000_000}),(x'{Key("old"):x32}',{at - 86_400_000})");

        using var again = Open();
        (await again.AppendAsync([Entry("today"), Entry("yesterday"), Entry("old"), Entry("new")], Stop)).ShouldBe([false, false, true, true]);
        Number("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'keys%'").ShouldBe(0);
        Number("PRAGMA user_version").ShouldBe(2);
        (await again.ReadAsync(0, 0, 10, Stop)).Count.ShouldBe(3);
    }

    private SqliteEventLog Open(int keysOfRun = 100) =>
        new(new SqliteLogOptions(LogPath) { Partitions = 1, KeysOfRun = keysOfRun }, _time, NullLogger<SqliteEventLog>.Instance);

    private LogAppend Entry(string text) => new(0, Key(text), _time.GetUtcNow(), Encoding.UTF8.GetBytes(text));

    private static UInt128 Key(string text) => Partitioning.MessageKey("src_1", text);

    private long Number(string sql)
    {
        using var connection = Connect();
        return connection.Number(sql)!.Value;
    }

    private void Run(string sql)
    {
        using var connection = Connect();
        connection.Run(sql);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={LogPath};Pooling=False");
        connection.Open();
        return connection;
    }
}
