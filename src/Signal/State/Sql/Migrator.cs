namespace Signal.State.Sql;

/// <summary>Brings a database forward to the schema this program knows; never back.</summary>
internal static class Migrator
{
    /// <summary>Takes the missing steps within the open transaction of <paramref name="session"/>.</summary>
    /// <exception cref="NewerSchemaException">A newer program has been here.</exception>
    public static async Task<int> MigrateAsync(SqlSession session)
    {
        if (session.Dialect.MigrationLock.Length > 0) await session.ExecuteAsync(session.Dialect.MigrationLock);
        await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version(one INTEGER PRIMARY KEY, version INTEGER NOT NULL)");
        var version = await session.FirstAsync("SELECT version FROM schema_version", row => row.GetInt32(0));
        if (version > Migrations.All.Count) throw new NewerSchemaException(version, Migrations.All.Count);

        foreach (var step in Migrations.All.Skip(version)) await session.ExecuteAsync(step(session.Dialect));
        await session.ExecuteAsync(
            "INSERT INTO schema_version VALUES(1, @version) ON CONFLICT(one) DO UPDATE SET version=excluded.version",
            ("@version", Migrations.All.Count));
        return Migrations.All.Count - version;
    }
}

/// <summary>The database was migrated by a newer program.</summary>
internal sealed class NewerSchemaException(int found, int known)
    : Exception($"The state was written by a newer Signal (schema {found}; this one knows {known}). Run the newer program, or restore a backup from before the upgrade.");
