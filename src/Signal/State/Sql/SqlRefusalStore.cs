namespace Signal.State.Sql;

/// <summary>Notes of refused credentials, in SQL. Never more than some tens of rows: what is too old to count goes with the next note.</summary>
internal sealed class SqlRefusalStore(IStateDatabase database) : IRefusalStore
{
    public Task<DateTimeOffset?> NoteAsync(Refusal note, DateTimeOffset since, int limit, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync("DELETE FROM refusals WHERE server=@server AND at<=@since", ("@server", note.Server), ("@since", since.Ms()));
            var times = await s.QueryAsync("SELECT at FROM refusals WHERE server=@server ORDER BY at DESC", row => row.Time(0), ("@server", note.Server));
            if (times.Count >= limit) return (DateTimeOffset?)times[limit - 1];
            await s.ExecuteAsync("INSERT INTO refusals(id, server, at) VALUES(@id, @server, @at)", ("@id", note.Id), ("@server", note.Server), ("@at", note.At.Ms()));
            return null;
        },
        stop);

    public Task ForgetAsync(IReadOnlyCollection<string> ids, CancellationToken stop) =>
        database.WriteAsync(s => s.ExecuteInAsync("DELETE FROM refusals WHERE id IN {in}", ids), stop);

    public Task<DateTimeOffset?> LastAsync(string server, DateTimeOffset since, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync("SELECT max(at) FROM refusals WHERE server=@server AND at>@since", row => row.TimeOrNull(0), ("@server", server), ("@since", since.Ms())), stop);
}
