using System.Collections.Concurrent;
using System.Net;
using MatomoSandbox;
using Microsoft.Data.Sqlite;
using Shouldly;
using Signal.Tests.Store;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>A backup taken while Signal runs brings back everything that was answered before it.</summary>
public sealed class BackupScenarioTests
{
    [Fact]
    public async Task TakenUnderLoad_RestoredElsewhere_DeliversEverythingAnsweredBefore()
    {
        using var elsewhere = new TemporaryDirectory();
        await using var shop = await Shop.OpenAsync();
        var acknowledged = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 20).Select(client => PostAsync(shop, client, acknowledged, stop.Token)).ToList();
        await Eventually.Async(() => shop.Paths.Count, n => n > 200, () => "deliveries before the outage");
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };
        await Eventually.Async(() => acknowledged.Count, n => n > 1_000, () => "a backlog");

        var before = acknowledged.ToHashSet();
        var backup = await Verb.RunAsync(shop.Signal.DataDirectory, $"backup {elsewhere.File("copy")}");
        var after = acknowledged.Count;
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        await shop.Signal.KillAsync();

        backup.Exit.ShouldBe(0, backup.Output);
        after.ShouldBeGreaterThan(before.Count, "nobody waited for the backup");
        shop.Paths.ToHashSet().IsSupersetOf(before).ShouldBeFalse("some of it must still wait for Matomo");
        var directory = Directory.CreateDirectory(elsewhere.File("data")).FullName;
        File.Copy(Path.Combine(shop.Signal.DataDirectory, "master.key"), Path.Combine(directory, "master.key"));
        var restore = await Verb.RunAsync(directory, $"restore {elsewhere.File("copy")}");
        restore.Exit.ShouldBe(0, restore.Output);
        shop.Faults = new SandboxFaults();
        await using var restored = await RunningSignal.StartAsync(dataDirectory: directory);
        await Eventually.Async(() => shop.Paths.ToHashSet(), p => p.IsSupersetOf(before), () => $"{before.Count} events; the program printed:\n{restored.Output}", TimeSpan.FromSeconds(180));
        shop.State.Counters.OutOfOrder.ShouldBe(0);
    }

    [Fact]
    public async Task DeliveredSinceTheBackup_PagesComeAgain_OrdersCountOnce()
    {
        using var elsewhere = new TemporaryDirectory();
        await using var shop = await Shop.OpenAsync();
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };
        var visitor = Some.Visitor();
        await shop.PageAsync(visitor, "/basket");
        await shop.TrackAsync(visitor, "Order Completed", new { order_id = "B-1", revenue = 12 });

        var backup = await Verb.RunAsync(shop.Signal.DataDirectory, $"backup --with-key {elsewhere.File("copy.tar")}");
        backup.Exit.ShouldBe(0, backup.Output);
        shop.Faults = new SandboxFaults();
        await shop.SettledAsync(2);
        await shop.Signal.KillAsync();
        shop.State.Conversions.ShouldHaveSingleItem();
        var directory = elsewhere.File("data");
        Directory.CreateDirectory(directory);
        (await Verb.RunAsync(directory, $"restore {elsewhere.File("copy.tar")}")).Exit.ShouldBe(0);
        await using var restored = await RunningSignal.StartAsync(dataDirectory: directory);

        var rows = await restored.EventsAsync(shop.IntegrationId, 2);
        rows.Single(r => r.GetProperty("event").GetString() == "Order Completed").GetProperty("reason").GetString().ShouldBe("already_recorded");
        shop.State.Conversions.ShouldHaveSingleItem().Revenue.ShouldBe(12);
        shop.Paths.Count(p => p == "/basket").ShouldBe(2, "docs/operate/backup.md says so");
    }

    [Fact]
    public async Task Backup_BesideARunningProcess_StandsInItsAuditLog()
    {
        using var elsewhere = new TemporaryDirectory();
        await using var signal = await RunningSignal.StartAsync();

        (await Verb.RunAsync(signal.DataDirectory, $"backup --with-key {elsewhere.File("copy")}")).Exit.ShouldBe(0);

        var entry = (await signal.GetAdminAsync("audit-logs?action=backup.taken")).GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        (entry.GetProperty("actor").GetString(), entry.GetProperty("resource_id").GetString()).ShouldBe(("token:command line", elsewhere.File("copy")));
        var changes = entry.GetProperty("changes");
        changes.GetProperty("with_key").GetProperty("new").GetBoolean().ShouldBeTrue();
        changes.GetProperty("account").GetProperty("new").GetString().ShouldBe(Environment.UserName);
        changes.GetProperty("machine").GetProperty("new").GetString().ShouldBe(Environment.MachineName);
        changes.GetProperty("bytes").GetProperty("new").GetInt64().ShouldBeGreaterThan(4096);

        await signal.StopAsync();
        (await Verb.RunAsync(signal.DataDirectory, $"backup {elsewhere.File("second")}")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task BackupAndRestoreWhileStopped_StandInTheAuditLogOfTheNextStart_Once()
    {
        using var elsewhere = new TemporaryDirectory();
        using var restored = new TemporaryDirectory();
        await using var signal = await RunningSignal.StartAsync();
        await signal.StopAsync();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        (await Verb.RunAsync(signal.DataDirectory, $"backup --with-key {elsewhere.File("copy.tar")}")).Exit.ShouldBe(0);
        (await Verb.RunAsync(restored.Path, $"restore {elsewhere.File("copy.tar")}")).Exit.ShouldBe(0);
        var after = DateTimeOffset.UtcNow;
        File.AppendAllText(Path.Combine(signal.DataDirectory, "signal.notes"), "{\"cut short");

        await signal.RestartAsync();
        await using var second = await RunningSignal.StartAsync(dataDirectory: restored.Path);

        foreach (var (where, action) in new[] { (signal, "backup.taken"), (second, "backup.restored") })
        {
            await where.StopAsync();
            await where.RestartAsync();
            var entry = (await where.GetAdminAsync($"audit-logs?action={action}")).GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
            entry.GetProperty("resource_id").GetString().ShouldBe(elsewhere.File("copy.tar"));
            entry.GetProperty("actor").GetString().ShouldBe("command line");
            entry.GetProperty("at").GetDateTimeOffset().ShouldBeInRange(before, after);
            var changes = entry.GetProperty("changes");
            changes.GetProperty("account").GetProperty("new").GetString().ShouldBe(Environment.UserName);
            changes.GetProperty("machine").GetProperty("new").GetString().ShouldBe(Environment.MachineName);
            changes.GetProperty("with_key").GetProperty("new").GetBoolean().ShouldBeTrue();
            File.Exists(Path.Combine(where.DataDirectory, "signal.notes")).ShouldBeFalse();
        }

        signal.Output.ShouldContain("1 notes for the audit log");
    }

    [Fact]
    public async Task Backup_IsForItsOwnerOnly_HasNoKey_AndOneFileEach()
    {
        using var elsewhere = new TemporaryDirectory();
        await using var shop = await Shop.OpenAsync();

        var first = await Verb.RunAsync(shop.Signal.DataDirectory, $"backup {elsewhere.Path}");
        var again = await Verb.RunAsync(shop.Signal.DataDirectory, $"backup --with-key {elsewhere.File("one.tar")}");

        first.Exit.ShouldBe(0, first.Output);
        first.Output.ShouldContain("The master key");
        again.Exit.ShouldBe(0, again.Output);
        var copy = Directory.GetDirectories(elsewhere.Path).ShouldHaveSingleItem();
        Directory.GetFiles(copy).Select(Path.GetFileName).Order().ShouldBe(["backup.json", "log.db", "state.db"]);
        foreach (var file in Directory.GetFiles(copy).Append(elsewhere.File("one.tar")))
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        using (var state = new SqliteConnection($"Data Source={Path.Combine(copy, "state.db")};Pooling=False"))
        {
            state.Open();
            using var salts = state.CreateCommand();
            salts.CommandText = "SELECT count(*) FROM daily_salts";
            salts.ExecuteScalar().ShouldBe(0L, "a day's secret is in no backup");
        }

        Directory.EnumerateFileSystemEntries(elsewhere.Path).Count().ShouldBe(2, "nothing unfinished stays");
    }

    [Fact]
    public async Task Restore_WhereItCannot_SaysWhyAndChangesNothing()
    {
        using var elsewhere = new TemporaryDirectory();
        await using var shop = await Shop.OpenAsync();
        var copy = elsewhere.File("copy");
        (await Verb.RunAsync(shop.Signal.DataDirectory, $"backup {copy}")).Exit.ShouldBe(0);
        var empty = Directory.CreateDirectory(elsewhere.File("empty")).FullName;

        await RefusedAsync(shop.Signal.DataDirectory, copy, "in use by another Signal");
        await RefusedAsync(empty, copy, "does not hold the master key");
        await RefusedAsync(empty, copy, "is not the one that opens", ("SIGNAL_MASTER_KEY", "another-key-another-key-another-key"));
        await RefusedAsync(empty, elsewhere.Path, "is no whole backup");
        await RefusedAsync(empty, elsewhere.File("nothing"), "There is no ");
        await File.WriteAllTextAsync(Path.Combine(empty, "notes.txt"), "mine");
        await RefusedAsync(empty, copy, "is not empty: it holds notes.txt");
        File.Delete(Path.Combine(empty, "notes.txt"));
        await using (var file = new FileStream(Path.Combine(copy, "log.db"), FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = 40;
            file.WriteByte(0xff);
        }

        await RefusedAsync(empty, copy, "log.db does not match its checksum", more: "--without-key");
        Directory.GetFiles(empty).Select(Path.GetFileName).ShouldBeSubsetOf(["signal.lock", "signal.pid"]);
    }

    [Fact]
    public async Task RestoreCutShort_SignalDoesNotStart()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("signal.restoring"), "");

        var (exit, output) = await Verb.RunAsync(directory.Path, "run");

        exit.ShouldBe(1);
        output.ShouldContain("was cut short");
        File.Exists(directory.File("state.db")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("state.db", "UPDATE schema_version SET version=999", "newer Signal (schema 999")]
    [InlineData("log.db", "PRAGMA user_version=999", "newer Signal (format 999")]
    public async Task Downgrade_FilesOfANewerSignal_AreRefusedClearlyAndStayAsTheyAre(string file, string change, string says)
    {
        using var elsewhere = new TemporaryDirectory();
        await using var signal = await RunningSignal.StartAsync();
        await signal.StopAsync();
        Run(Path.Combine(signal.DataDirectory, file), change);

        var (exit, output) = await Verb.RunAsync(signal.DataDirectory, "run");

        exit.ShouldBe(1);
        output.ShouldContain(says);
        output.ShouldNotContain("   at Signal.");
        var backup = await Verb.RunAsync(signal.DataDirectory, $"backup --with-key {elsewhere.File("copy")}");
        backup.Exit.ShouldBe(0, backup.Output);
        var empty = Directory.CreateDirectory(elsewhere.File("empty")).FullName;
        await RefusedAsync(empty, elsewhere.File("copy"), "was taken by a newer Signal");
    }

    private static async Task RefusedAsync(string directory, string from, string says, (string, string)? setting = null, string more = "")
    {
        var (exit, output) = await Verb.RunAsync(directory, $"restore {more} {from}", setting is { } s ? [s] : []);
        exit.ShouldBe(1, output);
        output.ShouldContain(says);
        output.ShouldNotContain("   at Signal.");
    }

    private static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task PostAsync(Shop shop, int client, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        var visitor = Some.Visitor();
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var path = $"/{client}/{n}";
            using var answer = await shop.Signal.SendAsync(shop.Key, "/v1/p", new { anonymousId = visitor, messageId = path, properties = new { url = "https://shop.example.com" + path } });
            if (answer.StatusCode == HttpStatusCode.OK) acknowledged.Add(path);
        }
    }
}
