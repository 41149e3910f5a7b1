using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>Turns one event into a draft of its hits: the preset's rule, then the customer's rows, then what Matomo needs besides.</summary>
internal sealed class EventMapper
{
    private static readonly string[] PagePaths = ["properties.url", "context.page.url"];
    private readonly MatomoSettings _settings;
    private readonly Preset? _preset;
    private readonly Dictionary<string, PresetRule> _rules = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<MappingRow> _rows;

    /// <summary>Of one revision of an integration.</summary>
    internal EventMapper(MatomoSettings settings, Preset? preset, IReadOnlyList<MappingRow> rows)
    {
        (_settings, _preset, _rows) = (settings, preset, rows);
        foreach (var rule in preset?.Rules ?? [])
        {
            foreach (var name in rule.Aliases.Prepend(rule.Event)) _rules[EventNames.Key(name)] = rule;
        }
    }

    /// <summary>The draft of an event whose visitor was <paramref name="before"/>.</summary>
    internal Draft Map(Event e, VisitorState before)
    {
        var facts = new Facts(e, Known(e, before));
        var draft = new Draft(e, facts);
        var rows = _rows.Where(r => r.Applies(facts)).ToList();
        var commerce = new Commerce(draft, _settings);
        var rule = RuleOf(e);
        if (rule is not null) rule = Fill(draft, rule, commerce);
        if (rule == _preset?.Otherwise && e.Type == EventType.Track && _settings.DropUnmapped) draft.Action.Clear();
        draft.Rule = rule;
        SharedFields.Fill(draft, _settings, rule is not null && rule.Fields.TryGetValue("url", out var url) ? url.From : PagePaths);
        Own(draft, rows, commerce);
        Complete(draft, commerce);
        if (draft.DropReason is null)
        {
            commerce.TellCurrency();
            if (e.ReceivedAt - e.Time > MatomoSettings.OldestTime) draft.Warn("The event's time is some twenty years ago or more. Matomo would count it as of now, so it is not delivered: it ends as too_old. Check the sender's clock and timestamp.");
        }

        return draft;
    }

    private static VisitorState Known(Event e, VisitorState before) => e.Type switch
    {
        EventType.Identify => before.Identified(e.UserId, e.Body.At("traits") ?? e.Body.At("context.traits")),
        EventType.Group => before.Seen(e.UserId).Grouped(e.GroupId, e.Body.At("traits")),
        _ => before.Seen(e.UserId),
    };

    private PresetRule? RuleOf(Event e) => e.Type switch
    {
        EventType.Page or EventType.Screen => _rules.GetValueOrDefault(e.Type.ToString().ToLowerInvariant()),
        EventType.Track => _rules.GetValueOrDefault(EventNames.Key(e.Name ?? "")) ?? _preset?.Otherwise,
        _ => null,
    };

    // The rule that took the event: itself, or the preset's last one when it finds nothing of its own in the event.
    private PresetRule Fill(Draft draft, PresetRule rule, Commerce commerce)
    {
        if (draft.Event.Type == EventType.Screen) draft.Facts.Set("screen.url", ScreenUrl(draft));
        if (draft.Event.Type == EventType.Page) PageTimings.Compute(draft.Facts);
        var origin = $"preset: {rule.Event}";
        if (!commerce.Apply(rule))
        {
            Fill(draft, rule.AsEvent, origin, 1);
            return rule;
        }

        if (rule.Cart == CartOperation.Refund && _settings.NegativeOrders && Refunds.Fill(draft, origin)) return rule;
        Fill(draft, rule.Fields, origin, commerce.Rate);
        if (rule.Cart == CartOperation.Order) Orders.Complete(draft, origin);
        if (rule.Needs.All(draft.Action.ContainsKey)) return rule;

        draft.Action.Clear();
        draft.Warn($"It was sent as an event: {draft.Event.Name} needs {string.Join(", ", rule.Needs)}, which the event does not give.");
        if (!rule.Joins && rule.AsEvent.Count > 0) Fill(draft, rule.AsEvent, origin, 1);
        else Fill(draft, _preset!.Otherwise.Fields, $"preset: {_preset.Otherwise.Event}", 1);
        return _preset!.Otherwise;
    }

    private static void Fill(Draft draft, IReadOnlyDictionary<string, FieldRule> fields, string origin, decimal rate)
    {
        foreach (var (name, field) in fields)
        {
            if (name == "url" || field.Read(draft.Facts, out var isSent) is not { } value) continue;
            if (name == "ec_items") draft.Put(draft.Action, name, value.Text, origin);
            else draft.Set(draft.Action, name, isSent ? Converted(name, Whole(draft, name, value), rate) : value, origin);
        }
    }

    private static Value Converted(string name, Value value, decimal rate) =>
        rate != 1 && Vocabulary.Find(name)?.Kind == FieldKind.Money && Money.Parse(value) is { } amount ? Value.Of(Money.Round(amount * rate)) : value;

    // What a link names is where the browser would go from the page.
    private static Value Whole(Draft draft, string name, Value value) =>
        name is "download" or "link" && value.Kind == ValueKind.Text ? Value.Of(SharedFields.Resolved(SafeText.Valid(value.Text), draft.Facts.At("context.page.url")?.Text)) : value;

    private static void Own(Draft draft, List<MappingRow> rows, Commerce commerce)
    {
        foreach (var row in rows)
        {
            if (row.Read(draft.Facts, draft.Warn) is not { } value) continue;
            var origin = $"mapping {row.Number}";
            if (row.Target == "idgoal" && Goal(draft, value, origin)) continue;
            if (!row.IsForEveryEvent) draft.OwnFields.Add(row.Target);
            var fields = draft.Shared.ContainsKey(row.Target) || IsShared(row.Target) ? draft.Shared : draft.Action;
            draft.Set(fields, row.Target, row.IsFixed ? value : Converted(row.Target, Whole(draft, row.Target, value), commerce.Rate), origin);
        }

        // Without an order or cart to belong to, the revenue is the goals'.
        if (draft.Goals.Count == 0 || draft.Action.GetValueOrDefault("idgoal") == "0") return;
        if (draft.Action.Remove("revenue", out var revenue)) draft.GoalRevenue = revenue;
    }

    // True when the row asks for a conversion beside the action; 0 makes the action itself an order or cart.
    private static bool Goal(Draft draft, Value value, string origin)
    {
        var checkedGoals = new Dictionary<string, string>(StringComparer.Ordinal);
        draft.Set(checkedGoals, "idgoal", value, origin);
        if (!checkedGoals.TryGetValue("idgoal", out var goal)) return true;
        if (goal is "0" or "view") return false;
        if (!draft.Goals.Contains(goal)) draft.Goals.Add(goal);
        draft.Rules[$"idgoal={goal}"] = origin;
        return true;
    }

    private static void Complete(Draft draft, Commerce commerce)
    {
        var action = draft.Action;
        if (action.GetValueOrDefault("idgoal") == "0")
        {
            Orders.Mapped(draft, commerce);
            foreach (var field in Actions.Fields) action.Remove(field);
        }

        if (action.ContainsKey("ping")) foreach (var field in Actions.Fields) action.Remove(field);
        if (draft.Rule is not { Joins: true } && action.ContainsKey("e_c") != action.ContainsKey("e_a"))
        {
            draft.Warn("An event needs a category and an action (e_c and e_a); the one that is there was left out.");
            action.Remove("e_c");
            action.Remove("e_a");
        }

        if (action.ContainsKey("lat") != action.ContainsKey("long")) foreach (var field in new[] { "lat", "long" }) action.Remove(field);
        var isView = draft.Event.Type is EventType.Page or EventType.Screen && (draft.Rule is not null || draft.OwnFields.Count > 0);
        if (isView || draft.Rule is { Joins: true } || HasAction(action)) return;
        action.Clear();
        if (draft.Goals.Count == 0) draft.DropReason = draft.Event.Type is EventType.Track or EventType.Page or EventType.Screen ? Reasons.Unmapped : Reasons.NoHit;
    }

    // Without one of these Matomo would take the request for a page view.
    private static bool HasAction(Dictionary<string, string> action) =>
        Actions.IsNoPageView(action) || action.ContainsKey("action_name");

    private static bool IsShared(string target) =>
        target.StartsWith("dimension", StringComparison.Ordinal)
        || target is "cip" or "ua" or "uid" or "url" or "urlref" or "lang" or "country" or "region" or "city" or "new_visit" or "bots" or "cookie" or "_cvar";

    private static Value? ScreenUrl(Draft draft)
    {
        if (draft.Facts.At("name") is not { Text.Length: > 0 } name) return null;
        var app = draft.Facts.At("context.app.namespace")?.Text ?? draft.Facts.At("context.app.name")?.Text ?? "app";
        return Value.Of($"app://{Uri.EscapeDataString(SafeText.Valid(app))}/{Uri.EscapeDataString(SafeText.Valid(name.Text))}");
    }
}
