using Signal.Log;
using Signal.State;

namespace Signal.Watch;

/// <summary>Measures the disk, remembers, and says where it is going; for alerts, API and console alike.</summary>
internal sealed class Outlooks(IDisk disk, IAlertStore store, IEventLog log, WatchOptions options, TimeProvider time)
{
    /// <summary>A sample is kept this often.</summary>
    public static readonly TimeSpan SampleEvery = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Keep = TimeSpan.FromDays(14);

    /// <summary>The disk and its forecast; null where none is watched.</summary>
    public async Task<(DiskSample Now, DiskForecast Forecast)?> LookAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (disk.Measure(now) is not { } sample) return null;
        var samples = await store.SamplesAsync(now - DiskForecast.Window, stop);
        return (sample, DiskForecast.Of(samples, sample, await OldestAsync(stop), options.LogRetention, options.LogMaxBytes - disk.LogBytes()));
    }

    /// <summary>Keeps a sample when one is due, and lets old ones go.</summary>
    public async Task SampleAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if ((await store.SamplesAsync(now - SampleEvery, stop)).Any(s => s.At > now - SampleEvery) || disk.Measure(now) is not { } sample) return;
        await store.AddAsync(sample, stop);
        await store.TrimAsync(now - options.KeepAlerts, now - Keep, stop);
    }

    private async Task<DateTimeOffset?> OldestAsync(CancellationToken stop)
    {
        DateTimeOffset? oldest = null;
        for (var partition = 0; partition < log.Partitions; partition++)
            if ((await log.ExtentAsync(partition, 0, stop)).OldestWaiting is { } at && (oldest is null || at < oldest)) oldest = at;
        return oldest;
    }
}
