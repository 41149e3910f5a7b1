namespace Signal.State.Sql;

/// <summary>
/// What a deleted source or integration leaves behind may be millions of rows. The deletion itself only notes that they are
/// to go; they go in small steps, at once and, when that was cut short, with the next clean-up.
/// </summary>
internal sealed class Leftovers(IStateDatabase database)
{
    private const int Step = 500;

    private static readonly (string Kind, string Table, string Column, string Key)[] Tables =
    [
        ("integration", "records", "integration_id", "event_id"),
        ("integration", "dead_letters", "integration_id", "id"),
        ("integration", "visitors", "integration_id", "anonymous_id"),
        ("integration", "visitor_users", "integration_id", "anonymous_id"),
        ("integration", "orders", "integration_id", "order_key"),
        ("integration", "integration_revisions", "integration_id", "revision"),
        ("integration", "replays", "integration_id", "id"),
        ("integration", "erasures", "integration_id", "visitor"),
        ("integration", "overtaken", "lane", "position"),
        ("integration", "counts", "scope", "minute"),
        ("source", "consents", "source_id", "anonymous_id"),
        ("source", "counts", "scope", "minute"),
    ];

    public static Task NoteAsync(SqlSession session, string kind, string id) => session.ExecuteAsync(
        "INSERT INTO leftovers(kind, id) VALUES(@kind, @id) ON CONFLICT DO NOTHING", ("@kind", kind), ("@id", id));

    public async Task<long> RemoveAsync(CancellationToken stop)
    {
        long removed = 0;
        var noted = await database.ReadAsync(s => s.QueryAsync("SELECT kind, id FROM leftovers", row => (row.GetString(0), row.GetString(1))), stop);
        foreach (var (kind, id) in noted)
        {
            foreach (var table in Tables.Where(t => t.Kind == kind)) removed += await RemoveAsync(table.Table, table.Column, table.Key, id, stop);
            await database.WriteAsync(s => s.ExecuteAsync("DELETE FROM leftovers WHERE kind=@kind AND id=@id", ("@kind", kind), ("@id", id)), stop);
        }

        return removed;
    }

    private async Task<long> RemoveAsync(string table, string column, string key, string id, CancellationToken stop)
    {
        long removed = 0;
        int step;
        do
        {
            step = await database.WriteAsync(
                s => s.ExecuteAsync(
                    $"DELETE FROM {table} WHERE {column}=@id AND {key} IN (SELECT {key} FROM {table} WHERE {column}=@id LIMIT {Step})", ("@id", id)),
                stop);
            removed += step;
        }
        while (step > 0);
        return removed;
    }
}
