using System.Data.Common;

namespace Signal.State.Sql;

/// <summary>Reads and writes the values of columns: times are unix milliseconds, absent values NULL.</summary>
internal static class Rows
{
    public static long Ms(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static object? Ms(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(this DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static int? IntOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
}
