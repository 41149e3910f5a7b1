using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Signal.Log.Sqlite;

/// <summary>
/// Which message keys were appended within the last 24 hours. One table a day, so that expiry is the removal of a table;
/// the 24 hours are still exact, because each key carries its time. Used within the writer's transaction.
/// </summary>
internal sealed class MessageKeys(SqliteConnection connection) : IDisposable
{
    private const long Day = 24 * 60 * 60 * 1000;
    private const int ExpiryStep = 2_000;

    private readonly SortedDictionary<long, Statement> _lookups = Existing(connection);
    private Statement? _insert;
    private long _today = long.MinValue;
    private long _now;

    /// <summary>Opens the table of the day; call once in each transaction that remembers.</summary>
    public void Begin(DateTimeOffset now)
    {
        _now = now.ToUnixTimeMilliseconds();
        var today = Math.DivRem(_now, Day).Quotient;
        if (today == _today) return;

        connection.Run($"CREATE TABLE IF NOT EXISTS keys_{today}(key BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID");
        _insert?.Dispose();
        _insert = new Statement(connection, $"INSERT INTO keys_{today} VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET at=excluded.at WHERE at<=?3");
        if (!_lookups.ContainsKey(today)) _lookups.Add(today, Lookup(connection, today));
        _today = today;
    }

    /// <summary>True when the key is new; false when it was appended less than 24 hours ago.</summary>
    public bool Remember(UInt128 key)
    {
        // Days after today exist when the clock was set back; their keys count like any other.
        foreach (var (day, lookup) in _lookups)
        {
            if (day < _today - 1 || day == _today) continue;
            if (lookup.Bind(1, key).Number() > _now - Day) return false;
        }

        return _insert!.Bind(1, key).Bind(2, _now).Bind(3, _now - Day).Run() > 0;
    }

    /// <summary>Removes some keys that are too old to matter; false when there are none left.</summary>
    public bool ExpireStep(DateTimeOffset now)
    {
        var today = Math.DivRem(now.ToUnixTimeMilliseconds(), Day).Quotient;
        if (_lookups.Count == 0) return false;
        var (oldest, lookup) = _lookups.First();
        if (oldest >= today - 1) return false;

        using (var delete = new Statement(connection, $"DELETE FROM keys_{oldest} WHERE key IN (SELECT key FROM keys_{oldest} LIMIT {ExpiryStep})"))
        {
            if (delete.Run() > 0) return true;
        }

        lookup.Dispose();
        _lookups.Remove(oldest);
        connection.Run($"DROP TABLE keys_{oldest}");
        return true;
    }

    public void Dispose()
    {
        _insert?.Dispose();
        foreach (var lookup in _lookups.Values) lookup.Dispose();
    }

    private static SortedDictionary<long, Statement> Existing(SqliteConnection connection)
    {
        var days = new List<long>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM sqlite_schema WHERE type='table' AND name LIKE 'keys\\_%' ESCAPE '\\'";
            using var reader = command.ExecuteReader();
            while (reader.Read()) days.Add(long.Parse(reader.GetString(0).AsSpan("keys_".Length), CultureInfo.InvariantCulture));
        }

        return new(days.ToDictionary(day => day, day => Lookup(connection, day)));
    }

    private static Statement Lookup(SqliteConnection connection, long day) =>
        new(connection, $"SELECT at FROM keys_{day} WHERE key=?1");
}
