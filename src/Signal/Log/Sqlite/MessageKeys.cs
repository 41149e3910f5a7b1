using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Signal.Log.Sqlite;

/// <summary>
/// Which message keys were appended within the last 24 hours. The latest are in memory and, one row a commit, in the file; when they are
/// many, or a day old, they are put away as a run (<see cref="KeyRuns"/>). So a commit writes its keys in one place, however many keys a day has.
/// Used within the writer's transaction.
/// </summary>
internal sealed class MessageKeys : IDisposable
{
    private const long Day = 24 * 60 * 60 * 1000;
    private const int KeyBytes = 16;

    private readonly int _keysOfRun;
    private readonly KeyRuns _runs;
    private readonly Statement _insert;
    private readonly Statement _clear;
    private readonly Dictionary<UInt128, long> _fresh = [];
    private readonly ArrayBufferWriter<byte> _added = new();
    private long _oldest = long.MaxValue;
    private long _now;

    public MessageKeys(SqliteConnection connection, int keysOfRun)
    {
        _keysOfRun = keysOfRun;
        _runs = new KeyRuns(connection);
        _insert = new Statement(connection, "INSERT INTO fresh_keys(at, keys) VALUES(?1,?2)");
        _clear = new Statement(connection, "DELETE FROM fresh_keys");
        Load(connection);
    }

    /// <summary>Call once in each transaction that remembers.</summary>
    public void Begin(DateTimeOffset now)
    {
        _now = now.ToUnixTimeMilliseconds();
        _added.ResetWrittenCount();
    }

    /// <summary>True when the key is new; false when it was appended less than 24 hours ago.</summary>
    public bool Remember(UInt128 key)
    {
        if (_fresh.TryGetValue(key, out var at) ? at > _now - Day : _runs.Hold(key, _now - Day)) return false;
        _fresh[key] = _now;
        BinaryPrimitives.WriteUInt128BigEndian(_added.GetSpan(KeyBytes), key);
        _added.Advance(KeyBytes);
        return true;
    }

    /// <summary>Writes what the transaction remembered; call before its commit.</summary>
    public void End()
    {
        if (_added.WrittenCount == 0) return;
        _insert.Bind(1, _now).Bind(2, _added.WrittenSpan).Run();
        _oldest = Math.Min(_oldest, _now);
        if (_fresh.Count >= _keysOfRun || _oldest <= _now - Day) PutAway();
    }

    /// <summary>Removes some keys that are too old to matter; false when there are none left.</summary>
    public bool ExpireStep(DateTimeOffset now) => _runs.ExpireStep(now.ToUnixTimeMilliseconds() - Day);

    public void Dispose()
    {
        _insert.Dispose();
        _clear.Dispose();
        _runs.Dispose();
    }

    private void PutAway()
    {
        _runs.Add([.. _fresh.Where(k => k.Value > _now - Day)]);
        _clear.Run();
        _fresh.Clear();
        _oldest = long.MaxValue;
    }

    private void Load(SqliteConnection connection)
    {
        using var rows = new Statement(connection, "SELECT at, keys FROM fresh_keys ORDER BY id");
        while (rows.Step())
        {
            var at = rows.Int64(0);
            _oldest = Math.Min(_oldest, at);
            for (var keys = rows.Bytes(1); keys.Length >= KeyBytes; keys = keys[KeyBytes..]) _fresh[BinaryPrimitives.ReadUInt128BigEndian(keys)] = at;
        }
    }
}
