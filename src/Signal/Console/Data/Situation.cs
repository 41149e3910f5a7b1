using Microsoft.Extensions.Localization;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.State;
using Signal.Watch;

namespace Signal.Console.Data;

/// <summary>How grave something is; the look of it, never alone its colour.</summary>
public enum Tone
{
    /// <summary>Says nothing about good or bad.</summary>
    Plain,

    /// <summary>All is well.</summary>
    Ok,

    /// <summary>Worth a look.</summary>
    Warn,

    /// <summary>Somebody must act.</summary>
    Bad,
}

/// <summary>The one sentence an operator needs at three in the morning, with the one thing to do.</summary>
/// <param name="Tone">How grave.</param>
/// <param name="Text">What is, since when, what it means for the data, what to do.</param>
/// <param name="Action">The button's words; null when nothing is to do.</param>
/// <param name="Href">Where the button leads.</param>
public sealed record Situation(Tone Tone, string Text, string? Action = null, string? Href = null)
{
    /// <summary>Behind by this much is worth saying.</summary>
    private const double LateSeconds = 300;

    /// <summary>Judges an overview; the gravest thing is said, the others are counted.</summary>
    internal static Situation Of(OverviewView view, IStringLocalizer l, Func<DateTimeOffset, string> clock)
    {
        var enabled = view.Integrations.Where(i => i.Status != "disabled").ToList();
        var stopped = enabled.Where(i => i.Status == "configuration_error").ToList();
        var retrying = enabled.Where(i => i.Status == "retrying").ToList();
        if (stopped.Count > 0) return Stopped(stopped, retrying, l, clock);
        if (view.Alerts.FirstOrDefault(a => a.Kind == AlertKind.Disk) is { } disk) return Of(disk, Tone.Bad, l);
        if (retrying.Count > 0) return Retrying(retrying, l, clock);
        if (view.Alerts.FirstOrDefault(a => a.Kind == AlertKind.Silence) is { } silence) return Of(silence, Tone.Warn, l);
        if (enabled.MaxBy(i => i.LagSeconds) is { LagSeconds: > LateSeconds } late)
            return new(Tone.Warn, l["{0} is {1} behind: {2} are waiting. They are delivered in order; nothing is lost.", late.Name, Human.Span(TimeSpan.FromSeconds(late.LagSeconds)), Events(late.Waiting, l)], l["Look at {0}", late.Name], $"/integrations/{late.Id}/overview");
        if (view.Alerts.FirstOrDefault(a => a.Kind == AlertKind.DeadLetters) is { } letters) return Of(letters, Tone.Warn, l);
        if (enabled.MaxBy(i => i.DeadLetters) is { DeadLetters: > 0 } dead)
            return new(Tone.Warn, l["Delivery works. {0} could not be delivered as they are and rest among the dead letters of {1}; nothing is lost.", Events(dead.DeadLetters, l), dead.Name], l["See the dead letters"], $"/integrations/{dead.Id}/dead-letters");
        return Quiet(view, enabled.Count, l);
    }

    private static Situation Of(OpenAlert alert, Tone tone, IStringLocalizer l) => new(tone, $"{alert.Title}. {alert.Text}", l["Look at it"], alert.Path);

    private static Situation Stopped(List<IntegrationOverview> stopped, List<IntegrationOverview> retrying, IStringLocalizer l, Func<DateTimeOffset, string> clock)
    {
        var worst = stopped.MaxBy(i => i.Waiting)!;
        var since = worst.StatusDetail is { } d ? l["{0} has been stopped since {1}.", worst.Name, clock(d.Since)] : l["{0} has been stopped.", worst.Name];
        var also = retrying switch
        {
            [] => "",
            [var one] => " " + l["{0} does not accept events just now.", one.Name],
            _ => " " + l["{0} others do not accept events just now.", retrying.Count],
        };
        return new(Tone.Bad, Sentence(since, worst, stopped.Count, l) + also, l["Open its settings"], $"/integrations/{worst.Id}/settings");
    }

    private static Situation Retrying(List<IntegrationOverview> retrying, IStringLocalizer l, Func<DateTimeOffset, string> clock)
    {
        var worst = retrying.MaxBy(i => i.Waiting)!;
        var since = worst.StatusDetail is { } d ? l["{0} has not accepted events since {1}.", worst.Name, clock(d.Since)] : l["{0} does not accept events just now.", worst.Name];
        return new(Tone.Warn, Sentence(since, worst, retrying.Count, l) + " " + l["Signal goes on trying by itself."], l["Look at {0}", worst.Name], $"/integrations/{worst.Id}/overview");
    }

    private static string Sentence(string since, IntegrationOverview worst, int count, IStringLocalizer l)
    {
        var parts = new List<string> { since };
        if (AlertWords.Gist(worst.StatusDetail?.Message) is { Length: > 0 } gist) parts.Add(gist);
        parts.Add(worst.Waiting > 0 ? l["{0} are waiting, nothing is lost.", Events(worst.Waiting, l)] : l["Nothing is lost."]);
        if (count > 1) parts.Add(l["The same holds for {0} more.", count - 1]);
        return string.Join(" ", parts);
    }

    private static Situation Quiet(OverviewView view, int enabled, IStringLocalizer l)
    {
        if (view.Sources.Count == 0) return new(Tone.Plain, l["Nothing is set up yet. A source is a site whose events Signal collects."], l["Add a source"], "/sources?add=true");
        if (enabled == 0) return new(Tone.Warn, l["Sources are ready, but their events go nowhere: there is no active integration."], l["Add Integration"], "/integrations/new");
        var received = view.Outcomes.GetValueOrDefault("received");
        return received == 0
            ? new(Tone.Ok, l["All is well, but no event came in this time."], l["See the sources"], "/sources")
            : new(Tone.Ok, l["All is well. {0} received, nothing lost.", Events(received, l)]);
    }

    private static string Events(long count, IStringLocalizer l) => count == 1 ? l["1 event"] : l["{0} events", Human.Number(count)];
}
