using System.Text.Json.Serialization;

namespace Signal.State;

/// <summary>What an alert is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertKind>))]
public enum AlertKind
{
    /// <summary>An integration is stopped, or its destination has not accepted events for a while.</summary>
    [JsonStringEnumMemberName("delivery_failing")] DeliveryFailing,

    /// <summary>Events of an integration become dead letters.</summary>
    [JsonStringEnumMemberName("dead_letters")] DeadLetters,

    /// <summary>A source that has events as a rule has none.</summary>
    [JsonStringEnumMemberName("silence")] Silence,

    /// <summary>The disk of the data directory is nearly full, or will be soon.</summary>
    [JsonStringEnumMemberName("disk")] Disk,
}

/// <summary>When an alert of a kind opens. The general rule of a kind has no scope; a rule with one takes its place there.</summary>
public sealed record AlertRule
{
    /// <summary><c>rule_…</c>; the general rules are <c>rule_</c> and the kind.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>The integration or source it is for; null for the general rule.</summary>
    public string? Scope { get; init; }

    /// <summary>A disabled rule opens nothing, and ends what it opened.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Delivery failing and silence: for so long. Dead letters: counted over so long.</summary>
    public int Minutes { get; init; }

    /// <summary>Dead letters: more than so many. Silence: only where so many are usual at this time of day.</summary>
    public int Count { get; init; }

    /// <summary>Disk: less than this share of it is free.</summary>
    public int FreePercent { get; init; }

    /// <summary>Disk: less than so many bytes are free; 0 to look at the share only.</summary>
    public long FreeBytes { get; init; }

    /// <summary>Disk: full in less than so many days, at the present growth; 0 to forecast nothing.</summary>
    public int Days { get; init; }

    /// <summary>Tells again after so many hours while the alert is open; 0 for never.</summary>
    public int RemindHours { get; init; } = 24;

    /// <summary>The channels to tell; null for every one, none for the console only.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Counts the changes, from 1.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>When it last changed; null for a general rule nobody has changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
