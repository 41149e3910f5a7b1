using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Signal.Log.Sqlite;
using Signal.State;
using Signal.State.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

/// <summary>The audit log is append-only even for somebody who writes SQL.</summary>
public sealed class AuditGuardTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _place = Directory.CreateTempSubdirectory("signal-test-").FullName;

    [Theory]
    [InlineData("UPDATE audit SET actor='nobody'")]
    [InlineData("DELETE FROM audit")]
    public async Task Sql_ThatChangesAnEntry_IsRefused(string sql)
    {
        using (var storage = new SqliteStorage(new SqliteStorageOptions(_place) { Partitions = 2 }, TimeProvider.System, NullLogger<SqliteEventLog>.Instance))
        {
            for (var i = 0; i < 2; i++)
                await storage.Audit.AppendAsync(new AuditEntry($"log_{i}", Noon.AddDays(i), "ada", "source.created", "source", "src_1", new Dictionary<string, AuditChange>(), null), default);
            // Retention still does its work.
            (await storage.Audit.TrimAsync(Noon.AddDays(1), default)).ShouldBe(1);
        }

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_place, "state.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100

        (await Should.ThrowAsync<SqliteException>(() => command.ExecuteNonQueryAsync())).Message.ShouldContain("append-only");
    }

    public void Dispose() => Directory.Delete(_place, recursive: true);
}
