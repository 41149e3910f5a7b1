using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Signal.Log;
using Signal.Log.Sqlite;
using Signal.State;
using Signal.State.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>
/// The same program, started again as a process that appends and settles for ever and prints what was acknowledged, to be killed.
/// It is an explicit test, because a test program has no other way in.
/// </summary>
public sealed class CrashChild
{
    private const string Variable = "SIGNAL_TEST_CRASH_CHILD";

    private const int Appenders = 8;

    public static Process Start(string directory)
    {
        var assembly = typeof(CrashChild).Assembly.Location;
        var program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null)!;
        string[] test = ["-method", $"{typeof(CrashChild).FullName}.{nameof(Child_RunsUntilKilled)}", "-explicit", "only"];
        var start = File.Exists(program) ? new ProcessStartInfo(program, test) : new ProcessStartInfo("dotnet", [assembly, .. test]);
        start.RedirectStandardOutput = true;
        start.Environment[Variable] = directory;
        return Process.Start(start)!;
    }

    /// <summary>The child's whole life; as a test of the suite it would never end, so it runs only where it was asked for.</summary>
    [Fact(Explicit = true)]
    public Task Child_RunsUntilKilled()
    {
        var directory = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(directory), "Started by CrashTests only.");
        return RunAsync(directory!);
    }

    private static async Task RunAsync(string directory)
    {
        using var storage = new SqliteStorage(new SqliteStorageOptions(directory) { Partitions = 4 }, TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
        var output = TextWriter.Synchronized(new StreamWriter(System.Console.OpenStandardOutput()) { AutoFlush = true });
        var work = Enumerable.Range(0, Appenders).Select(a => Task.Run(() => AppendAsync(storage.Log, a, output))).ToList();
        work.Add(Task.Run(() => SettleAsync(storage.Deliveries, output)));
        await Task.WhenAll(work);
    }

    private static async Task AppendAsync(IEventLog log, int appender, TextWriter output)
    {
        for (var i = 0; ; i++)
        {
            var text = $"{appender}:{i}";
            var entry = new LogAppend(appender % 4, Partitioning.MessageKey("src", text), TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(text + new string('.', i % 3000)));
            if ((await log.AppendAsync([entry], CancellationToken.None))[0]) await output.WriteLineAsync($"append {text}");
        }
    }

    private static async Task SettleAsync(State.Sql.SqlDeliveryStore store, TextWriter output)
    {
        Cursor? at = null;
        for (var i = 1; ; i++)
        {
            var next = new Cursor(i, 0, []);
            var record = Conformance.DeliveryStoreConformance.Record($"evt_{i:D8}");
            var settled = await store.SettleAsync(
                new Settlement { IntegrationId = "int_1", Lane = "int_1", Partition = 0, Expected = at, Next = next, Records = [record] }, CancellationToken.None);
            if (!settled) throw new InvalidOperationException("The fence refused its own lane.");
            await output.WriteLineAsync($"settle {i}");
            at = next;
        }
    }
}
