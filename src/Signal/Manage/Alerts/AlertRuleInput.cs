using System.ComponentModel.DataAnnotations;
using Signal.State;

namespace Signal.Manage.Alerts;

/// <summary>A rule as people state it. What is left out of the thresholds is as in the general rule that is built in.</summary>
internal record AlertRuleInput
{
    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>The integration (delivery_failing, dead_letters) or source (silence) it is for, in place of the general rule.</summary>
    public string? Scope { get; init; }

    /// <summary>A disabled rule opens nothing and ends what it opened.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>delivery_failing: failing for so long. dead_letters: counted over so long. silence: no event for so long.</summary>
    [Range(1, 10_080, ErrorMessage = "{0} must be between {1} and {2} minutes (7 days).")]
    public int? Minutes { get; init; }

    /// <summary>dead_letters: more than so many. silence: only where so many are usual at this time of day.</summary>
    [Range(0, 1_000_000_000, ErrorMessage = "{0} must be between {1} and {2}.")]
    public int? Count { get; init; }

    /// <summary>disk: less than this share of it is free.</summary>
    [Range(0, 90, ErrorMessage = "{0} must be between {1} and {2} percent.")]
    public int? FreePercent { get; init; }

    /// <summary>disk: less than so many bytes are free; 0 to look at the share only.</summary>
    [Range(0, 1_000_000_000_000_000, ErrorMessage = "{0} must be between {1} and {2} bytes.")]
    public long? FreeBytes { get; init; }

    /// <summary>disk: full in less than so many days at the present growth; 0 to forecast nothing.</summary>
    [Range(0, 365, ErrorMessage = "{0} must be between {1} and {2} days.")]
    public int? Days { get; init; }

    /// <summary>Tells again after so many hours while the alert is open; 0 for never.</summary>
    [Range(0, 720, ErrorMessage = "{0} must be between {1} and {2} hours.")]
    public int RemindHours { get; init; } = 24;

    /// <summary>The ids of the channels to tell; null for every one, empty for the console only.</summary>
    public IReadOnlyList<string>? Channels { get; init; }
}

/// <summary>The fields of a rule to change; what is left out stays.</summary>
internal sealed record AlertRulePatch
{
    /// <summary>Whether it opens alerts.</summary>
    public bool? Enabled { get; init; }

    /// <summary>How long.</summary>
    public int? Minutes { get; init; }

    /// <summary>How many.</summary>
    public int? Count { get; init; }

    /// <summary>The least free share of the disk.</summary>
    public int? FreePercent { get; init; }

    /// <summary>The least free bytes of the disk.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Days until the disk is full.</summary>
    public int? Days { get; init; }

    /// <summary>Hours between reminders.</summary>
    public int? RemindHours { get; init; }

    /// <summary>The ids of the channels to tell; null for every one.</summary>
    public IReadOnlyList<string>? Channels { get; init; }
}
