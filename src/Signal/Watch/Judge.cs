using Signal.State;

namespace Signal.Watch;

/// <summary>
/// Judges what was observed by the rules in force. Pure. An alert that is open ends later than it began, so that it does not come and
/// go: delivery has to be active again, an event has to arrive, the disk needs a tenth more room than the rule asks.
/// </summary>
internal static class Judge
{
    /// <summary>The disk's subject.</summary>
    public const string Disk = "disk";

    private const double Margin = 1.1;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>A verdict for each subject that an enabled rule watches.</summary>
    /// <param name="seen">What was observed.</param>
    /// <param name="isOpen">Whether an alert of this kind is open for this subject.</param>
    public static IReadOnlyList<Verdict> Verdicts(Observation seen, Func<AlertKind, string, bool> isOpen)
    {
        var verdicts = new List<Verdict>();
        foreach (var integration in seen.Integrations)
        {
            if (integration.Delivery.Enabled) verdicts.Add(Delivery(integration, seen, isOpen(AlertKind.DeliveryFailing, integration.Id)));
            if (integration.DeadLetters.Enabled) verdicts.Add(Letters(integration));
        }

        verdicts.AddRange(seen.Sources.Where(s => s.Rule.Enabled).Select(s => Silence(s, seen, isOpen(AlertKind.Silence, s.Id))));
        if (seen.Disk is { Rule.Enabled: true } disk) verdicts.Add(DiskSpace(disk, isOpen(AlertKind.Disk, Disk)));
        return verdicts;
    }

    private static Verdict Delivery(SeenIntegration i, Observation seen, bool open)
    {
        var stopped = i.Health?.Status == "configuration_error";
        var failing = stopped || i.Health?.Status == "retrying";
        var holds = failing && (stopped || open || seen.Now - i.Health!.Since >= TimeSpan.FromMinutes(i.Delivery.Minutes));
        var (title, text) = !holds ? AlertWords.DeliversAgain(i) : stopped ? AlertWords.Stopped(i, seen) : AlertWords.Failing(i, seen);
        return new Verdict(AlertKind.DeliveryFailing, i.Id, i.Name, i.Delivery, holds, title, text, $"/integrations/{i.Id}/{(stopped ? "settings" : "overview")}");
    }

    private static Verdict Letters(SeenIntegration i)
    {
        var holds = i.NewDeadLetters > i.DeadLetters.Count;
        var (title, text) = holds ? AlertWords.DeadLetters(i) : AlertWords.NoMoreDeadLetters(i);
        return new Verdict(AlertKind.DeadLetters, i.Id, i.Name, i.DeadLetters, holds, title, text, $"/integrations/{i.Id}/dead-letters");
    }

    private static Verdict Silence(SeenSource s, Observation seen, bool open)
    {
        var span = TimeSpan.FromMinutes(s.Rule.Minutes);
        var whole = span > Day ? span : Day;
        var unusual = s.Usual >= Math.Max(1, s.Rule.Count) && seen.Now - s.LastAt >= span;
        var holds = s.Received == 0 && (open || (seen.Now - seen.Since >= span && (unusual || seen.Now - s.LastAt >= whole)));
        var (title, text) = holds ? AlertWords.Silent(s, seen) : AlertWords.SpeaksAgain(s);
        return new Verdict(AlertKind.Silence, s.Id, s.Name, s.Rule, holds, title, text, $"/sources/{s.Id}");
    }

    private static Verdict DiskSpace(DiskOutlook disk, bool open)
    {
        var margin = open ? Margin : 1;
        var (now, rule) = (disk.Now, disk.Rule);
        var little = now.FreeBytes < margin * rule.FreePercent / 100 * now.TotalBytes || now.FreeBytes < margin * rule.FreeBytes;
        var soon = rule.Days > 0 && disk.Forecast.FullInDays < margin * rule.Days;
        var (title, text) = little ? AlertWords.LittleSpace(disk) : soon ? AlertWords.FullSoon(disk) : AlertWords.EnoughSpace(disk);
        return new Verdict(AlertKind.Disk, Disk, "Disk", rule, little || soon, title, text, "/health");
    }
}
