namespace Signal.Log.Sqlite;

/// <summary>Removes what is too old or too much, in steps of a few milliseconds between which appends go on.</summary>
internal sealed class LogTrim(LogWriter writer, TimeProvider time)
{
    private const int Step = 256;

    public async ValueTask<long> RunAsync(DateTimeOffset before, long? maxBytes, CancellationToken stop)
    {
        var removed = await ByAgeAsync(before.ToUnixTimeMilliseconds(), stop);
        if (maxBytes is { } max) removed += await BySizeAsync(max, stop);
        while (await writer.StepAsync(true, file => file.Keys.ExpireStep(time.GetUtcNow()), stop))
        {
        }

        while (await writer.StepAsync(false, file => file.Retention.VacuumStep(), stop))
        {
        }

        if (removed > 0) await writer.StepAsync(false, NoticeEmpty, stop);
        return removed;
    }

    // A step of its own: what is read is committed, and no append can come between.
    private bool NoticeEmpty(LogFile file)
    {
        for (var p = 0; p < writer.Tails.Count; p++)
        {
            if (file.Retention.OldestAt(p) is null) writer.Tails[p].Empty();
        }

        return true;
    }

    private async Task<long> ByAgeAsync(long before, CancellationToken stop)
    {
        long removed = 0;
        for (var p = 0; p < writer.Tails.Count; p++)
        {
            var partition = p;
            int step;
            do
            {
                step = await writer.StepAsync(true, file => file.Retention.Remove(partition, before, Step, file.Last[partition]), stop);
                removed += step;
            }
            while (step == Step);
        }

        return removed;
    }

    private async Task<long> BySizeAsync(long maxBytes, CancellationToken stop)
    {
        long removed = 0;
        int step;
        do
        {
            step = await writer.StepAsync(true, file => RemoveOldest(file, maxBytes), stop);
            removed += step;
        }
        while (step > 0);
        return removed;
    }

    private int RemoveOldest(LogFile file, long maxBytes)
    {
        if (file.Retention.UsedBytes <= maxBytes) return 0;
        var oldest = Enumerable.Range(0, writer.Tails.Count)
            .Select(p => (Partition: p, At: file.Retention.OldestAt(p)))
            .Where(p => p.At is not null)
            .OrderBy(p => p.At)
            .Take(2)
            .ToList();
        if (oldest.Count == 0) return 0;
        // Up to where the next partition's oldest begins, so that age decides across partitions; at least one.
        var until = oldest.Count > 1 ? oldest[1].At!.Value + 1 : long.MaxValue;
        return file.Retention.Remove(oldest[0].Partition, until, Step / 4, file.Last[oldest[0].Partition]);
    }
}
