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

    public override string AuditGuard => """
        CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN OLD.at >= (SELECT at FROM audit_kept_from)
        BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        """;

    public override bool IsUniqueViolation(DbException e) =>
        e is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY };
}
