using Signal.State;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeAuditLog : IAuditLog
{
    /// <summary>Newest first.</summary>
    public List<AuditEntry> Entries { get; } = [];

    public Task AppendAsync(AuditEntry entry, CancellationToken stop)
    {
        Append(entry);
        return Task.CompletedTask;
    }

    public void Append(AuditEntry entry)
    {
        lock (Entries) Entries.Insert(0, entry);
    }

    public Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, CancellationToken stop)
    {
        lock (Entries)
        {
            return Task.FromResult<IReadOnlyList<AuditEntry>>([.. Entries
                .Where(e => filter.Action is null || e.Action == filter.Action)
                .Where(e => filter.Actor is null || e.Actor == filter.Actor)
                .Where(e => filter.ResourceId is null || e.ResourceId == filter.ResourceId)
                .Where(e => (filter.From is null || e.At >= filter.From) && (filter.To is null || e.At < filter.To))
                .SkipWhile(e => filter.Before is not null && e.Id != filter.Before).Skip(filter.Before is null ? 0 : 1)
                .Take(filter.Limit)]);
        }
    }

    public Task<long> TrimAsync(DateTimeOffset before, CancellationToken stop) => Task.FromResult((long)Entries.RemoveAll(e => e.At < before));
}
