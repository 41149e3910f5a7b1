using Signal.Destinations;
using Signal.State;

namespace Signal.Manage.Alerts;

/// <summary>What a rule must be, beyond what its input's type says. Pure.</summary>
internal static class AlertRuleRules
{
    /// <summary>Every error of the thresholds and of the channels, of which only the <paramref name="channels"/> given are known.</summary>
    public static IEnumerable<FieldError> Check(AlertRuleInput input, IReadOnlySet<string> channels)
    {
        foreach (var field in Foreign(input)) yield return new(field, "unknown", $"{field} does not belong to this kind of rule. Remove it.");
        foreach (var (i, channel) in (input.Channels ?? []).Index())
            if (!channels.Contains(channel)) yield return new($"channels[{i}]", "exists", $"channels[{i}]: there is no channel {channel}.");
    }

    /// <summary>Every error of a rule that is changed: what it is for stays.</summary>
    public static IReadOnlyList<FieldError> Check(AlertRuleInput input, AlertRule current, IReadOnlySet<string> channels)
    {
        var errors = Check(input, channels).ToList();
        if (input.Kind != current.Kind) errors.Add(Fixed("kind"));
        if (input.Scope != current.Scope) errors.Add(Fixed("scope"));
        return errors;
    }

    /// <summary>Every error of what a rule that is not built in is for.</summary>
    public static IEnumerable<FieldError> CheckScope(AlertRuleInput input, Func<string, bool> isSource, Func<string, bool> isIntegration)
    {
        if (string.IsNullOrEmpty(input.Scope))
            yield return new("scope", "required", "scope is required: the general rule of each kind is built in, change that one.");
        else if (input.Kind == AlertKind.Disk)
            yield return new("scope", "unknown", "scope does not belong to a rule about the disk: there is one disk, change its general rule.");
        else if (input.Kind == AlertKind.Silence ? !isSource(input.Scope) : !isIntegration(input.Scope))
            yield return new("scope", "exists", $"scope: there is no {(input.Kind == AlertKind.Silence ? "source" : "integration")} {input.Scope}.");
    }

    private static FieldError Fixed(string field) => new(field, "fixed", $"{field} can't be changed. Make a new rule.");

    private static IEnumerable<string> Foreign(AlertRuleInput input)
    {
        var disk = input.Kind == AlertKind.Disk;
        if (disk && input.Minutes is not null) yield return "minutes";
        if ((disk || input.Kind == AlertKind.DeliveryFailing) && input.Count is not null) yield return "count";
        if (!disk && input.FreePercent is not null) yield return "free_percent";
        if (!disk && input.FreeBytes is not null) yield return "free_bytes";
        if (!disk && input.Days is not null) yield return "days";
    }
}
