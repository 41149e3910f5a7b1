namespace Signal.State.Sqlite;

/// <summary>What a backup holds, <c>backup.json</c> in it. It is written last: without it there is no backup.</summary>
/// <param name="Format">Of this file.</param>
/// <param name="Signal">The program that took it.</param>
/// <param name="StateSchema">The schema of <c>state.db</c>.</param>
/// <param name="LogFormat">The format of <c>log.db</c>.</param>
/// <param name="TakenAt">The moment both files show.</param>
/// <param name="KeyId">Names the master key that seals the secrets, and tells nothing about it; null when there was none.</param>
/// <param name="Files">Every other file.</param>
internal sealed record BackupManifest(
    int Format, string Signal, long StateSchema, long LogFormat, DateTimeOffset TakenAt, string? KeyId, IReadOnlyList<BackupFile> Files)
{
    /// <summary>The format this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The manifest's name in a backup.</summary>
    public const string Name = "backup.json";
}

/// <summary>One file of a backup.</summary>
/// <param name="Name">Its name there and in a data directory.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its checksum, hexadecimal.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256);
