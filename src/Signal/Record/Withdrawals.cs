using Signal.Configure;
using Signal.State;

namespace Signal.Record;

/// <summary>Drops the dead letters of who withdrew.</summary>
internal sealed class Withdrawals(IConfigurationFeed feed, IDeliveryStore store, TimeProvider time) : IWithdrawals
{
    /// <inheritdoc/>
    public async Task WithdrawnAsync(string sourceId, string anonymousId, IReadOnlyList<string> categories, CancellationToken stop)
    {
        foreach (var integration in feed.Current.IntegrationsBySource[sourceId].Where(i => i.ConsentCategories.Any(categories.Contains)))
        {
            await store.DropDeadLettersAsync(
                integration.Id, anonymousId, count => WithdrawalReceipt.Of(integration.Id, anonymousId, "dead_letters", count, time.GetUtcNow()), stop);
        }
    }
}
