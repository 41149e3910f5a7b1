using System.Text.Json;

namespace Signal.State;

/// <summary>Who did what, when and from where; append-only.</summary>
public interface IAuditLog
{
    /// <summary>Appends an entry of its own (writes of configuration carry theirs along).</summary>
    Task AppendAsync(AuditEntry entry, CancellationToken stop);

    /// <summary>Entries, newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, CancellationToken stop);

    /// <summary>Removes entries older than <paramref name="before"/>.</summary>
    Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop);
}

/// <summary>One entry.</summary>
/// <param name="Id"><c>log_…</c>, sortable by time.</param>
/// <param name="At">When.</param>
/// <param name="Actor">An e-mail address, a token's name, or <c>system</c>.</param>
/// <param name="Action"><c>integration.updated</c></param>
/// <param name="ResourceType"><c>integration</c></param>
/// <param name="ResourceId">Which one.</param>
/// <param name="Changes">Field to before and after, secrets masked.</param>
/// <param name="Ip">From where, or null.</param>
public sealed record AuditEntry(
    string Id,
    DateTimeOffset At,
    string Actor,
    string Action,
    string ResourceType,
    string ResourceId,
    IReadOnlyDictionary<string, AuditChange> Changes,
    string? Ip);

/// <summary>A field before and after; null when it was not there.</summary>
public sealed record AuditChange(JsonElement? Old, JsonElement? New);

/// <summary>Which entries: every given part must match; <paramref name="Before"/> is the id of the last entry already seen.</summary>
public sealed record AuditFilter(
    string? Action = null,
    string? Actor = null,
    string? ResourceId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Before = null,
    int Limit = 50);
