using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Signal.Log.Sqlite;

/// <summary>Tells a broken environment from a bug, and says in words what is broken.</summary>
internal static class SqliteFailure
{
    /// <summary>True when disk, file or lock failed; false for what only a bug can cause.</summary>
    public static bool IsEnvironment(Exception e) => e switch
    {
        SqliteException s => s.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_BUSY
            or raw.SQLITE_LOCKED or raw.SQLITE_CANTOPEN or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_NOMEM
            or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_PROTOCOL or raw.SQLITE_NOLFS or raw.SQLITE_INTERRUPT,
        IOException or UnauthorizedAccessException or StorageException => true,
        _ => false,
    };

    /// <summary>What is wrong with <paramref name="path"/> and what to do, for people.</summary>
    public static string Describe(Exception e, string path) => e switch
    {
        SqliteException s => s.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => $"{path}: the disk (or the file's size limit) is full. Free some space; writing resumes by itself.",
            raw.SQLITE_READONLY => $"{path}: the file or its file system is read-only. Make it writable; writing resumes by itself.",
            raw.SQLITE_IOERR => $"{path}: the disk reports an error (SQLite {s.SqliteExtendedErrorCode}). Check the disk; writing resumes by itself.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"{path}: another program holds the file locked. End it; writing resumes by itself.",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"{path}: the file is damaged. Stop Signal, keep a copy, and restore it from a backup.",
            _ => $"{path}: {s.Message}",
        },
        _ => e.Message.Contains(path, StringComparison.Ordinal) ? e.Message : $"{path}: {e.Message}",
    };
}
