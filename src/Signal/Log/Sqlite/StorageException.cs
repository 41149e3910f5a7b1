namespace Signal.Log.Sqlite;

/// <summary>The data directory can't be used as it is; the message says what is wrong and what to do. Thrown while opening only.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
