using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Signal.Log;
using Signal.Log.Sqlite;
using Signal.State;
using Signal.State.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>The directory, its lock, the state's file, and how it all is put together.</summary>
public sealed class SqliteStorageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Open_DirectoryInUse_NamesTheOther()
    {
        using var first = Open();
        var e = Should.Throw<StorageException>(() => Open());
        e.Message.ShouldContain(_directory.Path);
        e.Message.ShouldContain($"process {Environment.ProcessId}");
        e.Message.ShouldContain("SIGNAL_DATA_DIR");
    }

    [Fact]
    public void Open_AfterDispose_Works()
    {
        Open().Dispose();
        Open().Dispose();
    }

    [Fact]
    public void Open_NewDirectory_IsForItsOwnerOnly()
    {
        using var storage = new SqliteStorage(new SqliteStorageOptions(_directory.File("a/b")), TimeProvider.System, NullLogger<SqliteEventLog>.Instance);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(_directory.File("a/b")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Open_DirectoryIsAFile_FailsLoud()
    {
        File.WriteAllText(_directory.File("file"), "");
        Should.Throw<StorageException>(() => new SqliteStorage(new SqliteStorageOptions(_directory.File("file")), TimeProvider.System, NullLogger<SqliteEventLog>.Instance))
            .Message.ShouldContain("file");
    }

    [Fact]
    public void Open_StateOfANewerProgram_FailsLoudAndLetsGoOfTheDirectory()
    {
        Open().Dispose();
        Change("UPDATE schema_version SET version=version+97");
        Should.Throw<StorageException>(() => Open()).Message.ShouldContain("schema");
        Change("UPDATE schema_version SET version=version-97");
        Open().Dispose();
    }

    [Fact]
    public void Open_ShortMasterKey_FailsLoud() =>
        Should.Throw<StorageException>(() => new SqliteStorage(
            new SqliteStorageOptions(_directory.Path) { MasterKey = "short" }, TimeProvider.System, NullLogger<SqliteEventLog>.Instance)).Message.ShouldContain("32");

    [Fact]
    public async Task State_FileTakenAway_IsRefusedAndRecovers()
    {
        using var storage = Open();
        Directory.CreateDirectory(_directory.File("away"));
        await storage.Deliveries.CountAsync([new CountDelta("s", "n", DateTimeOffset.UnixEpoch, 1)], default);
        Move(_directory.Path, _directory.File("away"));
        for (var i = 0; i < 2; i++)
            await Should.ThrowAsync<StateUnavailableException>(() => storage.Deliveries.CountAsync([new CountDelta("s", "n", DateTimeOffset.UnixEpoch, 10)], default));
        Move(_directory.File("away"), _directory.Path);
        await storage.Deliveries.CountAsync([new CountDelta("s", "n", DateTimeOffset.UnixEpoch, 100)], default);
        (await storage.Deliveries.CountsAsync("s", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), TimeSpan.FromDays(1), default))
            .ShouldHaveSingleItem().Count.ShouldBe(101);
    }

    [Fact]
    public async Task State_DeletionCutShort_IsFinishedAtTheNextStart()
    {
        using (var storage = Open())
        {
            await storage.Deliveries.SettleAsync(
                new Settlement { IntegrationId = "int_1", Lane = "int_1", Partition = 0, Expected = null, Next = new Cursor(1, 0, []), Visitors = [new("ada", "u", "{}", DateTimeOffset.UnixEpoch)] }, default);
        }

        Change("INSERT INTO leftovers VALUES('integration', 'int_1')");
        using var again = Open();
        await again.StartAsync(default);
        (await again.Deliveries.VisitorsAsync("int_1", ["ada"], default)).ShouldBeEmpty();
        (await again.Deliveries.AnonymousIdsOfAsync(["int_1"], "u", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Consents_RowsOfBeforeRefusalsWereKeptBesideGrants_AreRead()
    {
        using (Open()) Change("""INSERT INTO consents(source_id, anonymous_id, words, at) VALUES('src_1', 'ada', '{"analytics":{"g":false,"t":1000},"marketing":{"g":true,"t":2000}}', 2000)""");
        using var storage = Open();
        var ada = (await storage.Consents.GetManyAsync("src_1", ["ada"], default))["ada"];
        ada.Granted.ShouldBe(new Dictionary<string, bool> { ["analytics"] = false, ["marketing"] = true }, ignoreOrder: true);
        ada.RefusedAt.ShouldHaveSingleItem().ShouldBe(new("analytics", DateTimeOffset.FromUnixTimeMilliseconds(1000)));
    }

    [Fact]
    public async Task Services_EveryPort_IsOneStorageAndEndsWithTheContainer()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddSqliteStorage(new SqliteStorageOptions(_directory.Path) { Partitions = 3 })
            .BuildServiceProvider();
        await using (services)
        {
            await services.InitializeAsync(default);
            services.GetRequiredService<IEventLog>().Partitions.ShouldBe(3);
            foreach (var port in new[] { typeof(IDeliveryStore), typeof(IConfigurationStore), typeof(IConsentStore), typeof(IAccountStore), typeof(IAuditLog), typeof(IIdempotencyStore), typeof(ISecretBox) })
                services.GetRequiredService(port).ShouldBeSameAs(services.GetRequiredService(port));
            Should.Throw<StorageException>(() => Open());
        }

        Open(3).Dispose();
    }

    private SqliteStorage Open(int partitions = 16) =>
        new(new SqliteStorageOptions(_directory.Path) { Partitions = partitions }, TimeProvider.System, NullLogger<SqliteEventLog>.Instance);

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("state.db")};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }

    private static void Move(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "state.db*")) File.Move(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
