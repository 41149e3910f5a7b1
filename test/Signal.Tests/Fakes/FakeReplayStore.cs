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

    public Task<bool> EndAsync(string id, string status, string? message, DateTimeOffset at, CancellationToken stop)
    {
        lock (_lock)
        {
            if (_replays.GetValueOrDefault(id) is not { Status: "running" } replay) return Task.FromResult(false);
            _replays[id] = replay with { Status = status, Message = message, FinishedAt = at };
            return Task.FromResult(true);
        }
    }

    /// <summary>What a settlement adds.</summary>
    public void Advance(ReplayStep step)
    {
        lock (_lock)
        {
            if (_replays.GetValueOrDefault(step.ReplayId) is { } replay)
                _replays[step.ReplayId] = replay with { Sent = replay.Sent + step.Sent, Failed = replay.Failed + step.Failed };
        }
    }

    public Task<int> TrimAsync(DateTimeOffset before, CancellationToken stop)
    {
        lock (_lock) return Task.FromResult(_replays.Values.Where(r => r.FinishedAt < before).Select(r => r.Id).ToList().Count(_replays.Remove));
    }
}
