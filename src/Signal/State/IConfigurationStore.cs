using Signal.Configure;

namespace Signal.State;

/// <summary>Where sources and integrations live. Secrets are encrypted before they reach the disk. Each write also appends its audit entry, in one transaction.</summary>
public interface IConfigurationStore
{
    /// <summary>Everything, and a version that grows with every write.</summary>
    Task<ConfigurationSnapshot> LoadAsync(CancellationToken stop);

    /// <summary>Inserts, or replaces when <see cref="Source.Revision"/> is the stored one plus one. False: somebody else was faster.</summary>
    Task<bool> SaveAsync(Source source, AuditEntry audit, CancellationToken stop);

    /// <summary>Removes a source with its integrations, their delivery state and the alert rules for them; <paramref name="audit"/> tells all of it. False when there is none.</summary>
    Task<bool> DeleteSourceAsync(string id, IReadOnlyList<AuditEntry> audit, CancellationToken stop);

    /// <summary>Inserts, or replaces when <see cref="Integration.Revision"/> is the stored one plus one, and keeps the revision for ever. False: somebody else was faster.</summary>
    Task<bool> SaveAsync(Integration integration, string? note, AuditEntry audit, CancellationToken stop);

    /// <summary>Removes an integration, its delivery state and the alert rules for it; <paramref name="audit"/> tells all of it. False when there is none.</summary>
    Task<bool> DeleteIntegrationAsync(string id, IReadOnlyList<AuditEntry> audit, CancellationToken stop);

    /// <summary>The revisions of an integration, newest first, secrets included as the store keeps them (never as plain text to people).</summary>
    Task<IReadOnlyList<IntegrationRevision>> RevisionsAsync(string integrationId, int? before, int limit, CancellationToken stop);
}

/// <summary>An integration as it was.</summary>
/// <param name="Integration">The whole value, secrets decrypted.</param>
/// <param name="CreatedAt">When it came into force.</param>
/// <param name="CreatedBy">Who made it: a user's e-mail address or a token's name.</param>
/// <param name="Note">What they said about it.</param>
public sealed record IntegrationRevision(Integration Integration, DateTimeOffset CreatedAt, string CreatedBy, string? Note);
