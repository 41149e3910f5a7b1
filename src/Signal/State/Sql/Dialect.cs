using System.Data.Common;

namespace Signal.State.Sql;

/// <summary>What differs between the databases the state can live in.</summary>
internal abstract class Dialect
{
    /// <summary>The type of bytes.</summary>
    public abstract string Bytes { get; }

    /// <summary>The type of text that is compared and sorted by its bytes: ids, keys.</summary>
    public abstract string Key { get; }

    /// <summary>A clause after a table whose rows are small and always found by the primary key.</summary>
    public abstract string Clustered { get; }

    /// <summary>Takes the lock under which migrations run; empty when there is only one process anyway.</summary>
    public abstract string MigrationLock { get; }

    /// <summary>
    /// Triggers that refuse every change of a row of <c>audit</c>, and the removal of one that is not older than <c>audit_kept_from</c>:
    /// an entry can't be altered by mistake, whoever writes the SQL.
    /// </summary>
    public abstract string AuditGuard { get; }

    /// <summary>True when a row with the same key was there already.</summary>
    public abstract bool IsUniqueViolation(DbException e);
}
