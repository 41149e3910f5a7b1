using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Signal.Log.Sqlite;
using Signal.State;
using Signal.State.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

public sealed class CrashTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Kill9_WhileAppendingAndSettling_LosesNothingAcknowledged()
    {
        var acknowledged = new HashSet<string>();
        var settled = 0;
        foreach (var target in new[] { 1_500, 3_000 })
        {
            using var child = CrashChild.Start(_directory.File($"data{target}"));
            var lines = 0;
            while (lines < target && await child.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("append ", StringComparison.Ordinal)) acknowledged.Add(line["append ".Length..]).ShouldBeTrue();
                else if (line.StartsWith("settle ", StringComparison.Ordinal)) settled = int.Parse(line["settle ".Length..]);
                else continue;
                lines++;
            }

            child.Kill();
            await child.WaitForExitAsync();
            lines.ShouldBe(target);

            using var storage = new SqliteStorage(new SqliteStorageOptions(_directory.File($"data{target}")) { Partitions = 4 }, TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
            await CheckLogAsync(storage, acknowledged);
            await CheckStateAsync(storage, settled);
            acknowledged.Clear();
        }
    }

    private static async Task CheckLogAsync(SqliteStorage storage, HashSet<string> acknowledged)
    {
        var found = new List<string>();
        for (var p = 0; p < 4; p++)
        {
            foreach (var record in await storage.Log.ReadAsync(p, 0, 1_000_000, CancellationToken.None))
                found.Add(Encoding.UTF8.GetString(record.Payload.Span).TrimEnd('.'));
        }

        found.ShouldBeUnique();
        acknowledged.Except(found).ShouldBeEmpty();
        // Each appender waits for its answers: at most one entry more than was seen acknowledged by the kill, and no gap.
        foreach (var appender in found.GroupBy(f => f.Split(':')[0]))
        {
            var numbers = appender.Select(f => int.Parse(f.Split(':')[1])).ToList();
            numbers.ShouldBe(Enumerable.Range(0, numbers.Count));
        }
    }

    private static async Task CheckStateAsync(SqliteStorage storage, int settled)
    {
        var cursor = await storage.Deliveries.CursorAsync("int_1", 0, CancellationToken.None);
        cursor!.Offset.ShouldBeGreaterThanOrEqualTo(settled);
        (await storage.Deliveries.RecordsAsync(new RecordFilter("int_1", Limit: 1_000_000), CancellationToken.None)).Count.ShouldBe((int)cursor.Offset);
    }
}
