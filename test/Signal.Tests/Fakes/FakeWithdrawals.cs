using Signal.Record;

namespace Signal.Tests.Fakes;

/// <summary>Withdrawals as they were told.</summary>
internal sealed class FakeWithdrawals : IWithdrawals
{
    /// <summary>Visitor and refused category.</summary>
    public List<(string Visitor, string Category)> Withdrawn { get; } = [];

    /// <summary>Visitor and how many events were dropped.</summary>
    public List<(string Visitor, int Events)> Dropped { get; } = [];

    public Task WithdrawnAsync(string sourceId, string anonymousId, IReadOnlyList<string> categories, CancellationToken stop)
    {
        lock (Withdrawn) Withdrawn.AddRange(categories.Select(c => (anonymousId, c)));
        return Task.CompletedTask;
    }

    public Task DroppedAsync(string integrationId, string anonymousId, int events, CancellationToken stop)
    {
        lock (Dropped) Dropped.Add((anonymousId, events));
        return Task.CompletedTask;
    }
}
