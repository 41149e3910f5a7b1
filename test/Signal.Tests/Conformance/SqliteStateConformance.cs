using Microsoft.Extensions.Logging.Abstractions;
using Signal.Log.Sqlite;
using Signal.State.Sqlite;

namespace Signal.Tests.Conformance;

internal static class SqliteState
{
    public static StateStores Open(string directory, TimeProvider time)
    {
        var storage = new SqliteStorage(new SqliteStorageOptions(directory) { Partitions = 2 }, time, NullLogger<SqliteEventLog>.Instance);
        return new StateStores(
            storage.Deliveries, storage.Configuration, storage.Consents, storage.Accounts, storage.Audit, storage.Idempotency, storage.Salts, storage.Refusals, storage.UnderWay, storage.Replays, storage.Alerts, storage.Dispose);
    }
}

public sealed class SqliteDeliveryStoreConformance() : DeliveryStoreConformance(SqliteState.Open);

public sealed class SqliteRecordListConformance() : RecordListConformance(SqliteState.Open);

public sealed class SqliteConsentStoreConformance() : ConsentStoreConformance(SqliteState.Open);

public sealed class SqliteConfigurationStoreConformance() : ConfigurationStoreConformance(SqliteState.Open);

public sealed class SqliteAccountStoreConformance() : AccountStoreConformance(SqliteState.Open);

public sealed class SqliteIdempotencyConformance() : IdempotencyConformance(SqliteState.Open);

public sealed class SqliteReplayStoreConformance() : ReplayStoreConformance(SqliteState.Open);

public sealed class SqliteRefusalStoreConformance() : RefusalStoreConformance(SqliteState.Open);

public sealed class SqliteUnderWayStoreConformance() : UnderWayStoreConformance(SqliteState.Open);

public sealed class SqliteAuditLogConformance() : AuditLogConformance(SqliteState.Open);

public sealed class SqliteDailySaltsConformance() : DailySaltsConformance(SqliteState.Open);

public sealed class SqliteAlertStoreConformance() : AlertStoreConformance(SqliteState.Open);
