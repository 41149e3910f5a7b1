using Signal.Record;

namespace Signal.Tests.Fakes;

/// <summary>Withdrawals as they were told.</summary>
internal sealed class FakeWithdrawals : IWithdrawals
{
    /// <summary>Visitor and refused category.</summary>
    public List<(string Visitor, string Category)> Withdrawn { get; } = [];

    public Task WithdrawnAsync(string sourceId, string anonymousId, IReadOnlyList<string> categories, CancellationToken stop)
    {
        lock (Withdrawn) Withdrawn.AddRange(categories.Select(c => (anonymousId, c)));
        return Task.CompletedTask;
    }
}
