using System.Globalization;
using Signal.Events;
using Signal.State;

namespace Signal.Watch;

/// <summary>The sentences of alerts: what happened, since when, what it means for the data, what to do. Times are UTC, since nobody knows where they are read.</summary>
internal static class AlertWords
{
    public static (string Title, string Text) Stopped(SeenIntegration i, Observation seen) => (
        $"{i.Name} is stopped",
        Join($"{i.Name} has been stopped since {Clock(i.Health!.Since)}.", Reason(i.Health.Message), Waiting(i.Waiting, seen), "Correct its settings: delivery goes on from where it stopped."));

    public static (string Title, string Text) Failing(SeenIntegration i, Observation seen) => (
        $"{i.Name} does not accept events",
        Join($"{i.Name} has not accepted events since {Clock(i.Health!.Since)}.", Reason(i.Health.Message), Waiting(i.Waiting, seen), "Signal goes on trying by itself; look at the destination if it lasts."));

    public static (string Title, string Text) DeliversAgain(SeenIntegration i) => (
        $"{i.Name} delivers again",
        $"{i.Name} accepts events again. What waited is delivered in order; nothing was lost.");

    public static (string Title, string Text) DeadLetters(SeenIntegration i) => (
        $"Dead letters of {i.Name} are growing",
        $"{Events(i.NewDeadLetters)} could not be delivered to {i.Name} as they are within {Minutes(i.DeadLetters.Minutes)}. They rest among its dead letters, nothing is lost. See the reason there, then replay or discard them.");

    public static (string Title, string Text) NoMoreDeadLetters(SeenIntegration i) => (
        $"Dead letters of {i.Name} grow no more",
        $"{(i.NewDeadLetters == 0 ? "No" : Human.Number(i.NewDeadLetters))} new dead letters of {i.Name} within {Minutes(i.DeadLetters.Minutes)}. Those that are there wait to be replayed or discarded.");

    public static (string Title, string Text) Silent(SeenSource s, Observation seen) => (
        $"No events from {s.Name}",
        Join(
            s.LastAt is { } last ? $"{s.Name} has sent no event since {Clock(last)}, for {Human.Span(seen.Now - last)}." : $"{s.Name} has sent no event for days.",
            s.Usual >= 1 ? $"About {Human.Number((long)Math.Round(s.Usual))} are usual within {Minutes(s.Rule.Minutes)} at this time of day." : null,
            "Signal is ready for them, but what is not sent is missing in reports. See whether the site is up and the snippet is still in its pages."));

    public static (string Title, string Text) SpeaksAgain(SeenSource s) => (
        $"Events from {s.Name} again",
        $"{s.Name} sends events again: {Events(s.Received)} within {Minutes(s.Rule.Minutes)}.");

    public static (string Title, string Text) LittleSpace(DiskOutlook disk) => (
        "The disk is nearly full",
        Join(Free(disk), Growth(disk), Remedy));

    public static (string Title, string Text) FullSoon(DiskOutlook disk) => (
        $"The disk will be full in {Days(disk.Forecast.FullInDays!.Value)}",
        Join(Free(disk), Growth(disk), Remedy));

    public static (string Title, string Text) EnoughSpace(DiskOutlook disk) => ("The disk has room again", Free(disk));

    /// <summary>An alert that nobody judges any more: its subject is gone or disabled, or its rule is off.</summary>
    public static (string Title, string Text) NotWatched(Alert alert, Observation seen)
    {
        var watched = alert.Kind == AlertKind.Disk || seen.Integrations.Any(i => i.Id == alert.Subject) || seen.Sources.Any(s => s.Id == alert.Subject);
        var why = watched ? $"the rule that watches {alert.Name} was switched off" : seen.Known.Contains(alert.Subject) ? $"{alert.Name} was disabled" : $"{alert.Name} was removed";
        return (watched ? $"{alert.Name} is not watched any more" : char.ToUpperInvariant(why[0]) + why[1..], $"The alert \"{alert.Title}\" has ended because {why}.");
    }

    private const string Remedy = "Nothing is lost so far; when the disk is full, collection answers 503. Make room, or let the log keep less (SIGNAL_LOG_RETENTION_DAYS, SIGNAL_LOG_MAX_BYTES).";

    private static string Free(DiskOutlook disk) =>
        $"{Human.Bytes(disk.Now.FreeBytes)} of {Human.Bytes(disk.Now.TotalBytes)} are free where Signal keeps its data; it uses {Human.Bytes(disk.Now.UsedBytes)} of them.";

    private static string? Growth(DiskOutlook disk) => disk.Forecast switch
    {
        { FullInDays: { } days, BytesPerDay: { } growth } => $"It grows by {Human.Bytes(growth)} a day: full in {Days(days)}.",
        { LevelsOff: true, BytesPerDay: { } growth } => $"It grows by {Human.Bytes(growth)} a day until the log has reached its age or size.",
        _ => null,
    };

    private static string Days(double days) => Human.Span(TimeSpan.FromDays(days));

    private static string Waiting(long waiting, Observation seen) =>
        $"{(waiting == 0 ? "Nothing is lost" : $"{Events(waiting)} {(waiting == 1 ? "waits" : "wait")}, nothing is lost")}: events are kept for {Human.Span(seen.LogRetention)}.";

    private static string Events(long count) => count == 1 ? "1 event" : $"{Human.Number(count)} events";

    private static string Minutes(int minutes) => Human.Span(TimeSpan.FromMinutes(minutes));

    /// <summary>A long message's first two sentences, without what is said beside it anyway.</summary>
    public static string Gist(string? message) =>
        string.Join(" ", (message ?? "").Split(". ").Select(s => s.TrimEnd('.', ' ')).Where(s => s.Length > 0 && !s.Contains("othing is lost", StringComparison.Ordinal)).Take(2).Select(s => s + "."));

    private static string? Reason(string? message) => Gist(message) is { Length: > 0 } gist ? gist : null;

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Join(params string?[] sentences) => string.Join(' ', sentences.OfType<string>());
}
