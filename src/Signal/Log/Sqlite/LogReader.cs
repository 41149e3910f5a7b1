using Microsoft.Data.Sqlite;

namespace Signal.Log.Sqlite;

/// <summary>A connection that reads <c>log.db</c>. One caller at a time.</summary>
internal sealed class LogReader(SqliteConnection connection) : IDisposable
{
    // Concurrent calls stamp their entries before they queue, so neighbours can stand out of order by a few places.
    private const int Disorder = 1_000;

    private readonly Dictionary<string, Statement> _statements = [];

    public List<LogRecord> Read(int partition, long after, int max)
    {
        var statement = Prepare($"SELECT id, at, payload FROM records_{partition} WHERE id>?1 ORDER BY id LIMIT ?2").Bind(1, after).Bind(2, max);
        var records = new List<LogRecord>();
        try
        {
            while (statement.Step())
                records.Add(new LogRecord(statement.Int64(0), DateTimeOffset.FromUnixTimeMilliseconds(statement.Int64(1)), statement.Blob(2)));
            return records;
        }
        finally
        {
            statement.Reset();
        }
    }

    public LogExtent Extent(int partition, long after)
    {
        if (First(partition) is not { } first || Last(partition) is not { } last) return default;
        var oldest = Prepare($"SELECT at FROM records_{partition} WHERE id>?1 ORDER BY id LIMIT 1").Bind(1, after).Number();
        return new LogExtent(
            first,
            last,
            Math.Max(0, last - Math.Max(after, first - 1)),
            oldest is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
    }

    public long OffsetBefore(int partition, long time)
    {
        if (First(partition) is not { } first || Last(partition) is not { } last) return 0;
        var (low, high) = (first - 1, last);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var at = Prepare($"SELECT at FROM records_{partition} WHERE id>=?1 ORDER BY id LIMIT 1").Bind(1, middle).Number();
            if (at < time) low = middle;
            else high = middle - 1;
        }

        var further = Prepare($"SELECT max(id) FROM (SELECT id, at FROM records_{partition} WHERE id>?1 ORDER BY id LIMIT {Disorder}) WHERE at<?2")
            .Bind(1, low).Bind(2, time).Number();
        return further ?? (low < first ? 0 : low);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        connection.Dispose();
    }

    private long? First(int partition) => Prepare($"SELECT min(id) FROM records_{partition}").Number();

    private long? Last(int partition) => Prepare($"SELECT max(id) FROM records_{partition}").Number();

    private Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = new Statement(connection, sql));
        return statement;
    }
}
