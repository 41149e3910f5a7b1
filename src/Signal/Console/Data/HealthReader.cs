using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Localization;
using Signal.Configure;
using Signal.Events;
using Signal.Log;
using Signal.Manage.Changes;
using Signal.Record;
using Signal.State;
using Signal.Watch;

namespace Signal.Console.Data;

/// <summary>One part of the program and how it is.</summary>
internal sealed record HealthPart(string Name, Tone Tone, string State, string Detail);

/// <summary>The program at this moment.</summary>
internal sealed record HealthView(IReadOnlyList<HealthPart> Parts, IReadOnlyList<(string Name, string Value)> Program, IReadOnlyList<(string Name, string Value)> Settings);

/// <summary>Asks each part how it is.</summary>
internal sealed class HealthReader(IEventLog log, IDeliveryStore store, IConfigurationFeed feed, Backlogs backlogs, Outlooks outlooks, ConsoleOptions options, IStringLocalizer<Words> l, TimeProvider time)
{
    public async Task<HealthView> ReadAsync(CancellationToken stop)
    {
        var parts = new List<HealthPart> { await LogAsync(stop), await StateAsync(stop) };
        if (await outlooks.LookAsync(stop) is { } disk) parts.Add(Disk(DiskView.Of(disk.Now, disk.Forecast)));
        parts.Add(await DeliveryAsync(stop));
        return new HealthView(parts, Program(), options.Settings());
    }

    private async Task<HealthPart> LogAsync(CancellationToken stop)
    {
        if (log.Unavailable is { } why) return new(l["Event log"], Tone.Bad, l["not ready"], why);
        long held = 0;
        for (var partition = 0; partition < log.Partitions; partition++) held += (await log.ExtentAsync(partition, 0, stop)).Waiting;
        return new(l["Event log"], Tone.Ok, l["ready"], l["{0} events in {1} partitions", Human.Number(held), log.Partitions]);
    }

    private async Task<HealthPart> StateAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        await store.HealthAsync(stop);
        return new(l["State store"], Tone.Ok, l["ready"], l["answers in {0}", Human.Span(time.GetElapsedTime(started))]);
    }

    private HealthPart Disk(DiskView disk)
    {
        var where = options.DataDirectory is { } directory ? $" ({Path.GetFullPath(directory)})" : "";
        var tone = DiskWords.ToneOf(disk);
        return new(l["Disk"], tone, tone == Tone.Ok ? l["enough space"] : l["needs a look"], $"{DiskWords.Space(disk, l)} {DiskWords.Forecast(disk, l)}{where}");
    }

    private async Task<HealthPart> DeliveryAsync(CancellationToken stop)
    {
        var enabled = feed.Current.Integrations.Values.Where(i => i.Enabled).ToList();
        var health = await store.HealthAsync(stop);
        var ill = enabled.Where(i => health.GetValueOrDefault(i.Id) is { Reason: not null }).Select(i => i.Name).ToList();
        long waiting = 0;
        foreach (var integration in enabled) waiting += (await backlogs.OfAsync(integration, stop)).Waiting;
        string detail = l["integrations active: {0}, events waiting: {1}", enabled.Count, Human.Number(waiting)];
        return ill.Count == 0 ? new(l["Delivery"], Tone.Ok, l["ready"], detail) : new(l["Delivery"], Tone.Warn, l["needs a look"], $"{detail}; {string.Join(", ", ill)}");
    }

    private List<(string Name, string Value)> Program()
    {
        var process = Process.GetCurrentProcess();
        return
        [
            (l["Version"], typeof(HealthReader).Assembly.GetName().Version?.ToString(3) ?? "–"),
            (l["Runtime"], RuntimeInformation.FrameworkDescription),
            (l["System"], $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}"),
            (l["Running for"], Human.Span(time.GetUtcNow() - process.StartTime.ToUniversalTime())),
            (l["Memory"], Human.Bytes(process.WorkingSet64)),
            (l["Configuration"], l["version {0}, sources: {1}, integrations: {2}", feed.Current.Version, feed.Current.Sources.Count, feed.Current.Integrations.Count]),
        ];
    }
}
