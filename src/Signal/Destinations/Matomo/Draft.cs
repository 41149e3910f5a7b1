using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>An event on its way to its hits.</summary>
internal sealed class Draft(Event e, Facts facts)
{
    /// <summary>The event.</summary>
    internal Event Event => e;

    /// <summary>What mappings read.</summary>
    internal Facts Facts => facts;

    /// <summary>What was changed or left out, for people; each once.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>Field to where it came from.</summary>
    internal Dictionary<string, string> Rules { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields every hit of the event carries.</summary>
    internal Dictionary<string, string> Shared { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields of the action, order or cart update.</summary>
    internal Dictionary<string, string> Action { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields of the customer's rows for this very event, not for all.</summary>
    internal HashSet<string> OwnFields { get; } = new(StringComparer.Ordinal);

    /// <summary>Goals to convert besides.</summary>
    internal List<string> Goals { get; } = [];

    /// <summary>The goals' revenue; null for each goal's own.</summary>
    internal string? GoalRevenue { get; set; }

    /// <summary>Carts to send after an order, whole hits of their own.</summary>
    internal Dictionary<string, string>? CartAfter { get; set; }

    /// <summary>The preset's rule that took it; null when none did.</summary>
    internal PresetRule? Rule { get; set; }

    /// <summary>The visitor after this event.</summary>
    internal VisitorState Visitor { get; set; } = facts.Visitor;

    /// <summary>Why it makes no hit; null when it may make some.</summary>
    internal string? DropReason { get; set; }

    /// <summary>The event whose hit carries this one; null when it travels alone.</summary>
    internal int? TravelsWith { get; set; }

    /// <summary>Tells people once.</summary>
    internal void Warn(string warning)
    {
        if (Warnings.Count < 20 && !Warnings.Contains(warning)) Warnings.Add(warning);
    }

    /// <summary>Sets a field, made safe; an empty text leaves it out.</summary>
    internal void Set(Dictionary<string, string> fields, string name, Value? value, string origin)
    {
        if (value is not { } known) return;
        if (SafeValue.Of(name, known, Warn) is { } text) Put(fields, name, text, origin);
        else if (known.Text.Length == 0) fields.Remove(name);
    }

    /// <summary>Sets a field whose value is safe.</summary>
    internal void Put(Dictionary<string, string> fields, string name, string text, string origin)
    {
        fields[name] = text;
        Rules[name] = origin;
    }
}
