using Signal.Events;
using Signal.State;

namespace Signal.Watch;

/// <summary>
/// What verdicts lead to. Pure: opens once, reminds after the rule's hours, ends once; whoever heard of it hears of the end. A channel
/// that is new to an open alert (made, enabled or named by its rule since) hears of it at once.
/// </summary>
internal static class AlertMachine
{
    /// <summary>The changes of a round.</summary>
    /// <param name="verdicts">What was judged; an open alert without a verdict is not watched any more and ends.</param>
    /// <param name="open">The alerts that are open.</param>
    /// <param name="channels">The channels there are.</param>
    /// <param name="seen">What was judged, at its moment.</param>
    public static AlertRound Step(IReadOnlyList<Verdict> verdicts, IReadOnlyList<Alert> open, IReadOnlyList<AlertChannel> channels, Observation seen)
    {
        var now = seen.Now;
        var (opened, changed, resolved, messages) = (new List<Alert>(), new List<Alert>(), new List<Alert>(), new List<AlertMessage>());
        foreach (var verdict in verdicts.Where(v => v.Holds && !open.Any(a => IsOf(v, a))))
        {
            var alert = Opened(verdict, [.. Of(verdict.Rule, channels)], now);
            opened.Add(alert);
            Tell("opened", alert, alert.Channels);
        }

        foreach (var alert in open)
        {
            var verdict = verdicts.FirstOrDefault(v => IsOf(v, alert));
            if (verdict is not { Holds: true }) End(alert, verdict);
            else if (verdict.Rule.RemindHours > 0 && now - alert.ToldAt >= TimeSpan.FromHours(verdict.Rule.RemindHours)) Remind(alert, verdict);
            else if (Of(verdict.Rule, channels).Except(alert.Channels).Any()) Join(alert, verdict);
            else if (verdict.Title != alert.Title || verdict.Text != alert.Text) changed.Add(Worded(alert, verdict));
        }

        return new AlertRound(opened, changed, resolved, messages);

        void Remind(Alert alert, Verdict verdict)
        {
            string[] told = [.. Of(verdict.Rule, channels)];
            var again = Worded(alert, verdict) with { ToldAt = now, Channels = [.. alert.Channels.Union(told)] };
            changed.Add(again);
            Tell("reminder", again, told.Intersect(alert.Channels));
            Tell("opened", again, told.Except(alert.Channels));
        }

        void Join(Alert alert, Verdict verdict)
        {
            string[] more = [.. Of(verdict.Rule, channels).Except(alert.Channels)];
            var joined = Worded(alert, verdict) with { Channels = [.. alert.Channels, .. more] };
            changed.Add(joined);
            Tell("opened", joined, more);
        }

        void End(Alert alert, Verdict? verdict)
        {
            var (title, text) = verdict is null ? AlertWords.NotWatched(alert, seen) : (verdict.Title, verdict.Text);
            var over = alert with { ResolvedAt = now, ToldAt = now, Ending = $"{title}." };
            resolved.Add(over);
            Tell("resolved", over with { Title = title, Text = text }, over.Channels.Where(id => channels.Any(c => c.Id == id)));
        }

        void Tell(string type, Alert alert, IEnumerable<string> to) => messages.AddRange(to.Select(channel => new AlertMessage
        {
            Id = Ids.New("msg", now),
            AlertId = alert.Id,
            ChannelId = channel,
            Type = type,
            Alert = alert,
            CreatedAt = now,
            NextAt = now,
        }));
    }

    private static bool IsOf(Verdict verdict, Alert alert) => verdict.Kind == alert.Kind && verdict.Subject == alert.Subject;

    private static IEnumerable<string> Of(AlertRule rule, IReadOnlyList<AlertChannel> channels) =>
        channels.Where(c => c.Enabled && rule.Channels?.Contains(c.Id) != false).Select(c => c.Id);

    private static Alert Opened(Verdict verdict, IReadOnlyList<string> channels, DateTimeOffset now) => new()
    {
        Id = Ids.New("alr", now),
        Kind = verdict.Kind,
        Subject = verdict.Subject,
        Name = verdict.Name,
        RuleId = verdict.Rule.Id,
        OpenedAt = now,
        Title = verdict.Title,
        Text = verdict.Text,
        Path = verdict.Path,
        ToldAt = now,
        Channels = channels,
    };

    private static Alert Worded(Alert alert, Verdict verdict) =>
        alert with { Name = verdict.Name, RuleId = verdict.Rule.Id, Title = verdict.Title, Text = verdict.Text, Path = verdict.Path };
}
