using System.Text.Json;
using Signal.Destinations;

namespace Signal.Manage.Privacy;

/// <summary>Whom a privacy request is about.</summary>
internal sealed record VisitorKey
{
    /// <summary>The visitor's anonymous id. Either this or user_id.</summary>
    public string? AnonymousId { get; init; }

    /// <summary>The user id: every visitor seen with it is meant. Either this or anonymous_id.</summary>
    public string? UserId { get; init; }

    /// <summary>Only at this source; all sources when left out.</summary>
    public string? SourceId { get; init; }
}

/// <summary>A visitor at a source.</summary>
internal sealed record FoundVisitor(string SourceId, string AnonymousId);

/// <summary>What is held of a visitor at a source: kind to number of rows.</summary>
internal sealed record HeldOfVisitor(string SourceId, string AnonymousId, IReadOnlyDictionary<string, int> Held);

/// <summary>What is held of whom a request is about, here and at the destinations.</summary>
internal sealed record HeldView(IReadOnlyList<HeldOfVisitor> Visitors, IReadOnlyList<HandedOn> HandedOn);

/// <summary>What a destination's own privacy tools made of a request.</summary>
/// <param name="IntegrationId">Which integration.</param>
/// <param name="Status"><c>found, erased, nothing_found, not_allowed, unreachable, failed</c></param>
/// <param name="Visits">Visits found, exported or erased there.</param>
/// <param name="Remedy">What is left for people to do, with the ids as the destination knows them; null when nothing is.</param>
/// <param name="Data">What was exported; null otherwise.</param>
internal sealed record HandedOn(string IntegrationId, HandOnStatus Status, int Visits, string? Remedy, IReadOnlyList<JsonElement>? Data);

/// <summary>All data held of a visitor at a source: kind to rows.</summary>
internal sealed record ExportedVisitor(string SourceId, string AnonymousId, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Data);

/// <summary>All data held of whom a request is about.</summary>
internal sealed record ExportView(DateTimeOffset At, IReadOnlyList<ExportedVisitor> Visitors, IReadOnlyList<HandedOn> HandedOn);

/// <summary>Proof of an erasure: kind to number of rows erased, and what the destinations did. It stands in the audit log under the same id.</summary>
internal sealed record ErasureReceipt(string Id, IReadOnlyDictionary<string, int> Erased, DateTimeOffset At, IReadOnlyList<HandedOn> HandedOn);
