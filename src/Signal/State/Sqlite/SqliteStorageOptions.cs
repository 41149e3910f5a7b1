namespace Signal.State.Sqlite;

/// <summary>The embedded storage: where it is and how it is kept.</summary>
/// <param name="DataDirectory">Holds <c>log.db</c>, <c>state.db</c> and the key file; made when missing, locked by one process.</param>
public sealed record SqliteStorageOptions(string DataDirectory)
{
    /// <summary>Partitions of a new log; an existing log must have as many. Default 16.</summary>
    public int Partitions { get; init; } = 16;

    /// <summary>The log never grows beyond this many bytes: collection answers 503 instead. Null: the disk is the limit.</summary>
    public long? MaxLogBytes { get; init; }

    /// <summary>The key that seals secrets: 32 bytes as base64, or any text of at least 32 characters. Null: <c>master.key</c> in the data directory, made when missing.</summary>
    public string? MasterKey { get; init; }

    /// <summary>Earlier master keys, which still open what they sealed.</summary>
    public IReadOnlyList<string> OldMasterKeys { get; init; } = [];

    /// <summary>Visitors whose consent is kept in memory. Default 200,000.</summary>
    public int ConsentCache { get; init; } = 200_000;

    // Never prints the keys.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("DataDirectory = ").Append(DataDirectory).Append(", Partitions = ").Append(Partitions);
        return true;
    }
}
