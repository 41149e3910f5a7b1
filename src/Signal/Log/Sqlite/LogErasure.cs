namespace Signal.Log.Sqlite;

/// <summary>Finds the records of somebody by reading the whole log beside the writer, and empties them in small steps.</summary>
internal sealed class LogErasure(SqliteEventLog log, LogWriter writer)
{
    private const int Chunk = 256;

    public async Task<int> RunAsync(Func<ReadOnlyMemory<byte>, bool> isTheirs, CancellationToken stop)
    {
        var erased = 0;
        for (var p = 0; p < log.Partitions; p++)
        {
            var partition = p;
            IReadOnlyList<LogRecord> records;
            for (long after = 0; (records = await log.ReadAsync(partition, after, Chunk, stop)).Count > 0; after = records[^1].Offset)
            {
                var theirs = records.Where(r => !r.Payload.IsEmpty && isTheirs(r.Payload)).Select(r => r.Offset).ToList();
                if (theirs.Count > 0) erased += await writer.StepAsync(true, file => file.Retention.Erase(partition, theirs), stop);
            }
        }

        return erased;
    }
}
