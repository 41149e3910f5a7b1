using Microsoft.Extensions.Logging.Abstractions;
using Signal.Log;
using Signal.Log.Sqlite;
using Signal.Tests.Store;

namespace Signal.Tests.Conformance;

public sealed class SqliteEventLogConformance : EventLogConformance
{
    private readonly TemporaryDirectory _directory = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    protected override IEventLog Open() =>
        new SqliteEventLog(new SqliteLogOptions(_directory.File("log.db")) { Partitions = Partitions }, Time, NullLogger<SqliteEventLog>.Instance);

    protected override void Close(IEventLog log) => ((SqliteEventLog)log).Dispose();
}
