using System.Data.Common;
using Microsoft.Data.Sqlite;
using Signal.State.Sql;
using SQLitePCL;

namespace Signal.State.Sqlite;

/// <summary>SQLite's ways.</summary>
internal sealed class SqliteDialect : Dialect
{
    public override string Bytes => "BLOB";

    public override string Key => "TEXT";

    public override string Clustered => " WITHOUT ROWID";

    public override string MigrationLock => "";

    public override bool IsUniqueViolation(DbException e) =>
        e is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY };
}
