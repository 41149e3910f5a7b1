using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Signal.Configure;
using Signal.Events;
using Signal.State;

namespace Signal.Record;

/// <summary>Drops dead letters of who withdrew and writes the receipts.</summary>
internal sealed class Withdrawals(IConfigurationFeed feed, IDeliveryStore store, IAuditLog audit, TimeProvider time) : IWithdrawals
{
    /// <inheritdoc/>
    public async Task WithdrawnAsync(string sourceId, string anonymousId, IReadOnlyList<string> categories, CancellationToken stop)
    {
        foreach (var integration in feed.Current.IntegrationsBySource[sourceId].Where(i => i.ConsentCategories.Any(categories.Contains)))
        {
            var dropped = await store.DropDeadLettersAsync(integration.Id, anonymousId, stop);
            if (dropped > 0) await ReceiptAsync(integration.Id, anonymousId, "dead_letters", dropped, stop);
        }
    }

    /// <inheritdoc/>
    public Task DroppedAsync(string integrationId, string anonymousId, int events, CancellationToken stop) =>
        ReceiptAsync(integrationId, anonymousId, "events", events, stop);

    // The receipt must prove what was dropped without keeping the id of a person who wants to be left alone.
    private Task ReceiptAsync(string integrationId, string anonymousId, string kind, int count, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var subject = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(anonymousId)))}";
        var changes = new Dictionary<string, AuditChange>
        {
            ["subject"] = new(null, JsonSerializer.SerializeToElement(subject)),
            [$"dropped.{kind}"] = new(null, JsonSerializer.SerializeToElement(count)),
        };
        return audit.AppendAsync(new AuditEntry(Ids.New("log", now), now, "system", "consent.withdrawn", "integration", integrationId, changes, null), stop);
    }
}
