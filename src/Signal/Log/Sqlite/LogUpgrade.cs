using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Signal.Log.Sqlite;

/// <summary>Brings a file of an older format to the one this program writes, in one transaction.</summary>
internal static class LogUpgrade
{
    private const int KeysOfRun = 1_000_000;

    /// <summary>Format 1 kept message keys in one table a day (<c>keys_G(key, at)</c>): they become runs.</summary>
    public static void FromFirst(SqliteConnection connection)
    {
        connection.Run($"BEGIN IMMEDIATE; {LogSchema.KeyTables}");
        using (var runs = new KeyRuns(connection))
        {
            foreach (var day in Days(connection))
            {
                foreach (var keys in KeysOf(connection, day).Chunk(KeysOfRun)) runs.Add(keys);
                connection.Run($"DROP TABLE keys_{day}");
            }
        }

        connection.Run("PRAGMA user_version=2; COMMIT;");
    }

    private static List<long> Days(SqliteConnection connection)
    {
        var days = new List<long>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema WHERE type='table' AND name LIKE 'keys\\_%' ESCAPE '\\'";
        using var reader = command.ExecuteReader();
        while (reader.Read()) days.Add(long.Parse(reader.GetString(0).AsSpan("keys_".Length), CultureInfo.InvariantCulture));
        days.Sort();
        return days;
    }

    private static IEnumerable<KeyValuePair<UInt128, long>> KeysOf(SqliteConnection connection, long day)
    {
        using var statement = new Statement(connection, $"SELECT key, at FROM keys_{day}");
        while (statement.Step()) yield return new(BinaryPrimitives.ReadUInt128BigEndian(statement.Bytes(0)), statement.Int64(1));
    }
}
