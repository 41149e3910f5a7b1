using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Signal.Log.Sqlite;

/// <summary>Removes the oldest records and overwrites erased ones, a small step at a time, each in a transaction of the writer's.</summary>
internal sealed class LogRetention : IDisposable
{
    private const int VacuumPages = 256;
    private const int SparePages = 4_096;

    private readonly SqliteConnection _connection;
    private readonly Statement[] _oldest;
    private readonly Statement[] _delete;
    private readonly Statement[] _erase;
    private readonly Statement _tail;

    public LogRetention(SqliteConnection connection, int partitions)
    {
        _connection = connection;
        _oldest = Each(partitions, "SELECT at FROM records_{0} ORDER BY id LIMIT 1");
        // The front of the partition up to the first record that stays: offsets stay dense.
        _delete = Each(partitions, """
            DELETE FROM records_{0} WHERE id IN (SELECT id FROM records_{0} ORDER BY id LIMIT ?1)
            AND id < coalesce((SELECT min(id) FROM (SELECT id, at FROM records_{0} ORDER BY id LIMIT ?1) WHERE at >= ?2), 9223372036854775807)
            """);
        _erase = Each(partitions, "UPDATE records_{0} SET payload=x'' WHERE id=?1");
        _tail = new Statement(connection, "UPDATE tails SET last=?2 WHERE part=?1");
    }

    /// <summary>Bytes of the file that hold something.</summary>
    public long UsedBytes =>
        (_connection.Number("PRAGMA page_count")!.Value - _connection.Number("PRAGMA freelist_count")!.Value) * _connection.Number("PRAGMA page_size")!.Value;

    /// <summary>When the first record of a partition was received, or null when it is empty.</summary>
    public long? OldestAt(int partition) => _oldest[partition].Number();

    /// <summary>The last offset a partition still holds; 0 when it is empty.</summary>
    public long NewestOffset(int partition) => _connection.Number($"SELECT max(id) FROM records_{partition}") ?? 0;

    /// <summary>Removes up to <paramref name="limit"/> records from the front of a partition, all received before <paramref name="before"/>.</summary>
    public int Remove(int partition, long before, int limit, long last)
    {
        _tail.Bind(1, partition).Bind(2, last).Run();
        return _delete[partition].Bind(1, limit).Bind(2, before).Run();
    }

    /// <summary>Empties the payloads of these records; answers how many there still were.</summary>
    public int Erase(int partition, IEnumerable<long> offsets) => offsets.Sum(offset => _erase[partition].Bind(1, offset).Run());

    /// <summary>Gives some free pages back to the file system when many are free; false when nothing is to be done. Not within a transaction.</summary>
    public bool VacuumStep()
    {
        var free = _connection.Number("PRAGMA freelist_count")!.Value;
        if (free < SparePages || free * 4 < _connection.Number("PRAGMA page_count")!.Value) return false;
        _connection.Run($"PRAGMA incremental_vacuum({VacuumPages})");
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in _oldest.Concat(_delete).Concat(_erase)) statement.Dispose();
        _tail.Dispose();
    }

    private Statement[] Each(int partitions, string sql) =>
        [.. Enumerable.Range(0, partitions).Select(p => new Statement(_connection, string.Format(CultureInfo.InvariantCulture, sql, p)))];
}
