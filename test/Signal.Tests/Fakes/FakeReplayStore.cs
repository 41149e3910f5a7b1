using Signal.State;

namespace Signal.Tests.Fakes;

/// <summary>Replays in memory.</summary>
internal sealed class FakeReplayStore : IReplayStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Replay> _replays = new(StringComparer.Ordinal);

    public Task AddAsync(Replay replay, CancellationToken stop)
    {
        lock (_lock) _replays.Add(replay.Id, replay);
        return Task.CompletedTask;
    }

    public Task<Replay?> FindAsync(string id, CancellationToken stop)
    {
        lock (_lock) return Task.FromResult(_replays.GetValueOrDefault(id));
    }

    public Task<IReadOnlyList<Replay>> ListAsync(string? integrationId, bool unfinishedOnly, CancellationToken stop)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Replay>>([.. _replays.Values.Reverse()
                .Where(r => (integrationId is null || r.IntegrationId == integrationId) && (!unfinishedOnly || r.Status == "running"))]);
        }
    }

    public Task<bool> UpdateAsync(Replay replay, CancellationToken stop)
    {
        lock (_lock)
        {
            if (_replays.GetValueOrDefault(replay.Id)?.Status != "running") return Task.FromResult(false);
            _replays[replay.Id] = replay;
            return Task.FromResult(true);
        }
    }

    public Task<int> TrimAsync(DateTimeOffset before, CancellationToken stop)
    {
        lock (_lock) return Task.FromResult(_replays.Values.Where(r => r.FinishedAt < before).Select(r => r.Id).ToList().Count(_replays.Remove));
    }
}
