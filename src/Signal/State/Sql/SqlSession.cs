using System.Data.Common;

namespace Signal.State.Sql;

/// <summary>
/// One connection, with the statements it has prepared. Values are bound by name; the SQL is always text of this program.
/// One caller at a time. Owns the connection.
/// </summary>
internal sealed class SqlSession(DbConnection connection, Dialect dialect) : IDisposable
{
    private const int MaxPrepared = 256;

    private readonly Dictionary<string, DbCommand> _prepared = [];

    public Dialect Dialect => dialect;

    /// <summary>The open transaction, where the driver wants to be told.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] values) =>
        await Command(sql, values).ExecuteNonQueryAsync();

    /// <summary>Runs a query and reads each row.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
    {
        await using var reader = await Command(sql, values).ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>The first row, or the default when there is none.</summary>
    public async Task<T?> FirstAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
    {
        await using var reader = await Command(sql, values).ExecuteReaderAsync();
        return await reader.ReadAsync() ? read(reader) : default;
    }

    public void Dispose()
    {
        Forget();
        connection.Dispose();
    }

    private void Forget()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        _prepared.Clear();
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            if (_prepared.Count >= MaxPrepared) Forget();
            _prepared.Add(sql, command = Create(sql, values));
        }

        command.Transaction = Transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        return command;
    }

    private DbCommand Create(string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only text of this program; values are always bound.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, _) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
