using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Signal.Log;
using Signal.Log.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>
/// What a power cut leaves: everything up to the last fsync, and of what was being written any part, in any state. The files are copied
/// while the log is written to, what lies beyond the acknowledged is torn, and the copy must hold every acknowledged entry whole.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private const int Partitions = 3;
    private const int Page = 4096;
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(20260301);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task WriteAheadLog_TornBehindTheLastAcknowledged_KeepsEveryAcknowledgedEntry()
    {
        var acknowledged = new ConcurrentQueue<string>();
        using var stopping = new CancellationTokenSource();
        using var log = Open(_directory.File("log.db"), checkpointPages: 1_000_000);
        var writers = Enumerable.Range(0, 6).Select(writer => Task.Run(() => WriteAsync(log, writer, acknowledged, stopping.Token), Stop)).ToList();

        for (var cut = 0; cut < 25; cut++)
        {
            var before = acknowledged.Count;
            while (acknowledged.Count < before + 40) await Task.Yield();

            var promised = acknowledged.ToList();
            var safe = new FileInfo(_directory.File("log.db-wal")).Length;
            var copy = Copy($"cut{cut}");
            Tear(copy + "-wal", safe);
            await CheckAsync(copy, promised);
        }

        await stopping.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task File_TornWhileTheWriteAheadLogIsCopiedIntoIt_IsMadeWholeFromIt()
    {
        var acknowledged = new ConcurrentQueue<string>();
        string before;
        using (var log = Open(_directory.File("log.db"), checkpointPages: 1_000_000))
        {
            for (var n = 0; n < 300; n++) await AppendAsync(log, $"0:{n}:{new string('x', 700)}", acknowledged);
            before = Copy("before");
        }

        // Closing has copied everything into the file; between these two states lies every state of a checkpoint.
        var (old, complete) = (await File.ReadAllBytesAsync(before, Stop), await File.ReadAllBytesAsync(_directory.File("log.db"), Stop));
        complete.Length.ShouldBeGreaterThan(old.Length);
        for (var cut = 0; cut < 25; cut++)
        {
            var copy = Copy($"checkpoint{cut}", before);
            await File.WriteAllBytesAsync(copy, Mixed(old, complete), Stop);
            await CheckAsync(copy, [.. acknowledged]);
        }
    }

    private static async Task WriteAsync(SqliteEventLog log, int writer, ConcurrentQueue<string> acknowledged, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++) await AppendAsync(log, $"{writer}:{n}:{new string('x', n * 37 % 5_000)}", acknowledged);
    }

    private static async Task AppendAsync(SqliteEventLog log, string text, ConcurrentQueue<string> acknowledged)
    {
        var writer = text.Split(':')[0];
        var entry = new LogAppend(Partitioning.Of("src", writer, Partitions), Partitioning.MessageKey("src", text), Noon, Encoding.UTF8.GetBytes(text));
        (await log.AppendAsync([entry], Stop)).ShouldBe([true]);
        acknowledged.Enqueue(text);
    }

    private static async Task CheckAsync(string path, IReadOnlyList<string> promised)
    {
        using var log = Open(path);
        var found = new List<string>();
        for (var p = 0; p < Partitions; p++)
            found.AddRange((await log.ReadAsync(p, 0, int.MaxValue, Stop)).Select(r => Encoding.UTF8.GetString(r.Payload.Span)));

        promised.Except(found).ShouldBeEmpty("what was acknowledged must be there, whole");
        found.ShouldBeUnique();
        foreach (var writer in found.GroupBy(f => f.Split(':')[0]))
            writer.Select(f => int.Parse(f.Split(':')[1])).ShouldBe(Enumerable.Range(0, writer.Count()), "in order and without a gap");
        await AppendAsync(log, "after:0:", new ConcurrentQueue<string>());
        (await log.AppendAsync([new LogAppend(0, Partitioning.MessageKey("src", promised[^1]), Noon, ReadOnlyMemory<byte>.Empty)], Stop)).ShouldBe([false], "and is still known as a duplicate");
    }

    private string Copy(string name, string? from = null)
    {
        var (source, copy) = (from ?? _directory.File("log.db"), _directory.File(name));
        foreach (var suffix in new[] { "", "-wal" })
        {
            using var read = new FileStream(source + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var write = File.Create(copy + suffix);
            read.CopyTo(write);
        }

        return copy;
    }

    /// <summary>Cuts the file off, or leaves noise, anywhere behind what was safe.</summary>
    private void Tear(string path, long safe)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength(safe + _random.NextInt64(file.Length - safe + 1));
        file.Seek(safe + _random.NextInt64(file.Length - safe + 1), SeekOrigin.Begin);
        var noise = new byte[_random.Next(3 * Page)];
        _random.NextBytes(noise);
        file.Write(noise);
    }

    private byte[] Mixed(byte[] old, byte[] complete)
    {
        var mixed = new byte[_random.Next(old.Length, complete.Length + 1)];
        for (var at = 0; at < mixed.Length; at += Page)
        {
            var page = mixed.AsSpan(at, Math.Min(Page, mixed.Length - at));
            var written = _random.Next(3);
            if (written == 0 && at + page.Length <= old.Length) old.AsSpan(at, page.Length).CopyTo(page);
            else if (written == 1) _random.NextBytes(page);
            else complete.AsSpan(at, page.Length).CopyTo(page);
        }

        return mixed;
    }

    private static SqliteEventLog Open(string path, int checkpointPages = 4096) =>
        new(new SqliteLogOptions(path) { Partitions = Partitions, CheckpointPages = checkpointPages }, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Noon), NullLogger<SqliteEventLog>.Instance);
}
