using Signal.State;

namespace Signal.Manage.Alerts;

/// <summary>A rule as people see it; thresholds that do not belong to its kind are null.</summary>
/// <param name="Id"><c>rule_…</c></param>
/// <param name="Kind">What it is about.</param>
/// <param name="Scope">The integration or source it is for; null for the general rule.</param>
/// <param name="Enabled">Whether it opens alerts.</param>
/// <param name="Minutes">How long.</param>
/// <param name="Count">How many.</param>
/// <param name="FreePercent">The least free share of the disk.</param>
/// <param name="FreeBytes">The least free bytes of the disk.</param>
/// <param name="Days">Days until the disk is full.</param>
/// <param name="RemindHours">Hours between reminders; 0 for none.</param>
/// <param name="Channels">The channels to tell; null for every one.</param>
/// <param name="Revision">Counts the changes; the <c>ETag</c>.</param>
/// <param name="UpdatedAt">When it last changed; null for a general rule nobody has changed.</param>
internal sealed record AlertRuleView(
    string Id,
    AlertKind Kind,
    string? Scope,
    bool Enabled,
    int? Minutes,
    int? Count,
    int? FreePercent,
    long? FreeBytes,
    int? Days,
    int RemindHours,
    IReadOnlyList<string>? Channels,
    int Revision,
    DateTimeOffset? UpdatedAt)
{
    public static AlertRuleView Of(AlertRule r)
    {
        var disk = r.Kind == AlertKind.Disk;
        return new AlertRuleView(
            r.Id, r.Kind, r.Scope, r.Enabled, disk ? null : r.Minutes, disk || r.Kind == AlertKind.DeliveryFailing ? null : r.Count,
            disk ? r.FreePercent : null, disk ? r.FreeBytes : null, disk ? r.Days : null, r.RemindHours, r.Channels, r.Revision, r.UpdatedAt);
    }

    /// <summary>The same as an input, to be changed and checked like one.</summary>
    public AlertRuleInput ToInput() => new()
    {
        Kind = Kind,
        Scope = Scope,
        Enabled = Enabled,
        Minutes = Minutes,
        Count = Count,
        FreePercent = FreePercent,
        FreeBytes = FreeBytes,
        Days = Days,
        RemindHours = RemindHours,
        Channels = Channels,
    };
}
