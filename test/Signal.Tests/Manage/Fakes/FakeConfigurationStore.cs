using Signal.Configure;
using Signal.State;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeConfigurationStore(FakeAuditLog audit, FakeAlertStore? alerts = null) : IConfigurationStore
{
    private readonly Dictionary<string, Source> _sources = [];
    private readonly Dictionary<string, List<IntegrationRevision>> _integrations = [];
    private readonly Lock _lock = new();
    private long _version = 1;

    /// <summary>When set, loading fails with it.</summary>
    public Exception? Broken { get; set; }

    public Task<ConfigurationSnapshot> LoadAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            if (Broken is not null) return Task.FromException<ConfigurationSnapshot>(Broken);
            return Task.FromResult(new ConfigurationSnapshot(_version, [.. _sources.Values], [.. _integrations.Values.Select(r => r[0].Integration)]));
        }
    }

    public Task<bool> SaveAsync(Source source, AuditEntry entry, CancellationToken stop)
    {
        lock (_lock)
        {
            if ((_sources.GetValueOrDefault(source.Id)?.Revision ?? 0) != source.Revision - 1) return Task.FromResult(false);
            _sources[source.Id] = source;
            Written(entry);
            return Task.FromResult(true);
        }
    }

    public Task<bool> DeleteSourceAsync(string id, IReadOnlyList<AuditEntry> entries, CancellationToken stop)
    {
        lock (_lock)
        {
            if (!_sources.Remove(id)) return Task.FromResult(false);
            foreach (var gone in _integrations.Where(i => i.Value[0].Integration.SourceId == id).Select(i => i.Key).ToList()) Gone(gone);
            alerts?.Forget(id);
            foreach (var entry in entries) Written(entry);
            return Task.FromResult(true);
        }
    }

    public Task<bool> SaveAsync(Integration integration, string? note, AuditEntry entry, CancellationToken stop)
    {
        lock (_lock)
        {
            var revisions = _integrations.GetValueOrDefault(integration.Id) ?? [];
            if ((revisions.Count == 0 ? 0 : revisions[0].Integration.Revision) != integration.Revision - 1) return Task.FromResult(false);
            revisions.Insert(0, new IntegrationRevision(integration, entry.At, entry.Actor, note));
            _integrations[integration.Id] = revisions;
            Written(entry);
            return Task.FromResult(true);
        }
    }

    public Task<bool> DeleteIntegrationAsync(string id, IReadOnlyList<AuditEntry> entries, CancellationToken stop)
    {
        lock (_lock)
        {
            if (!Gone(id)) return Task.FromResult(false);
            foreach (var entry in entries) Written(entry);
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<IntegrationRevision>> RevisionsAsync(string integrationId, int? before, int limit, CancellationToken stop)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<IntegrationRevision>>(
                [.. (_integrations.GetValueOrDefault(integrationId) ?? []).Where(r => before is null || r.Integration.Revision < before).Take(limit)]);
        }
    }

    private bool Gone(string integration)
    {
        alerts?.Forget(integration);
        return _integrations.Remove(integration);
    }

    private void Written(AuditEntry entry)
    {
        _version++;
        audit.Entries.Insert(0, entry);
    }
}
