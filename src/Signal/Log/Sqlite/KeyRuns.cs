using Microsoft.Data.Sqlite;

namespace Signal.Log.Sqlite;

/// <summary>
/// The message keys that were put away, in runs. A run is asked only when its filter, which is in memory, takes the key for one of its own.
/// Used within the writer's transaction.
/// </summary>
internal sealed class KeyRuns : IDisposable
{
    private const int ExpiryStep = 64;

    private readonly List<KeyRun> _runs;
    private readonly Statement _row;
    private readonly Statement _insertRow;
    private readonly Statement _insertRun;
    private readonly Statement _deleteRows;
    private readonly Statement _deleteRun;

    public KeyRuns(SqliteConnection connection)
    {
        _runs = Existing(connection);
        _row = new Statement(connection, "SELECT keys FROM key_rows WHERE id=?1");
        _insertRow = new Statement(connection, "INSERT INTO key_rows VALUES(?1,?2)");
        _insertRun = new Statement(connection, "INSERT INTO key_runs VALUES(?1,?2,?3,?4)");
        _deleteRows = new Statement(connection, $"DELETE FROM key_rows WHERE id IN (SELECT id FROM key_rows WHERE id>=?1 AND id<?2 LIMIT {ExpiryStep})");
        _deleteRun = new Statement(connection, "DELETE FROM key_runs WHERE id=?1");
    }

    /// <summary>Whether a key was appended after that time.</summary>
    public bool Hold(UInt128 key, long after)
    {
        foreach (var run in _runs)
            if (run.Newest > after && run.Filter.MayHold(key) && Find(run, key) > after) return true;
        return false;
    }

    /// <summary>Puts keys and their times away as a new run.</summary>
    public void Add(IReadOnlyCollection<KeyValuePair<UInt128, long>> keys)
    {
        if (keys.Count == 0) return;
        var filter = new KeyFilter(keys.Count);
        foreach (var (key, _) in keys) filter.Add(key);
        var run = new KeyRun(_runs.Count == 0 ? 1 : _runs[^1].Id + 1, KeyRun.BucketsFor(keys.Count), keys.Max(k => k.Value), filter);
        var row = FirstRow(run.Id);
        foreach (var entries in KeyRun.Rows(keys)) _insertRow.Bind(1, row++).Bind(2, entries.Span).Run();
        _insertRun.Bind(1, run.Id).Bind(2, run.Buckets).Bind(3, run.Newest).Bind(4, filter.Stored).Run();
        _runs.Add(run);
    }

    /// <summary>Removes some rows of a run whose keys were all appended before that time; false when there is none.</summary>
    public bool ExpireStep(long before)
    {
        if (_runs.Find(r => r.Newest <= before) is not { } run) return false;
        if (_deleteRows.Bind(1, FirstRow(run.Id)).Bind(2, FirstRow(run.Id + 1)).Run() > 0) return true;
        _deleteRun.Bind(1, run.Id).Run();
        _runs.Remove(run);
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _row, _insertRow, _insertRun, _deleteRows, _deleteRun }) statement.Dispose();
    }

    private long? Find(KeyRun run, UInt128 key)
    {
        _row.Bind(1, FirstRow(run.Id) + KeyRun.BucketOf(key, run.Buckets));
        var at = _row.Step() ? KeyRun.Find(_row.Bytes(0), key) : null;
        _row.Reset();
        return at;
    }

    private static long FirstRow(long run) => run << 24;

    private static List<KeyRun> Existing(SqliteConnection connection)
    {
        var runs = new List<KeyRun>();
        using var statement = new Statement(connection, "SELECT id, buckets, newest, filter FROM key_runs ORDER BY id");
        while (statement.Step()) runs.Add(new KeyRun(statement.Int64(0), (int)statement.Int64(1), statement.Int64(2), new KeyFilter(statement.Bytes(3))));
        return runs;
    }
}
