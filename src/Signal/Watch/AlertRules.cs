using Signal.State;

namespace Signal.Watch;

/// <summary>The general rule of each kind as it is built in, and which rule is in force where.</summary>
internal static class AlertRules
{
    /// <summary>The general rules, unchanged.</summary>
    public static IReadOnlyList<AlertRule> BuiltIn { get; } =
    [
        new() { Id = "rule_delivery_failing", Kind = AlertKind.DeliveryFailing, Minutes = 10 },
        new() { Id = "rule_dead_letters", Kind = AlertKind.DeadLetters, Minutes = 60, Count = 10 },
        new() { Id = "rule_silence", Kind = AlertKind.Silence, Minutes = 60, Count = 20 },
        new() { Id = "rule_disk", Kind = AlertKind.Disk, FreePercent = 10, FreeBytes = 1_000_000_000, Days = 3 },
    ];

    /// <summary>Every rule: the saved ones, and the built-in ones nobody has changed; general ones first.</summary>
    public static IReadOnlyList<AlertRule> All(IReadOnlyList<AlertRule> saved) =>
        [.. BuiltIn.Where(b => saved.All(s => s.Id != b.Id)).Concat(saved).OrderBy(r => r.Kind).ThenBy(r => r.Scope ?? "", StringComparer.Ordinal)];

    /// <summary>Whether it is a general rule with what is built in, or has become so again.</summary>
    public static bool IsBuiltIn(AlertRule rule) =>
        BuiltIn.FirstOrDefault(b => b.Id == rule.Id) is { } b && rule.Channels is null && rule with { Revision = b.Revision, UpdatedAt = b.UpdatedAt } == b;

    /// <summary>The rule for a subject: its own, else the general one.</summary>
    public static AlertRule For(this IReadOnlyList<AlertRule> all, AlertKind kind, string subject) =>
        all.FirstOrDefault(r => r.Kind == kind && r.Scope == subject) ?? all.First(r => r.Kind == kind && r.Scope is null);
}
